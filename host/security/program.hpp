// Program: another program, run to its end without a terminal, within bounds of time and output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace weir::security {

struct ProgramCall {
  std::vector<std::string> command;  // the program, looked for in PATH unless it has a slash, and its arguments
  std::filesystem::path folder;      // where it runs
  std::int64_t timeout_ns = 0;
  std::size_t max_output = 0;  // bytes of its standard output
  bool own_time = false;  // the timeout leaves out the time in which it waits for a processor, up to nine times itself
  std::string input;      // what it may read from its standard input
  std::function<bool()> stop;  // asked a few times a second: whether its time is over; empty: only the timeout ends it
};

enum class Ending { exited, killed, timed_out, too_much };

struct ProgramEnd {
  Ending ending = Ending::exited;
  int code = 0;        // exited: its exit code; killed: the signal
  std::string output;  // at most max_output bytes
  std::string errors;  // the last 4 KiB of its standard error
};

// Runs it and waits. What outlasts the timeout, or writes too much, is killed with everything it has started. The error
// says why it could not be started. Threads: [any]; blocks.
base::Result<ProgramEnd> run_program(const ProgramCall& call);

}  // namespace weir::security
