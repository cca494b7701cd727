#include "cli/run_record.hpp"

#include <utility>
#include <variant>

#include "base/units.hpp"

namespace weir::cli {
namespace {

// Takes down one event.
class Scribe {
 public:
  Scribe(RecordedRun& run, std::int64_t now_ns) : run_(run), now_ns_(now_ns) {}

  void operator()(const events::RunPlanned& event) {
    run_.planned_ns = now_ns_;
    run_.splits = event.splits;
    run_.links = event.links;
    run_.guarantee = event.guarantee;
    run_.because = event.because;
  }
  void operator()(const events::RunStarted&) { run_.started_ns = now_ns_; }
  void operator()(const events::RowRejected& event) {
    if (run_.rejects.size() < RunRecord::kMostRejects) run_.rejects.push_back(event);
  }
  void operator()(const events::EpochPrepared& event) {
    if (run_.epochs.size() == RunRecord::kMostEpochs) {
      run_.epochs.erase(run_.epochs.begin());
      ++run_.epochs_left_out;
    }
    run_.epochs.push_back({event.epoch, event.rows_loaded, now_ns_, 0});
  }
  void operator()(const events::EpochCommitted& event) {
    for (RecordedEpoch& epoch : run_.epochs) {
      if (epoch.epoch == event.epoch) epoch.committed_ns = now_ns_;
    }
  }
  void operator()(const events::EpochAborted& event) {
    remark("epoch " + std::to_string(event.epoch) + " was withdrawn: " + event.reason);
  }
  void operator()(const events::RunRecovered& event) {
    remark(event.published ? "what the run before had decided was published"
                           : "what the run before had left was withdrawn");
  }
  void operator()(const events::RunMovesOn& event) {
    remark("nothing moved for " + base::format_duration_ns(event.still_ns));
  }
  void operator()(const events::RunStalled& event) {
    std::string calls;
    for (const auto& call : event.waits_for) calls += (calls.empty() ? "" : "; ") + call;
    remark("nothing moved for " + base::format_duration_ns(event.still_ns) + ": it waited for " + calls);
  }
  void operator()(const events::ConnectionPaused& event) {
    remark("connection '" + event.connection + "' did not answer, and was left alone for " +
           base::format_duration_ns(event.pause_ns) + ": " + event.reason);
  }
  void operator()(const events::ConnectionResumed& event) {
    remark("connection '" + event.connection + "' answered again");
  }
  void operator()(const events::RunTimed& event) { run_.spent = event; }
  void operator()(const events::RunCompleted&) { run_.ended_ns = now_ns_; }
  void operator()(const events::RunFailed&) { run_.ended_ns = now_ns_; }
  void operator()(const events::RowsMoved&) {}
  void operator()(const events::SplitStarted&) {}
  void operator()(const events::SplitRead&) {}

 private:
  void remark(std::string text) {
    if (run_.remarks.size() < RunRecord::kMostRemarks) run_.remarks.push_back(std::move(text));
  }

  RecordedRun& run_;
  std::int64_t now_ns_;
};

}  // namespace

void RunRecord::handle(const events::PipelineEvent& event) {
  RecordedRun& run = runs_[{event.pipeline, event.stream}];
  if (!event.run.empty()) run.run = event.run;
  std::visit(Scribe(run, event.unix_ns), event.detail);
}

}  // namespace weir::cli
