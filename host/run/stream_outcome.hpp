// What streams came to, one by one and together.
#pragma once

#include "run/run.hpp"

namespace weir::run {

// Puts the sums of a ledger into a report.
void count_rows(StreamReport& report, const integrity::Ledger& ledger);
// What is kept of a stream's or a range's own run.
StreamReport stream_report_of(const recovery::KeptRun& run);

// The error of those that failed, if some did: the first has the others, the gravest is the first. Of one that was stopped: interrupted().
base::Result<void> outcome_of(const StreamsReport& report);

}  // namespace weir::run
