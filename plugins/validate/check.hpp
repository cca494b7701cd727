// Checks: one condition on the values of one column, for all rows of a batch at once. Nulls pass, but for `nullable`.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <weir/arrow.hpp>

#include "column_type.hpp"
#include "findings.hpp"

namespace weir::validate {

// A column of the batch, as it is checked: its own or converted.
struct ColumnView {
  const ArrowArray* array;
  std::int64_t outer;
  std::int64_t rows;
};

class Check {
 public:
  Check() = default;
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;
  virtual ~Check() = default;
  // Adds the rows that break it.
  virtual void run(const ColumnView& column, Findings& findings) const = 0;
  // All findings that it may add, lent.
  virtual void tell(std::vector<const Problem*>& problems) const = 0;
};

using CheckPointer = std::unique_ptr<const Check>;

// A value that stands in the manifest, in the layout of its column's type.
struct Bound {
  std::int64_t word = 0;
  Int128 wide = 0;
  double real = 0;
  std::string text;
};

CheckPointer not_null(Subject subject);
// Bounds may be null: none. `shown` says what is expected.
CheckPointer in_range(Subject subject, const ColumnType& type, const Bound* least, const Bound* most,
                      std::string shown);
// `reason`: a constant.
CheckPointer one_of(Subject subject, const ColumnType& type, const std::vector<Bound>& values, std::string_view reason,
                    std::string shown);
// Characters of a text; most < 0: no limit.
CheckPointer of_length(Subject subject, const ColumnType& type, std::int64_t least, std::int64_t most);
// Throws std::string: what RE2 says about the pattern.
CheckPointer of_pattern(Subject subject, const ColumnType& type, const std::string& pattern);

}  // namespace weir::validate
