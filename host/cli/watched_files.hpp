// WatchedFiles: what a pipeline is made of, as `weir run --watch` sees it: files, and what tells that one is another than it was.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "run/run.hpp"

namespace weir::cli {

struct WatchedFile {
  std::string plugin;   // whose binary it is; empty: none
  std::string problem;  // of a binary: why it is none; empty: it is whole
  bool used = true;     // false: a binary of which the manifest names nothing
  bool there = false;
  std::uint64_t inode = 0;
  std::int64_t bytes = 0, changed_ns = 0;
};

// As of one moment. Threads: as a value.
struct WatchedFiles {
  std::map<std::filesystem::path, WatchedFile> files;  // by their absolute path
  std::vector<std::filesystem::path> plugin_folders;   // where another binary may appear
};

// Finds them without running anything: the manifest, what it includes, its env files, what ${file:…} and options name, and the
// binaries of plugins that have a component it names, or that may be taken for what a file is. As far as the manifest can be
// read: what is wrong with it is for the run to tell.
WatchedFiles watched_files(const run::RunOptions& options);

// What is there now and was not, or has changed: "greet.so (plugin greet), job.yaml"; empty: nothing that counts.
std::string what_changed(const WatchedFiles& before, const WatchedFiles& now);

// Why nothing should be made yet of what has changed: a file is gone that was there, a binary is not whole. Empty: it may be.
std::string not_whole(const WatchedFiles& before, const WatchedFiles& now);

}  // namespace weir::cli
