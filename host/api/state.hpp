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
  std::shared_ptr<run::Interrupt> interrupt;  // stops the run in progress; guarded by mutex; null: there is none

  void let_interrupt(std::shared_ptr<run::Interrupt> by) {
    const std::lock_guard lock(mutex);
    interrupt = std::move(by);
  }
  // What a run is watched by: this, which the watch keeps.
  static run::RunWatch watch(const std::shared_ptr<State>& state);
};

// Problems of an Error and of those found with it.
std::vector<Problem> problems_of(const base::Error& error, const observe::Redactor& redactor);

RunReport report_of(const run::RunReport& report);

}  // namespace weir::api
