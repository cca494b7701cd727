// Notices: what stands under `on:` of a manifest: who is told, and how, what a run came to.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/fields.hpp"

namespace weir::manifest {

// What somebody may want to hear of. The names are the keys.
inline constexpr std::array<std::string_view, 6> kNoticeEvents{"failed", "rejected", "drift", "slow", "done", "empty"};

// What may stand in braces in the words of `exec`.
inline constexpr std::array<std::string_view, 10> kNoticeWords{
    "event", "pipeline", "run", "manifest", "text", "error", "exit_code", "extracted", "loaded", "rejected"};

// One event, and who is told of it, each of those that are given.
struct Notice {
  std::string event;                 // one of kNoticeEvents
  bool log = false;                  // a line in the log
  std::vector<std::string> exec;     // a program and its arguments, with {words}; empty: none
  std::filesystem::path folder;      // where it runs
  std::string post;                  // an address; empty: none
  std::vector<std::string> headers;  // of `post`, whole lines
  std::int64_t timeout_ns = 30'000'000'000;
  std::optional<std::int64_t> after_ns;  // of `slow`; none: by what earlier runs took
};

// Reads the value of `on:`; adds all errors. Null: nothing is given. `folder` is the manifest's. Of `empty` a line in the log is there
// unless it is said otherwise, or off.
std::vector<Notice> read_notices(const Node& on, const std::filesystem::path& folder, Errors& errors);

}  // namespace weir::manifest
