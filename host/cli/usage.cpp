#include "cli/usage.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/units.hpp"
#include "cli/text.hpp"

namespace weir::cli {
namespace {

using base::manifest_error;

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands([](const CLI::App* inner) { return !inner->get_group().empty(); }))
    names.push_back(command->get_name());
  return names;
}

// "weir plugin", as the user began.
std::string spelt(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : spelt(*app.get_parent()) + " " + app.get_name();
}

// The innermost command that was recognised.
const CLI::App& innermost(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : innermost(*parsed.back());
}

std::string help_of(const CLI::App& app) { return spelt(app) + " --help tells what there is"; }

std::string hint_near(const std::string& word, const std::vector<std::string>& names, const CLI::App& app) {
  const std::string near = base::nearest(word, names);
  return near.empty() ? help_of(app) : "did you mean '" + near + "'?";
}

// The first word that is no option of the whole program: a command should stand there.
std::string first_word(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--output" || words[i] == "--log")
      ++i;
    else if (!words[i].starts_with('-'))
      return words[i];
  }
  return {};
}

// What somebody means who gives a file where a command belongs; empty: it is none.
std::string command_for(const std::string& file) {
  std::error_code problem;
  const std::string ending = std::filesystem::path(file).extension().string();
  if (ending == ".yaml" || ending == ".yml") return "weir run " + shell_word(file);
  if (!std::filesystem::is_regular_file(file, problem)) return {};
  return (ending == ".json" ? "weir run " : "weir init ") + shell_word(file);
}

base::Error unknown_command(const CLI::App& app, const std::string& word) {
  base::Error error = manifest_error("usage.command", "expected a command, found '" + word + "'");
  const std::string meant = app.get_parent() == nullptr ? command_for(word) : "";
  if (!meant.empty()) return std::move(error).with_hint("did you mean '" + meant + "'?");
  return std::move(error).with_hint(hint_near(word, command_names(app), app));
}

base::Error missing_command(const CLI::App& app) {
  std::string names;
  for (const auto& name : command_names(app)) names += (names.empty() ? "" : ", ") + name;
  return manifest_error("usage.command", "expected a command after '" + spelt(app) + "', found none")
      .with_hint("it has " + names);
}

base::Error unexpected_word(const CLI::App& app, const std::string& word) {
  if (!word.starts_with('-')) {
    return manifest_error("usage.option", spelt(app) + ": expected nothing more, found '" + word + "'")
        .with_hint(help_of(app));
  }
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
    for (const auto* option : at->get_options()) {
      for (const auto& known : option->get_lnames()) names.push_back("--" + known);
    }
  }
  return manifest_error("usage.option", spelt(app) + ": unknown option '" + name + "'")
      .with_hint(hint_near(name, names, app));
}

base::Error missing_option(const CLI::App& app) {
  for (const auto* option : app.get_options()) {
    if (!option->get_required() || !option->empty()) continue;
    const std::string name = option->get_single_name();
    if (name == "MANIFEST") {
      return manifest_error("usage.manifest", "expected a manifest, found none")
          .with_hint("give its file: " + spelt(app) + " pipeline.yaml");
    }
    return manifest_error("usage.missing", spelt(app) + ": expected " + name + ", found none").with_hint(help_of(app));
  }
  return missing_command(app);
}

}  // namespace

base::Error usage_error(const CLI::App& program, const CLI::ParseError& problem,
                        const std::vector<std::string>& words) {
  const CLI::App& app = innermost(program);
  if (dynamic_cast<const CLI::ExtrasError*>(&problem) != nullptr) {
    const std::string word = first_word(words);
    if (&app == &program && !word.empty()) return unknown_command(program, word);
    const auto names = command_names(app);
    auto left = program.remaining(true);
    if (left.empty()) left.emplace_back();
    if (!names.empty() && !left.front().starts_with('-')) return unknown_command(app, left.front());
    return unexpected_word(app, left.front());
  }
  if (dynamic_cast<const CLI::RequiredError*>(&problem) != nullptr) {
    const auto left = program.remaining(true);
    const bool named = !left.empty() && !left.front().starts_with('-') && !command_names(app).empty();
    return named ? unknown_command(app, left.front()) : missing_option(app);
  }
  std::string message = problem.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&problem) != nullptr) {
    message = message.substr(0, message.find(':')) + ": expected a value, found none";
  }
  std::replace(message.begin(), message.end(), '\n', ' ');
  return manifest_error("usage.value", message).with_hint(help_of(app));
}

CLI::Validator one_of(std::vector<std::string> values) {
  std::string listed, words;
  for (std::size_t i = 0; i < values.size(); ++i) {
    words += (i == 0 ? "" : ",") + values[i];
    listed += (i == 0 ? "" : i + 1 == values.size() ? " or " : ", ") + values[i];
  }
  const auto check = [values, listed](std::string& text) {
    const bool known = std::find(values.begin(), values.end(), text) != values.end();
    return known ? std::string() : "expected " + listed + ", found '" + text + "'";
  };
  return {check, "{" + words + "}", "one_of"};
}

CLI::Validator whole_number(std::uint64_t least) {
  const auto check = [least](std::string& text) {
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem == std::errc{} && end == text.data() + text.size() && number >= least) return std::string();
    return "expected a whole number of at least " + std::to_string(least) + ", found '" + text + "'";
  };
  return {check, "", "whole_number"};
}

}  // namespace weir::cli
