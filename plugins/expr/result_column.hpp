// ResultColumn: makes an Arrow column of what an operation gives, chunk after chunk.
#pragma once

#include <cstdint>
#include <vector>

#include <weir/arrow.hpp>

#include "operation.hpp"

namespace weir::expr {

// The field of a column that holds values of `type`: int64, double, decimal128, utf8, bool, date32, timestamp, time,
// duration, null.
Schema result_field(const ValueType& type, std::string_view name);

class ResultColumn {
 public:
  // For `rows` rows of `type`.
  ResultColumn(const ValueType& type, std::int64_t rows);
  // Appends the chunk of `frame`: the rows of `live` that are valid; the others become null. Throws Failure if texts grow
  // beyond 2 GiB.
  void append(const Frame& frame, const Bits& live, const Vector& value);
  Array finish();

 private:
  void append_texts(int count, const Bits& valid, const std::string_view* texts);

  ValueType type_;
  std::int64_t rows_;
  std::int64_t filled_ = 0;
  std::int64_t nulls_ = 0;
  Buffer validity_;
  Buffer values_;  // texts: offsets
  Buffer data_;    // texts: bytes
};

}  // namespace weir::expr
