// What `weir plugin inspect` shows of a plugin: one text, and the same as JSON.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "plugins/inspection.hpp"

namespace weir::cli {

struct PluginPage {
  std::filesystem::path file;
  plugins::Inspection inspection;
  std::optional<plugins::Needs> needs;  // none: of another machine
  nlohmann::ordered_json
      told;  // what its components told when they ran (conformance::ask_plugin()); null: nobody asked
};

std::string as_text(const PluginPage& page);
nlohmann::ordered_json as_json(const PluginPage& page);

}  // namespace weir::cli
