// Conversions: a column of one type as a column of another, without loss. A value that can't be kept is a finding, and null
// in what is made.
#pragma once

#include <memory>

#include <weir/arrow.hpp>

#include "check.hpp"

namespace weir::validate {

class Conversion {
 public:
  Conversion() = default;
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;
  virtual ~Conversion() = default;
  virtual Array run(const ColumnView& column, Findings& findings) const = 0;
  // The finding that it may add, lent.
  virtual const Problem& problem() const = 0;
};

// From `field`, the column of `subject`, to `type`; null: there is no such conversion.
std::unique_ptr<const Conversion> conversion(Subject subject, const ArrowSchema& field, const ColumnType& type);

// Reads a text as a value of `type`; false if it is none. Layouts word, wide and real.
bool read_value(std::string_view text, const ColumnType& type, Bound& value);

}  // namespace weir::validate
