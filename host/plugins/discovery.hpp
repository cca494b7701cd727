// Discovery: where plugins are looked for, and which are there. Reads files, loads none.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "plugins/info.hpp"

namespace weir::plugins {

// A folder to look in, and where the idea comes from: "environment", "manifest", "user", "installation".
struct SearchPath {
  std::filesystem::path folder;
  std::string origin;
};

// A file that is, or should be, a plugin: it has either info or an error.
struct FoundPlugin {
  std::filesystem::path path;
  std::string origin;
  std::optional<PluginInfo> info;
  std::optional<base::Error> error;
  std::filesystem::path shadowed_by;  // the file that is taken instead; empty: this one is taken. Set by Registry
  std::string refused;  // why this one is not taken though it came first ("1.0.0 does not fit ^2"); by Registry
};

// The plugins that were installed with this code: lib/weir/plugins beside libweir.so, if it is in that, so that a program
// which embeds weir finds them wherever it is itself; else beside the program's own folder. Empty if neither can be told.
std::filesystem::path installation_folder();

// Where a user's plugins lie; empty: the user has no folder. Reads the environment: [main].
std::filesystem::path user_plugins_folder();

// Tells the folders in their order: each of $WEIR_PLUGIN_PATH (separated by colons), `.weir/plugins` in
// `manifest_folder`, $XDG_DATA_HOME/weir/plugins or ~/.local/share/weir/plugins, ../lib/weir/plugins from the program.
// Those that don't exist are listed too; a folder that comes twice only once. Reads the environment: [main].
std::vector<SearchPath> search_paths(const std::filesystem::path& manifest_folder);

// Reads every *.so of the folders, in the order of folders, then names; of several versions of a plugin in one folder the newest
// first. A folder that is missing has none; one that
// can't be read is told as a FoundPlugin with the folder as its path and an error. Each file is read once, by a few
// short reads. The same file in two folders (a link) comes once.
std::vector<FoundPlugin> discover(std::span<const SearchPath> folders);

}  // namespace weir::plugins
