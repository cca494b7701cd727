// weir plugin inspect
#include <filesystem>

#include "cli/command_inspect.hpp"
#include "cli/plugin_page.hpp"
#include "conformance/telling.hpp"
#include "plugins/discovery.hpp"
#include "plugins/first_loads.hpp"
#include "plugins/registry.hpp"

namespace weir::cli {
namespace {

// The hidden commands of the processes that open plugins.
constexpr const char* kTell = "tell-components";
constexpr const char* kTryLoad = "try-load";

struct InspectWords {
  std::string plugin;
  bool components = false;
};

// Takes a file, or the name of an installed plugin.
base::Result<std::filesystem::path> file_of(const std::string& what) {
  if (what.find('/') != std::string::npos || what.ends_with(".so") || what.ends_with(".dll")) return {what};
  const plugins::Registry registry(plugins::discover(plugins::search_paths(std::filesystem::current_path())), {});
  if (const auto* found = registry.plugin(what)) return found->path;
  return base::unexpected(base::make_error(base::Status::not_found, base::Fault::missing, "plugin.missing",
                                           "expected an installed plugin, found none called '" + what + "'")
                              .with_hint("weir plugin list shows what is installed; a file is given by its path"));
}

int inspect_command(const InspectWords& words, Output& output) {
  auto file = file_of(words.plugin);
  if (!file) return output.fail(file.error());
  auto inspection = plugins::inspect(*file);
  if (!inspection) return output.fail(inspection.error());
  auto needs = plugins::needs_of(*file, inspection->info);
  PluginPage page{std::move(*file), std::move(*inspection), std::move(needs), nullptr};
  if (words.components) {
    conformance::Asking asking;
    asking.file = page.file;
    asking.command = {std::filesystem::read_symlink("/proc/self/exe").string(), "plugin", kTell};
    auto told = conformance::ask_plugin(asking);
    if (!told) return output.fail(told.error());
    page.told = std::move(*told);
  }
  return output.succeed(as_text(page), as_json(page));
}

}  // namespace

void try_what_is_new() {
  std::error_code problem;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", problem);
  if (!problem) plugins::try_first_loads({{program.string(), "plugin", kTryLoad}, plugins::first_loads_folder()});
}

void add_plugin_inspect(CLI::App& plugin, Action& action) {
  auto words = std::make_shared<InspectWords>();
  CLI::App& inspect = *plugin.add_subcommand(
      "inspect", "shows what a plugin says of itself and what its file tells, without running it");
  inspect.add_option("PLUGIN", words->plugin, "a file, or an installed plugin's name")->required();
  inspect.add_flag(
      "--components", words->components,
      "opens it, in a process of its own, and shows the options of its components as tables with type, default "
      "and examples, and what it tells only then");
  inspect.callback([words, &action] { action = [words](Output& output) { return inspect_command(*words, output); }; });

  auto file = std::make_shared<std::string>();
  CLI::App& tell = *plugin.add_subcommand(kTell, "tells what only running tells, in this process")->group("");
  tell.add_option("FILE", *file)->required();
  tell.callback([file, &action] { action = [file](Output&) { return conformance::answer(*file); }; });

  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App& load = *plugin.add_subcommand(kTryLoad, "loads plugins, in this process")->group("");
  load.add_option("FILES", *files)->required();
  load.callback([files, &action] { action = [files](Output&) { return plugins::try_loads(*files); }; });
}

}  // namespace weir::cli
