// Kit: tries cases on a plugin, each in a process of its own with a deadline, so that what crashes or hangs there is named and
// ends nothing else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "conformance/case.hpp"
#include "plugins/info.hpp"

namespace weir::conformance {

// One case, of the file (no component) or of one component.
struct Trial {
  const Case* tried = nullptr;
  std::string component;  // its name; empty: the file
  std::int32_t kind = 0;
  Verdict verdict;
  std::int64_t duration_ns = 0;
};

struct Report {
  plugins::PluginInfo info;
  std::filesystem::path file;
  std::vector<Trial>
      trials;  // in the order of cases, components by name; skipped ones too, none that are not for the kind

  std::int64_t count(Outcome outcome) const;
  bool conforms() const { return count(Outcome::fail) + count(Outcome::crashed) == 0; }
};

struct KitSettings {
  std::filesystem::path file;
  std::string case_name;  // empty: all
  // The program that tries one case, and the words before those of try_case(): a case is tried by
  // WORDS FILE CASE COMPONENT KIND FOLDER.
  std::vector<std::string> command;
  std::int64_t deadline_ns = 20'000'000'000;  // of a case, without what it waits for a processor
};

// Tries them, some at a time. Errors: those of read_info() for a file that is no plugin; kit.unknown_case;
// kit.no_folder. Makes a folder for temporary files, and removes it. Threads: [main]; blocks.
base::Result<Report> try_plugin(const KitSettings& settings);

// The other side: tries one case in this process, of which it changes folder, environment and outputs, and tells the verdict on
// what was its standard output. `words` are those after the command's. Gives the exit code.
int try_case(const std::vector<std::string>& words);

}  // namespace weir::conformance
