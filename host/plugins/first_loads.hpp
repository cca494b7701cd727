// First loads: a file that nobody has loaded yet is loaded in a child first, so that one that crashes or hangs there is named,
// not taken, and not tried again until it changes. What loading came to is remembered in a folder of the user's cache, a small file a
// plugin; where it can't be, it is tried by each process.
//
// For the whole process: whoever wants it says so once, before anything is loaded. Where nobody has, as in a program that embeds
// weir and has no program weir beside it, plugins are loaded at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "plugins/load_apart.hpp"

namespace weir::plugins {

struct FirstLoading {
  std::vector<std::string> command;  // the program that runs try_loads(), and the words before the files' names
  std::filesystem::path memory;      // the folder in which it is remembered; empty: it is not
  std::int64_t deadline_ns = 10'000'000'000;  // of the files of one child together
};

// $XDG_CACHE_HOME/weir/first_loads, else ~/.cache/weir/first_loads, else none. Reads the environment: [main].
std::filesystem::path first_loads_folder();

// From here on Library::load() tries what is new. [main]
void try_first_loads(FirstLoading how);

// Undoes it: this process is the child in which a plugin is tried. [main]
void load_at_once();

// Tries those of the files that are new, in as few children as there are that crash, plus one. Nothing, if nobody wants it.
// Threads: [any]; blocks.
void expect_loads(std::span<const std::filesystem::path> files);

// Whether a file may be loaded into this process; tries it if it is new. Errors: plugin.crashes_at_load, plugin.hangs_at_load.
// Threads: [any]; blocks.
base::Result<void> admit_load(const std::filesystem::path& file);

// How a file, as it is now, crashed or hung when it was tried; its output is empty. Tries nothing: nothing of one that came to its
// end, is new, or could not be remembered. Nothing, if nobody wants it. Threads: [any].
std::optional<ApartEnd> recall_load(const std::filesystem::path& file);

// Tries a file in any case, and remembers what it came to. The error is the one that loading it had, or that of admit_load().
// Nothing, if nobody wants it. Threads: [any]; blocks.
base::Result<void> try_load(const std::filesystem::path& file);

// The other side, in this process: loads, opens, closes and unloads the files, one after the other, and tells about each on
// what was its standard output. Gives the exit code. [main]
int try_loads(const std::vector<std::string>& files);

}  // namespace weir::plugins
