// EventLog: what a run tells, as records of a log.
#pragma once

#include <weir/events/bus.hpp>

#include "observe/log.hpp"

namespace weir::events {

// Writes each event under its own name, with its values as fields, as of the folder `run`. At info stands what happens once
// in a run or an epoch, and each reason for rejects once; at debug what is told of every split, and progress. A run that
// failed is an error, its epoch a warning, unless the log goes to stderr, where the error itself is told: then at info.
class EventLog : public EventHandler {
 public:
  // `log` is lent.
  explicit EventLog(observe::Log& log) : log_(log) {}
  void handle(const PipelineEvent& event) override;

 private:
  observe::Log& log_;
};

}  // namespace weir::events
