// weir plugin new
#include "cli/commands.hpp"
#include "cli/plugin_begin.hpp"

namespace weir::cli {
namespace {

// A command a line, behind a margin.
std::string with_margin(const std::string& lines) {
  std::string text = "  ";
  for (const char letter : lines) text += letter == '\n' ? std::string("\n  ") : std::string(1, letter);
  return text + "\n";
}

int new_command(const NewPlugin& plugin, Output& output) {
  const auto begun = begin_plugin(plugin, templates_folder());
  if (!begun) return output.fail(begun.error());
  return output.succeed(plugin.name + "/: " + std::to_string(begun->files.size()) + " files written\n\n  cd " +
                            plugin.name + "\n" + with_margin(begun->steps) + "\nREADME.md tells what is what\n",
                        {{"folder", begun->folder.string()}, {"files", begun->files}, {"steps", begun->steps}});
}

}  // namespace

void add_plugin_new(CLI::App& plugin, Action& action) {
  auto wanted = std::make_shared<NewPlugin>();
  wanted->licence = "Apache-2.0";
  CLI::App& command = *plugin.add_subcommand(
      "new", "begins a plugin: a folder that builds at once, with a test and a manifest that uses it");
  command.add_option("NAME", wanted->name, "of the plugin, its component and the folder: a-z, 0-9 and _")->required();
  command.add_option("--kind", wanted->kind, "what it is")
      ->required()
      ->check(CLI::IsMember({"extractor", "transformer", "loader", "format", "storage", "codec", "connection"}));
  command.add_option("--lang", wanted->language, "in which language; all kinds in cpp, the first four in the others")
      ->required()
      ->check(CLI::IsMember({"c", "cpp", "rust", "go"}));
  command
      .add_option(
          "--license", wanted->licence,
          "under which licence (else Apache-2.0): also BSD-3-Clause, MIT, or none, which says all rights reserved")
      ->type_name("SPDX");
  command.callback([wanted, &action] { action = [wanted](Output& output) { return new_command(*wanted, output); }; });
}

}  // namespace weir::cli
