// weir plugin list, weir plugin inspect, weir version; weir plugin new has a file of its own
#include <filesystem>

#include "cli/command_conformance.hpp"
#include "cli/commands.hpp"
#include "cli/version.hpp"
#include "plugins/discovery.hpp"
#include "plugins/library.hpp"
#include "plugins/registry.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

std::string version_text(std::uint32_t abi) { return std::to_string(abi >> 16U) + "." + std::to_string(abi & 0xFFFFU); }

std::string components_text(const plugins::PluginInfo& info) {
  std::string text;
  for (const auto& component : info.components)
    text += (text.empty() ? "" : ", ") + component.name + " (" + component.kind_text + ")";
  return text;
}

int list_command(Output& output) {
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
    text += "\n    " + found.path.string() + "\n";
    list.push_back(std::move(item));
  }
  if (list.empty()) {
    text = "no plugins found in\n";
    for (const auto& folder : folders) text += "    " + folder.folder.string() + "\n";
  }
  return output.succeed(text, {{"plugins", std::move(list)}});
}

std::string options_text(const ordered_json& schema) {
  std::string text;
  const auto properties = schema.find("properties");
  if (properties == schema.end()) return text;
  for (const auto& [name, property] : properties->items()) {
    text += "      " + name + ": " + property.value("description", std::string()) + "\n";
  }
  return text;
}

// Takes a file, or the name of an installed plugin. Nothing of it runs.
int inspect_command(const std::string& what, Output& output) {
  std::filesystem::path path = what;
  if (what.find('/') == std::string::npos && !what.ends_with(".so")) {
    const plugins::Registry registry(plugins::discover(plugins::search_paths(std::filesystem::current_path())), {});
    const auto* found = registry.plugin(what);
    if (found == nullptr) {
      return output.fail(base::make_error(base::Status::not_found, base::Fault::missing, "plugin.missing",
                                          "expected an installed plugin, found none called '" + what + "'")
                             .with_hint("weir plugin list shows what is installed; a file is given by its path"));
    }
    path = found->path;
  }
  const auto info = plugins::read_info(path);
  if (!info) return output.fail(info.error());
  std::string text = info->name + " " + info->version_text + "  " + info->summary + "\n  file     " + path.string() +
                     "\n  licence  " + info->license + "\n  abi      built with " + version_text(info->abi) +
                     ", needs " + version_text(info->needs_abi) + "  (sdk " + info->sdk + ")\n  machine  " +
                     info->machine + (info->glibc.empty() ? "" : ", glibc " + info->glibc) + "\n";
  ordered_json components = ordered_json::array();
  for (const auto& component : info->components) {
    text += "  " + component.kind_text + " " + component.name + ": " + component.summary + "\n" +
            options_text(component.schema);
    components.push_back(ordered_json{{"name", component.name},
                                      {"kind", component.kind_text},
                                      {"summary", component.summary},
                                      {"description", component.description},
                                      {"schema", component.schema}});
  }
  return output.succeed(text, {{"name", info->name},
                               {"version", info->version_text},
                               {"license", info->license},
                               {"summary", info->summary},
                               {"abi", version_text(info->abi)},
                               {"needs_abi", version_text(info->needs_abi)},
                               {"sdk", info->sdk},
                               {"machine", info->machine},
                               {"glibc", info->glibc},
                               {"needed", info->needed},
                               {"file", path.string()},
                               {"components", std::move(components)}});
}

}  // namespace

void add_plugin(CLI::App& program, Action& action) {
  CLI::App& command = *program.add_subcommand("plugin", "shows what plugins there are");
  command.require_subcommand(1);
  command.add_subcommand("list", "lists installed plugins, and what shadows what")->callback([&action] {
    action = list_command;
  });
  auto what = std::make_shared<std::string>();
  CLI::App& inspect = *command.add_subcommand("inspect", "shows what a plugin says of itself, without running it");
  inspect.add_option("PLUGIN", *what, "a file, or an installed plugin's name")->required();
  inspect.callback([what, &action] { action = [what](Output& output) { return inspect_command(*what, output); }; });
  add_plugin_new(command, action);
  add_plugin_test(command, action);
}

void add_version(CLI::App& program, Action& action) {
  program.add_subcommand("version", "prints the version")->callback([&action] {
    action = [](Output& output) {
      return output.succeed(std::string("weir ") + kVersion + "  abi " + version_text(WEIR_ABI) + "\n",
                            {{"version", kVersion}, {"abi", version_text(WEIR_ABI)}});
    };
  });
}

}  // namespace weir::cli
