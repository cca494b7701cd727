// weir plugin list, weir version; the other commands of weir plugin have files of their own
#include <filesystem>

#include <weir/weir.h>

#include "cli/command_conformance.hpp"
#include "cli/command_inspect.hpp"
#include "cli/package_actions.hpp"
#include "cli/version.hpp"
#include "plugins/discovery.hpp"
#include "plugins/first_loads.hpp"
#include "plugins/registry.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

std::string components_text(const plugins::PluginInfo& info) {
  std::string text;
  for (const auto& component : info.components)
    text += (text.empty() ? "" : ", ") + component.name + " (" + component.kind_text + ")";
  return text;
}

int list_plugins_command(Output& output) {
  const auto folders = plugins::search_paths(std::filesystem::current_path());
  const plugins::Registry registry(plugins::discover(folders), {});
  std::string text;
  ordered_json list = ordered_json::array();
  for (const auto& found : registry.found()) {
    ordered_json item{{"path", found.path.string()}, {"origin", found.origin}};
    if (found.info) {
      text += found.info->name + "  " + found.info->version_text + "  " + components_text(*found.info);
      item["name"] = found.info->name;
      item["version"] = found.info->version_text;
      for (const auto& component : found.info->components) {
        item["components"].push_back(
            {{"name", component.name}, {"kind", component.kind_text}, {"summary", component.summary}});
      }
    } else {
      text += found.path.filename().string() + "  can't be used: " + found.error->message;
      item["error"] = found.error->message;
    }
    if (!found.shadowed_by.empty()) {
      text += "  shadowed by " + found.shadowed_by.string();
      item["shadowed_by"] = found.shadowed_by.string();
    }
    if (!found.refused.empty()) {
      text += "  not taken: " + found.refused;
      item["refused"] = found.refused;
    }
    if (const auto end = plugins::recall_load(found.path)) {
      text += "  at its first load it " + end->misfortune;
      item["first_load"] = {{"code", plugins::load_misfortune(found.path, *end).code}, {"found", end->misfortune}};
    }
    text += "\n    " + found.path.string() + "\n";
    list.push_back(std::move(item));
  }
  if (list.empty()) {
    text = "no plugins found in\n";
    for (const auto& folder : folders) text += "    " + folder.folder.string() + "\n";
  }
  return output.succeed(text, {{"plugins", std::move(list)}});
}

}  // namespace

void add_plugin(CLI::App& program, Action& action) {
  CLI::App& command = *program.add_subcommand("plugin", "shows what plugins there are");
  command.require_subcommand(1);
  command.add_subcommand("list", "lists installed plugins, and what shadows what")->callback([&action] {
    action = list_plugins_command;
  });
  add_plugin_inspect(command, action);
  add_plugin_new(command, action);
  add_plugin_test(command, action);
  add_plugin_install(command, action);
  add_plugin_package(command, action);
  add_plugin_index(command, action);
  add_plugin_upkeep(command, action);
  add_plugin_trust(command, action);
}

void add_version(CLI::App& program, Action& action) {
  program.add_subcommand("version", "prints the version")->callback([&action] {
    action = [](Output& output) {
      return output.succeed(std::string("weir ") + kVersion + "  abi " + plugins::abi_text(WEIR_ABI) + "\n",
                            {{"version", kVersion}, {"abi", plugins::abi_text(WEIR_ABI)}});
    };
  });
}

}  // namespace weir::cli
