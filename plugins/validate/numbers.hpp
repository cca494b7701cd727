// The values of a column, by the type in which they are stored.
#pragma once

#include <cstdint>
#include <cstring>

#include <weir/arrow.hpp>

#include "check.hpp"

namespace weir::validate {

// Calls body(column view) for the text layout of `type`.
template <class Body>
void with_texts(Type type, const ColumnView& column, Body&& body) {
  if (type == Type::utf8) return body(TextColumn(*column.array, column.outer));
  if (type == Type::large_utf8) return body(LargeTextColumn(*column.array, column.outer));
  body(ViewColumn(*column.array, column.outer));
}

// Calls body(T{}) for the type in which values of `type` are stored, in the layouts word and real.
template <class Body>
void with_numbers(Type type, Body&& body) {
  switch (type) {
    case Type::int8: return body(std::int8_t{});
    case Type::uint8: return body(std::uint8_t{});
    case Type::int16: return body(std::int16_t{});
    case Type::uint16: return body(std::uint16_t{});
    case Type::int32:
    case Type::date32:
    case Type::time32: return body(std::int32_t{});
    case Type::uint32: return body(std::uint32_t{});
    case Type::float32: return body(float{});
    case Type::float64: return body(double{});
    default: return body(std::int64_t{});
  }
}

// The values of the layout wide: decimals, and uint64.
class WideColumn {
 public:
  WideColumn(Type type, const ColumnView& column)
      : decimal_(type == Type::decimal128),
        first_(column.array->offset + column.outer),
        data_(static_cast<const char*>(column.array->buffers[1])),
        validity_(*column.array, column.outer) {}
  bool valid(std::int64_t row) const { return validity_.valid(row); }
  Int128 operator[](std::int64_t row) const {
    Int128 wide = 0;
    std::uint64_t narrow = 0;
    if (decimal_) {
      std::memcpy(&wide, data_ + 16 * (first_ + row), 16);
      return wide;
    }
    std::memcpy(&narrow, data_ + 8 * (first_ + row), 8);
    return static_cast<Int128>(narrow);
  }

 private:
  bool decimal_;
  std::int64_t first_;
  const char* data_;
  Validity validity_;
};

}  // namespace weir::validate
