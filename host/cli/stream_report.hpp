// What a run of many streams, or of ranges, came to, as people and programs read it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "recovery/run_history.hpp"
#include "run/run.hpp"

namespace weir::cli {

// A line a stream, and their sum.
std::string streams_text(const run::StreamsReport& report);
nlohmann::ordered_json streams_json(const run::StreamsReport& report);

// The same of a run that is kept.
std::vector<run::StreamReport> streams_of(const recovery::KeptRun& run);
// `noun`: "stream" or "range".
std::string stream_lines(const std::vector<run::StreamReport>& streams, const std::string& noun);
nlohmann::ordered_json stream_list_json(const std::vector<run::StreamReport>& streams);

// What has become of each range so far.
std::string ranges_text(const run::StreamsReport& report);

}  // namespace weir::cli
