// The compiler: the text of an expression → a typed operation, or a Mistake that points into the text.
//
// What stands in one place must have types that fit:
//
//   comparisons   numbers with numbers, by value; texts with texts; booleans with booleans; dates and timestamps with each
//                 other; times, durations with their like. A text in quotes beside a date, timestamp or time is read as one.
//                 A timestamp with a zone is an instant, one without is not: they compare only where `times: naive` names
//                 the zone that it is of. A date, or a text without offset, is of that zone too; where none is named it
//                 counts as UTC beside a timestamp whose zone is UTC, and doesn't compare with one of another zone.
//   numbers       1 is an integer, 1.5 a decimal (but a double beside doubles), 1e3 a double; uint64 is decimal(20,0)
//   case, coalesce, in
//                 all values become one type: integer → decimal → double
//   null          fits everything, and so does a column of type null (a file without rows)
//
// What has no column in it is computed here, once; if it can't be (`1 / 0`), it is a mistake.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mistake.hpp"
#include "operation.hpp"

namespace weir::expr {

// The columns that an expression may name.
struct Scope {
  struct Entry {
    std::string name;
    const ArrowSchema* field;  // outlives the compiler, not needed after it
    std::int64_t column;       // of the frame
  };
  std::vector<Entry> entries;
  // Whose clocks timestamps without zone were read from, as the option `times: naive` says; empty: it is not known.
  std::string naive_zone = {};

  // All columns of `rows`, numbered from 0.
  static Scope of(const ArrowSchema& rows);
  const Entry* find(std::string_view name) const;
};

// Throws Mistake.
OperationPointer compile(std::string_view text, const Scope& scope);

// The same, for a condition: its type is boolean. Throws Mistake if it is another.
OperationPointer compile_condition(std::string_view text, const Scope& scope);

}  // namespace weir::expr
