// RunReport: what a run came to. A value that owns what it holds.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <weir/api/outcome.hpp>

namespace weir::api {

// What a link does.
enum class LinkRole { extract, transform, load };

// The rows of one link, as the host counted them around the plugin.
struct LinkReport {
  std::string link, component;
  LinkRole role = LinkRole::transform;
  std::uint64_t rows_in = 0, rows_out = 0;
  std::uint64_t bytes = 0;  // read from, or written to, the world
  std::string digest;  // of the rows that a loader took, 32 digits (docs/digest.md); empty: nothing can be read back
  std::vector<std::pair<std::string, std::uint64_t>> dropped, rejected;  // a reason and its rows
};

// What a run came to. `succeeded` says whether it went well, nothing to do included; if not, `problems` says why.
struct RunReport {
  bool succeeded = false;
  int exit_code = 0;           // of `weir run`
  std::string pipeline, run;   // its name; the id of the run
  bool nothing_to_do = false;  // it was complete already, and nothing has changed
  bool recovered = false;      // a run that had died after its decision was finished first
  std::string guarantee;       // "exactly once", "at least once", "at most once"; of its weakest link
  std::int64_t duration_ns = 0;
  std::vector<LinkReport> links;  // in the order of the chain; of a run that failed: empty
  std::uint64_t rows_extracted = 0, rows_loaded = 0, rows_dropped = 0, rows_rejected = 0;
  std::int64_t rows_confirmed = -1;  // what the destinations say they have; -1: they do not say
  std::vector<Problem> problems;     // why it failed
};

}  // namespace weir::api
