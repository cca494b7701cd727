// Loading apart: a plugin is loaded in a process of its own, a child of weir, with a deadline; so that one that crashes or
// hangs there is named, and ends nothing else. The child is the program weir itself, with words that its caller gives.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.hpp"

namespace weir::plugins {

// How the child came to its end.
struct ApartEnd {
  std::string output;      // what it told
  std::string misfortune;  // "crashes: SIGSEGV", "does not come to an end within 10 s"; empty: it came to its end
  bool hung = false;
};

// Runs `command` and waits. The error says why it could not be started. Threads: [any]; blocks.
base::Result<ApartEnd> run_apart(const std::vector<std::string>& command, std::int64_t deadline_ns);

// The error of a plugin that crashed or hung there (fault missing): plugin.crashes_at_load, plugin.hangs_at_load.
// Precondition: there was a misfortune.
base::Error load_misfortune(const std::filesystem::path& file, const ApartEnd& end);

// An error as a child tells it to its parent, and back; what is no such text is an error of status internal.
nlohmann::ordered_json error_as_json(const base::Error& error);
base::Error error_from_json(const nlohmann::ordered_json& told);

}  // namespace weir::plugins
