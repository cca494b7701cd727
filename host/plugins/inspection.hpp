// Inspection: all that a plugin's file tells a person, without a byte of it being run.
#pragma once

#include <filesystem>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/result.hpp"
#include "plugins/info.hpp"
#include "plugins/needs.hpp"
#include "plugins/object_file.hpp"

namespace weir::plugins {

struct Inspection {
  PluginInfo info;
  nlohmann::ordered_json text;  // all of the section `.weir`
  ObjectDetails object;
};

// What the file needs of libraries and symbols, and whether this machine has them; none of a file for another machine.
// Reads the libraries, and runs none. [main]
std::optional<Needs> needs_of(const std::filesystem::path& path, const PluginInfo& info);

// Reads the file whole. Errors as read_info(). Threads: [any].
base::Result<Inspection> inspect(const std::filesystem::path& path);

}  // namespace weir::plugins
