// Examined: what came to a load that only looks at its rows: their digests, a sketch of them, and those that somebody asks for.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "integrity/comparison.hpp"
#include "integrity/row_sketch.hpp"
#include "pipeline/load.hpp"

namespace weir::run {

struct RowsAndDigest {
  std::uint64_t rows = 0;
  integrity::Digest digest;
  bool operator==(const RowsAndDigest&) const = default;
  void add(const RowsAndDigest& other) {
    rows += other.rows;
    digest.add(other.digest);
  }
};

// A row that was asked for: the first of its name.
struct PickedRow {
  std::uint64_t name = 0;      // RowSketch::name_of()
  nlohmann::ordered_json key;  // the values of the key's columns, a list
  std::string text;            // all of it as JSON, of the columns that were sent
  base::Place place;           // as far as it is known
};

// What is to be looked at.
struct Examination {
  weir::Schema sent;                         // the columns that count
  std::unordered_set<std::uint64_t> picked;  // rows that are kept; empty: a sketch is made of all
  std::vector<std::string> key;              // columns
  std::uint64_t most_rows = UINT64_MAX;      // then `stop` is called, and no more is looked at
  std::function<void()> stop;
};

// Filled while rows flow; read it then.
struct Examined {
  std::optional<integrity::Comparison> comparison;  // none: the load was never opened
  std::map<std::string, RowsAndDigest> parts;       // by the name of the split that they came from
  integrity::RowSketch sketch;
  std::vector<PickedRow> rows;
  std::uint64_t rows_read = 0;
  bool too_many = false;  // there were more than most_rows
};

// Both are lent, and outlive the load and its writers.
std::unique_ptr<pipeline::Load> make_examining(std::string link, const Examination& examination, Examined& examined);

// Rejects that come to a reject sink: how many, and the first.
struct SeenRejects {
  std::uint64_t count = 0;
  std::string first;  // "out.csv:3: n: not an integer"
};

std::unique_ptr<pipeline::Load> make_reject_counter(SeenRejects& seen);
// A load that takes rows and forgets them.
std::unique_ptr<pipeline::Load> make_forgetting(std::string link);

}  // namespace weir::run
