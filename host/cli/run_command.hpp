// What `weir run` does, for the commands that are runs of another kind.
#pragma once

#include <string>

#include "cli/run_arguments.hpp"

namespace weir::cli {

struct RunCommandArguments : RunArguments {
  std::string report;  // a file; empty: none
};

// --report.
void add_report_argument(CLI::App& command, RunCommandArguments& arguments);
// --jobs; `what`: "streams", "ranges".
void add_jobs_argument(CLI::App& command, RunArguments& arguments, const std::string& what);

// Runs the pipelines, and tells what they came to; gives the exit code.
int run_command(RunCommandArguments& arguments, Output& output);

}  // namespace weir::cli
