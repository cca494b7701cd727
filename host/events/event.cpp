#include <weir/events/event.hpp>

namespace weir::events {
namespace {

struct Name {
  const char* operator()(const RunPlanned& /*event*/) const { return "run.planned"; }
  const char* operator()(const RunRecovered& /*event*/) const { return "run.recovered"; }
  const char* operator()(const RunStarted& /*event*/) const { return "run.started"; }
  const char* operator()(const RowsMoved& /*event*/) const { return "rows.moved"; }
  const char* operator()(const SplitStarted& /*event*/) const { return "split.started"; }
  const char* operator()(const SplitRead& /*event*/) const { return "split.read"; }
  const char* operator()(const RowRejected& /*event*/) const { return "row.rejected"; }
  const char* operator()(const RunStalled& /*event*/) const { return "run.stalled"; }
  const char* operator()(const RunMovesOn& /*event*/) const { return "run.moves_on"; }
  const char* operator()(const ConnectionPaused& /*event*/) const { return "connection.paused"; }
  const char* operator()(const ConnectionResumed& /*event*/) const { return "connection.resumed"; }
  const char* operator()(const EpochPrepared& /*event*/) const { return "epoch.prepared"; }
  const char* operator()(const EpochCommitted& /*event*/) const { return "epoch.committed"; }
  const char* operator()(const EpochAborted& /*event*/) const { return "epoch.aborted"; }
  const char* operator()(const RunTimed& /*event*/) const { return "run.timed"; }
  const char* operator()(const RunCompleted& /*event*/) const { return "run.completed"; }
  const char* operator()(const RunFailed& /*event*/) const { return "run.failed"; }
};

}  // namespace

const char* event_name(const EventDetail& detail) { return std::visit(Name{}, detail); }

}  // namespace weir::events
