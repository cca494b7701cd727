// Ranges: a stretch of time or of keys, cut into the parts that weir backfill loads one by one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/backfill.hpp"

namespace weir::run {

// What is to be cut: from `from` to before `to`.
struct RangeRequest {
  std::string from, to;
  std::string by;                   // "hour", "day", "week", "month", "year" or "key"
  std::int64_t step = 0;            // keys in a range; 0: not given
  std::optional<std::string> zone;  // whose days they are; nothing: what the manifest says, else UTC
};

// Cuts it, in order. Days and what is made of days begin when the clocks of the zone say so, and may last 23 or 25 hours; a day whose
// first hour the clocks skip begins behind it. Hours are those of time, each of 3600 seconds. Keys are whole numbers. `zone`: of the
// manifest; empty: it says none. Errors: usage.range.
base::Result<std::vector<manifest::Range>> cut_ranges(const RangeRequest& request, const std::string& zone);

}  // namespace weir::run
