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
  run::Interrupt* interrupt = nullptr;  // stops the run in progress; guarded by mutex; null: there is none

  // `by` is lent until the next call.
  void let_interrupt(run::Interrupt* by) {
    const std::lock_guard lock(mutex);
    interrupt = by;
  }
  // What a run is watched by: this.
  run::RunWatch watch();
};

// Problems of an Error and of those found with it.
std::vector<Problem> problems_of(const base::Error& error, const observe::Redactor& redactor);

RunReport report_of(const run::RunReport& report);

}  // namespace weir::api
