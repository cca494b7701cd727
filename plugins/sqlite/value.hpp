// Value: one cell on its way from an Arrow buffer to a statement's parameter.
#pragma once

#include <cstdint>
#include <string_view>

namespace weir::sqlite {

inline constexpr std::int64_t kLargestExact = INT64_C(1) << 53U;  // beyond it a double skips integers

// What SQLite can hold, or the reason why it can't hold this one.
struct Value {
  enum class Kind : std::int32_t { null, integer, real, text, blob, refused };

  Kind kind = Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view bytes;        // text, blob: lent by the batch or the column, until the column's next value
  const char* reason = nullptr;  // refused: a constant

  static Value of(std::int64_t value) { return {Kind::integer, value, 0, {}, nullptr}; }
  static Value of(double value) { return {Kind::real, 0, value, {}, nullptr}; }
  static Value text(std::string_view value) { return {Kind::text, 0, 0, value, nullptr}; }
  static Value blob(std::string_view value) { return {Kind::blob, 0, 0, value, nullptr}; }
  static Value refused(const char* reason) { return {Kind::refused, 0, 0, {}, reason}; }
};

}  // namespace weir::sqlite
