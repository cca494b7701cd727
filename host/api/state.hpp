// What a Pipeline holds.
#pragma once

#include <mutex>

#include <weir/api/pipeline.hpp>

#include "observe/redact.hpp"
#include "run/run.hpp"

namespace weir::api {

struct Pipeline::State {
  run::RunOptions options;
  events::EventBus bus;
  observe::Redactor redactor;  // every secret of every run

  std::mutex mutex;
  run::Execution* running = nullptr;  // guarded by mutex; lent while rows flow
  bool interrupted = false;           // guarded by mutex; of the run in progress
  bool in_run = false;                // guarded by mutex

  // What a run is watched by: this.
  run::RunWatch watch();
};

// Problems of an Error and of those found with it.
std::vector<Problem> problems_of(const base::Error& error, const observe::Redactor& redactor);

RunReport report_of(const run::RunReport& report);

}  // namespace weir::api
