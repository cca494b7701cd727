// RunRecord: what is remembered of a run while it goes on, for the page that is written at its end.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <weir/events/bus.hpp>

namespace weir::cli {

struct RecordedEpoch {
  std::uint64_t epoch = 0, rows_loaded = 0;        // since the run started
  std::int64_t prepared_ns = 0, committed_ns = 0;  // since 1970; 0: it was not
};

// One pipeline's, or one stream's. A value.
struct RecordedRun {
  std::string run;
  std::int64_t planned_ns = 0, started_ns = 0, ended_ns = 0;  // since 1970; 0: it did not come to that
  std::uint64_t splits = 0;
  std::vector<std::string> links;
  std::string guarantee;
  std::vector<std::string> because;
  std::optional<events::RunTimed> spent;     // of its last start
  std::vector<RecordedEpoch> epochs;         // the last ones
  std::uint64_t epochs_left_out = 0;         // that were before them
  std::vector<events::RowRejected> rejects;  // the first of each link and reason
  std::vector<std::string> remarks;  // what stood still, what did not answer, what was withdrawn; the first ones
};

// Hears a run. Threads: as a handler; of() [main], when nothing runs.
class RunRecord final : public events::EventHandler {
 public:
  static constexpr std::size_t kMostEpochs = 50, kMostRejects = 200, kMostRemarks = 20;

  void handle(const events::PipelineEvent& event) override;
  // Of a pipeline, or of one of its streams.
  const RecordedRun& of(const std::string& pipeline, const std::string& stream = {}) {
    return runs_[{pipeline, stream}];
  }

 private:
  std::map<std::pair<std::string, std::string>, RecordedRun> runs_;  // by the pipeline's name and the stream's
};

}  // namespace weir::cli
