// Backfill: what a manifest says of ranges, parts of a source by time or by key, each of which is loaded by a run of its own.
#pragma once

#include <string>

#include "manifest/fields.hpp"
#include "manifest/placeholders.hpp"
#include "manifest/tree.hpp"

namespace weir::manifest {

struct Manifest;
struct Draft;

// One of them: from `values["from"]` to before `values["to"]`.
struct Range {
  std::string name;  // the same for the same range: "2026-03-29", "0..100000"
  PlaceholderValues values;
};

// A stream and a range of it as people are shown them; empty, null: of none.
std::string part_name(const std::string& stream, const Range* range);

// Reads `backfill:`, which must be an object of a stream's keys. Errors go to `errors`.
void read_backfill(const Node& node, Manifest& manifest, Errors& errors);

// The manifest of one range: `backfill:` with the range's values filled in, laid over `whole`. Its `range` is set. Errors stand in the
// draft: backfill.none, backfill.range.
Draft draft_of_range(const Draft& whole, const Range& range, const SpellValue& spell);

}  // namespace weir::manifest
