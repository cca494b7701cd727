// RowSketch: many rows in little memory, so that of two sketches the rows can be told that one has and the other has not, as long as
// those are few; else some of them, and about how many. Rows are known by what their digests begin with.
//
// It is a set of invertible Bloom lookup tables (Goodrich and Mitzenmacher 2011), one for each power of two by which rows are thinned
// (a strata estimator: Eppstein, Goodrich, Uyeda, Varghese, "What's the difference?", 2011). Counts may be beyond one: a row may
// come twice.
#pragma once

#include <cstdint>
#include <vector>

#include "integrity/digest.hpp"

namespace weir::integrity {

// Rows that two sketches have not as often as each other.
struct RowDifferences {
  struct Row {
    std::uint64_t name = 0;
    std::int64_t count = 0;  // how much oftener the first has it; negative: the second
  };
  std::vector<Row> rows;
  bool all = true;           // else `rows` are some of them
  std::uint64_t factor = 1;  // by which there are more
};

// Threads: one caller at a time.
class RowSketch {
 public:
  RowSketch();

  static std::uint64_t name_of(const Digest& row) { return row.low; }
  void add(const Digest& row);
  // What another one has is taken away.
  void subtract(const RowSketch& other);
  // What is left, after subtract().
  RowDifferences differences() const;

 private:
  __extension__ using Wide = __int128;
  struct Cell {
    std::int64_t count = 0;
    Wide names = 0, checks = 0;  // numbers of 64 bits, as often as `count` says
    bool operator==(const Cell&) const = default;
  };
  using Stratum = std::vector<Cell>;
  static void put(Stratum& stratum, std::uint64_t name, std::int64_t count);
  static bool is_one(const Cell& cell, std::uint64_t& name);
  static bool peel(Stratum stratum, std::vector<RowDifferences::Row>& rows);

  std::vector<Stratum> strata_;  // the n-th has one row in 2^(n + 1); the last all that are rarer
};

}  // namespace weir::integrity
