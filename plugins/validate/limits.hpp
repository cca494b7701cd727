// What a type can hold, and what is said of a value that does not fit.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include <weir/arrow.hpp>

namespace weir::validate {

using Word = std::int64_t;

inline constexpr Word kSecondsOfDay = 86'400;

inline Word floor_divide(Word value, Word by) { return value / by - (value % by < 0 ? 1 : 0); }

inline Int128 power_of_ten(std::int32_t exponent) {
  Int128 power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

inline bool is_integer(Type type) {
  switch (type) {
    case Type::int8:
    case Type::uint8:
    case Type::int16:
    case Type::uint16:
    case Type::int32:
    case Type::uint32:
    case Type::int64:
    case Type::uint64: return true;
    default: return false;
  }
}

// The least and greatest integer that a type holds.
inline std::pair<Int128, Int128> limits_of(Type type) {
  const auto of = []<class T>(T) {
    return std::pair<Int128, Int128>(std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
  };
  switch (type) {
    case Type::int8: return of(std::int8_t{});
    case Type::uint8: return of(std::uint8_t{});
    case Type::int16: return of(std::int16_t{});
    case Type::uint16: return of(std::uint16_t{});
    case Type::int32: return of(std::int32_t{});
    case Type::uint32: return of(std::uint32_t{});
    case Type::uint64: return of(std::uint64_t{});
    default: return of(std::int64_t{});
  }
}

inline std::string_view reason_for(Type type) {
  if (is_integer(type)) return "not an integer";
  switch (type) {
    case Type::boolean: return "not true or false";
    case Type::date32: return "not a date";
    case Type::time32:
    case Type::time64: return "not a time";
    case Type::timestamp: return "not a timestamp";
    default: return "not a number";
  }
}

}  // namespace weir::validate
