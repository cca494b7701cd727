// Values as bytes that are the same for equal values, whatever the width or the layout of their column: for hashes.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "array.hpp"
#include "types.hpp"
#include "values.hpp"

namespace weir {

// What a value is; a moment is `moment` and more, which tells its type and unit. The numbers go into hashes that are kept: they
// never change.
enum class ValueKind : std::uint64_t {
  null = 0,
  boolean = 1,
  integer = 2,
  large_integer = 3,  // beyond int64
  real = 4,
  decimal = 5,
  text = 6,
  bytes = 7,
  nested = 8,
  moment = 16,
};

namespace detail {

// Calls take(row, kind, value) for each row that is not null, and take(row, null, "") for the others.
template <class Column, class Take>
void each_value_of(const Column& column, std::int64_t rows, const Take& take, auto&& convert) {
  for (std::int64_t row = 0; row < rows; ++row) {
    if (column.valid(row)) {
      convert(row, column[row]);
    } else {
      take(row, ValueKind::null, std::string_view());
    }
  }
}

template <class T, class Take>
void each_number(ValueKind kind, const ArrowArray& column, std::int64_t outer, std::int64_t rows, const Take& take) {
  each_value_of(NumberColumn<T>(column, outer), rows, take, [&](std::int64_t row, T value) { take(row, kind, value); });
}

template <class T, class Take>
void each_integer(const ArrowArray& column, std::int64_t outer, std::int64_t rows, const Take& take) {
  each_value_of(NumberColumn<T>(column, outer), rows, take, [&](std::int64_t row, T value) {
    if (std::in_range<std::int64_t>(value)) return take(row, ValueKind::integer, static_cast<std::int64_t>(value));
    take(row, ValueKind::large_integer, static_cast<std::uint64_t>(value));
  });
}

inline double as_double(Half value) { return static_cast<double>(to_float(value)); }
inline double as_double(float value) { return static_cast<double>(value); }
inline double as_double(double value) { return value; }

template <class T, class Take>
void each_real(const ArrowArray& column, std::int64_t outer, std::int64_t rows, const Take& take) {
  each_value_of(NumberColumn<T>(column, outer), rows, take, [&](std::int64_t row, T value) {
    double real = as_double(value);
    if (std::isnan(real)) real = std::bit_cast<double>(0x7FF8000000000000ULL);
    if (real == 0) real = 0;  // -0 too
    take(row, ValueKind::real, real);
  });
}

template <class Column, class Take>
void each_text(ValueKind kind, const Column& column, std::int64_t rows, const Take& take) {
  each_value_of(column, rows, take, [&](std::int64_t row, std::string_view value) { take(row, kind, value); });
}

inline ValueKind kind_of_moment(const TypeInfo& info) {
  return static_cast<ValueKind>(static_cast<std::uint64_t>(ValueKind::moment) +
                                4 * static_cast<std::uint64_t>(info.type) + static_cast<std::uint64_t>(info.unit));
}

}  // namespace detail

// Whether each_value() knows the column's values: all but lists, structs, maps, intervals, decimals of 256 bits, and what
// stands in a dictionary.
inline bool has_value_bytes(const ArrowSchema& field) {
  if (field.dictionary != nullptr) return false;
  const Type type = type_of(field).type;
  return type < Type::interval && type != Type::decimal256;
}

// Calls take(row, kind, value) for each row of [0, rows), in order: `value` is a std::string_view, or a number whose bytes count.
// Equal values of integers of any width, of floats of any width, of texts of any layout, give the same; so do -0 and 0, and all
// that are not a number. A null is of kind null, with an empty text. `outer` as with the views. Precondition:
// has_value_bytes(field).
template <class Take>
void each_value(const ArrowSchema& field, const ArrowArray& column, std::int64_t outer, std::int64_t rows,
                const Take& take) {
  const TypeInfo info = type_of(field);
  switch (info.type) {
    case Type::boolean:
      return detail::each_value_of(BooleanColumn(column, outer), rows, take, [&](std::int64_t row, bool value) {
        take(row, ValueKind::boolean, static_cast<std::uint8_t>(value ? 1 : 0));
      });
    case Type::int8: return detail::each_integer<std::int8_t>(column, outer, rows, take);
    case Type::uint8: return detail::each_integer<std::uint8_t>(column, outer, rows, take);
    case Type::int16: return detail::each_integer<std::int16_t>(column, outer, rows, take);
    case Type::uint16: return detail::each_integer<std::uint16_t>(column, outer, rows, take);
    case Type::int32: return detail::each_integer<std::int32_t>(column, outer, rows, take);
    case Type::uint32: return detail::each_integer<std::uint32_t>(column, outer, rows, take);
    case Type::int64: return detail::each_integer<std::int64_t>(column, outer, rows, take);
    case Type::uint64: return detail::each_integer<std::uint64_t>(column, outer, rows, take);
    case Type::float16: return detail::each_real<Half>(column, outer, rows, take);
    case Type::float32: return detail::each_real<float>(column, outer, rows, take);
    case Type::float64: return detail::each_real<double>(column, outer, rows, take);
    case Type::decimal128: return detail::each_number<Int128>(ValueKind::decimal, column, outer, rows, take);
    case Type::utf8: return detail::each_text(ValueKind::text, TextColumn(column, outer), rows, take);
    case Type::large_utf8: return detail::each_text(ValueKind::text, LargeTextColumn(column, outer), rows, take);
    case Type::utf8_view: return detail::each_text(ValueKind::text, ViewColumn(column, outer), rows, take);
    case Type::binary: return detail::each_text(ValueKind::bytes, TextColumn(column, outer), rows, take);
    case Type::large_binary: return detail::each_text(ValueKind::bytes, LargeTextColumn(column, outer), rows, take);
    case Type::binary_view: return detail::each_text(ValueKind::bytes, ViewColumn(column, outer), rows, take);
    case Type::fixed_binary:
      return detail::each_text(ValueKind::bytes, FixedBinaryColumn(column, info.width, outer), rows, take);
    case Type::date32:
    case Type::time32:
      return detail::each_number<std::int32_t>(detail::kind_of_moment(info), column, outer, rows, take);
    case Type::date64:
    case Type::time64:
    case Type::timestamp:
    case Type::duration:
      return detail::each_number<std::int64_t>(detail::kind_of_moment(info), column, outer, rows, take);
    default:
      for (std::int64_t row = 0; row < rows; ++row) take(row, ValueKind::null, std::string_view());
  }
}

}  // namespace weir
