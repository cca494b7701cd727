// What a run came to, as events of the log.
#pragma once

#include "observe/log.hpp"
#include "run/run.hpp"

namespace weir::cli {

// Logs run.began.
void log_begin(observe::Log& log, const run::RunOptions& options);

// Logs run.completed with its counts, or run.failed with its code: as an error where the log goes elsewhere than the
// error itself, which is told on stderr.
void log_end(observe::Log& log, const base::Result<run::RunReport>& report);

}  // namespace weir::cli
