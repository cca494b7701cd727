// weir run --watch: a pipeline runs beneath a process that starts it anew when what it is made of has changed.
#pragma once

#include "cli/output.hpp"
#include "run/run.hpp"

namespace weir::cli {

// Runs until SIGINT or SIGTERM; gives the exit code, 128 and the signal's number. Every start is one with --fresh.
int watch_run(const run::RunOptions& options, Output& output);

}  // namespace weir::cli
