#include "run/stream_outcome.hpp"

#include <iterator>
#include <utility>
#include <vector>

#include "base/sort.hpp"
#include "run/interrupt.hpp"

namespace weir::run {

void count_rows(StreamReport& report, const integrity::Ledger& ledger) {
  report.extracted = ledger.extracted();
  report.expanded = ledger.expanded();
  report.merged = ledger.merged();
  report.dropped = ledger.dropped();
  report.rejected = ledger.rejected();
  report.loaded = ledger.loaded();
}

StreamReport stream_report_of(const recovery::KeptRun& run) {
  StreamReport report;
  report.stream = run.stream;
  report.run = run.run;
  report.state = recovery::state_name(run.state);
  report.duration_ns = run.duration_ns;
  count_rows(report, run.ledger);
  return report;
}

base::Result<void> outcome_of(const StreamsReport& report) {
  std::vector<base::Error> errors;
  bool drained = false;
  for (const auto& one : report.streams) {
    drained = drained || one.state == "drained" || one.state == "not begun";
    if (one.state != "failed") continue;
    errors.push_back(*one.error);
    errors.back().message = noun_of(report) + " '" + one.stream + "': " + errors.back().message;
  }
  if (errors.empty() && !drained) return {};
  if (errors.empty())
    return base::unexpected(interrupted().with_hint("what was read is loaded; run it again to go on behind that"));
  base::sort_stably(errors, [](const base::Error& error) { return error.fault != base::Fault::integrity; });
  base::Error first = std::move(errors.front());
  for (auto more = errors.begin() + 1; more != errors.end(); ++more) {
    auto also = std::move(more->also);
    first.also.push_back(std::move(*more));
    std::move(also.begin(), also.end(), std::back_inserter(first.also));
  }
  return base::unexpected(std::move(first));
}

}  // namespace weir::run
