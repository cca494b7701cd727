// Doctor: what this machine has and lacks for weir to work.
#pragma once

#include <string>
#include <vector>

namespace weir::cli {

enum class Verdict { ok, warning, problem };

struct Finding {
  Verdict verdict = Verdict::ok;
  std::string subject;  // "plugin csv", "open files"
  std::string found;    // what it is
  std::string cure;     // of a warning or problem
};

const char* verdict_name(Verdict verdict);

// Looks at versions, processor, memory, limits, terminal. Reads the environment: [main].
std::vector<Finding> examine_machine();
// Looks at the state folder and the temporary one: whether they can be written, and what is free.
std::vector<Finding> examine_folders();
// Looks at every plugin that can be found, and loads each in a process of its own, so that one that crashes is only told.
std::vector<Finding> examine_plugins();

}  // namespace weir::cli
