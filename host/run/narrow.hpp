// Narrowed: what differs between rows that were sent and rows that are there, row by row.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "integrity/row_sketch.hpp"
#include "run/examine.hpp"

namespace weir::run {

// A row that was sent and is not there, that is there and was not sent, or both: of one key, of other values.
struct DifferingRow {
  nlohmann::ordered_json key;  // the values of the key's columns; empty: none is named
  std::string sent, found;     // JSON objects; empty: it was not sent, it is not there
  std::uint64_t times = 1;     // so often too few, or too many
  base::Place place;           // of the one that is there, as far as it is known
};

struct Narrowed {
  bool all = true;  // else `rows` are some of those that differ, and the counts about right
  std::uint64_t missing = 0, added = 0, changed = 0;
  nlohmann::ordered_json first, last;  // keys, the least and the greatest of those that differ; null: none is named
  std::vector<DifferingRow> rows;      // by key: the first of them
};

// `sent` and `found`: rows that were picked by their names in `differences`.
Narrowed narrow(const integrity::RowDifferences& differences, const std::vector<PickedRow>& sent,
                const std::vector<PickedRow>& found);

}  // namespace weir::run
