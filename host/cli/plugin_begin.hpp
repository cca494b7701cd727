// A new plugin's folder, made of the templates that come with the SDK.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace weir::cli {

struct NewPlugin {
  std::string name, kind, language;
  std::string licence;  // an SPDX name, or "none"
};

// What was made: its files, from the folder, in order; and what to type next, a command a line.
struct BegunPlugin {
  std::filesystem::path folder;
  std::vector<std::string> files;
  std::string steps;
};

// Where the templates are: share/weir/sdk/templates beside the folder of the program, in an installation as in a build tree.
std::filesystem::path templates_folder();

// Makes the folder `plugin.name` in the current one, of the templates at `templates`. Leaves nothing behind where it fails. Errors:
// scaffold.* (exit code 2; 1 where the folder can't be written). Reads the clock for the year. Threads: [main].
base::Result<BegunPlugin> begin_plugin(const NewPlugin& plugin, const std::filesystem::path& templates);

}  // namespace weir::cli
