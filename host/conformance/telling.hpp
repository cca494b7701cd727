// What a plugin tells only when it runs: traits and extensions of its components.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.hpp"

namespace weir::conformance {

struct Asking {
  std::filesystem::path file;
  std::vector<std::string> command;  // the program that runs answer(), and the words before the file's name
  std::int64_t deadline_ns = 10'000'000'000;
};

// Loads and opens the plugin in a process of its own, with the options that its components are tried with (docs/conformance.md), and
// gives a list with an object a component: name, kind, traits, extensions, and `error` where it would not tell. Errors:
// those of Library::load(); plugin.crashes_at_open, plugin.hangs_at_open. Threads: [any]; blocks.
base::Result<nlohmann::ordered_json> ask_plugin(const Asking& asking);

// The other side, in this process: tells on what was its standard output. Gives the exit code. [main]
int answer(const std::filesystem::path& file);

}  // namespace weir::conformance
