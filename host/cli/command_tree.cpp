#include "cli/command_tree.hpp"

#include "cli/error_codes.hpp"

namespace weir::cli {
namespace {

// one_of() leaves its words in its description, as "{text,json}".
std::vector<std::string> words_of_type(const std::string& type) {
  std::vector<std::string> words;
  const std::size_t begin = type.find('{');
  const std::size_t end = type.rfind('}');
  if (begin == std::string::npos || end == std::string::npos || end < begin) return words;
  for (std::size_t at = begin + 1; at < end;) {
    const std::size_t comma = std::min(type.find(',', at), end);
    words.push_back(type.substr(at, comma - at));
    at = comma + 1;
  }
  return words;
}

OptionInfo option_info(const CLI::Option& option) {
  OptionInfo info;
  for (const auto& name : option.get_snames()) info.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) info.names.push_back("--" + name);
  const bool word = option.get_positional();
  if (word) info.names = {option.get_name()};
  info.description = option.get_description();
  info.required = option.get_required();
  info.several = option.get_expected_max() > 1;
  info.takes.any = option.get_items_expected_max() > 0;
  if (!info.takes.any) return info;
  const std::string type = option.get_type_name();
  info.takes.words = words_of_type(type);
  info.placeholder = type.substr(0, type.find(':'));
  const std::string kind = word ? info.names.front() : info.placeholder;
  info.takes.file = kind == "FILE" || kind == "MANIFEST" || kind == "PLUGIN";
  if (kind == "CODE") {
    for (const auto& code : error_codes(kErrorsPage)) info.takes.words.push_back(code.code);
  }
  return info;
}

CommandInfo command_info(const CLI::App& app, const std::string& above) {
  CommandInfo info;
  info.name = app.get_name();
  info.path = above.empty() ? info.name : above + " " + info.name;
  info.description = app.get_description();
  for (const auto* option : app.get_options()) {
    if (!above.empty() && option == app.get_help_ptr()) continue;  // every command has it
    (option->get_positional() ? info.words : info.options).push_back(option_info(*option));
  }
  for (const auto* command : app.get_subcommands([](const CLI::App* inner) { return !inner->get_group().empty(); }))
    info.commands.push_back(command_info(*command, info.path));
  return info;
}

void collect(const CommandInfo& command, std::vector<const CommandInfo*>& all) {
  all.push_back(&command);
  for (const auto& inner : command.commands) collect(inner, all);
}

}  // namespace

CommandInfo command_tree(const CLI::App& program) { return command_info(program, ""); }

std::vector<const CommandInfo*> all_commands(const CommandInfo& tree) {
  std::vector<const CommandInfo*> all;
  collect(tree, all);
  return all;
}

}  // namespace weir::cli
