// Inspection: all that a plugin's file tells a person, without a byte of it being run.
#pragma once

#include <filesystem>

#include <nlohmann/json.hpp>

#include "base/result.hpp"
#include "plugins/info.hpp"
#include "plugins/object_file.hpp"

namespace weir::plugins {

struct Inspection {
  PluginInfo info;
  nlohmann::ordered_json text;  // all of the section `.weir`
  ObjectDetails object;
};

// Reads the file whole. Errors as read_info(). Threads: [any].
base::Result<Inspection> inspect(const std::filesystem::path& path);

}  // namespace weir::plugins
