// What the values of an expression are: the types that kernels know. Arrow's many types come down to these when a column is
// loaded, and go up again when a column is made.
#pragma once

#include <cstdint>
#include <string>

#include <weir/arrow.hpp>

namespace weir::expr {

// In parentheses: how a vector holds the values (vector.hpp).
enum class Kind : std::uint8_t {
  null,       // every value is null; fits wherever a value is expected
  boolean,    // (bits)
  integer,    // all integers but uint64, which is decimal(20,0) (int64)
  decimal,    // exact, `precision` digits, `scale` of them after the point (Int128)
  real,       // float16, float, double (double)
  text,       // (string_view)
  date,       // days since 1970 (int64)
  timestamp,  // `unit`s since 1970 (int64); `zoned`: an instant, else what a clock on a wall shows
  time,       // `unit`s since midnight (int64)
  duration,   // `unit`s (int64)
  other       // nothing but `is null` is known for it
};

struct ValueType {
  Kind kind = Kind::null;
  std::int32_t precision = 0;
  std::int32_t scale = 0;
  Unit unit = Unit::second;
  bool zoned = false;
  std::string zone = {};

  bool operator==(const ValueType&) const = default;
};

inline constexpr std::int32_t kMaximumPrecision = 38;

inline const ValueType kBoolean{.kind = Kind::boolean};
inline const ValueType kInteger{.kind = Kind::integer, .precision = 19};
inline const ValueType kReal{.kind = Kind::real};
inline const ValueType kText{.kind = Kind::text};

// The type as which values of an Arrow column are computed with (of a dictionary: of its values).
ValueType value_type_of(const ArrowSchema& field);

// The format text of a column that holds such values: int64, double, utf8, bool, decimal128, …
std::string format_of(const ValueType& type);

// The type in words, as `types:` of a manifest has it: "int64", "decimal(10,2)", "string".
std::string name_of(const ValueType& type);

inline bool is_number(Kind kind) { return kind == Kind::integer || kind == Kind::decimal || kind == Kind::real; }
inline bool is_temporal(Kind kind) {
  return kind == Kind::date || kind == Kind::timestamp || kind == Kind::time || kind == Kind::duration;
}
// True if a vector holds the values as int64_t.
inline bool is_word(Kind kind) { return kind == Kind::integer || is_temporal(kind); }

// True if the type's zone is UTC, by whatever name.
inline bool is_utc(const ValueType& type) {
  return type.zone == "UTC" || type.zone == "Z" || type.zone == "Etc/UTC" || type.zone == "GMT" ||
         type.zone == "+00:00";
}

// Units of one second.
inline std::int64_t per_second(Unit unit) {
  return unit == Unit::second ? 1 : unit == Unit::milli ? 1'000 : unit == Unit::micro ? 1'000'000 : 1'000'000'000;
}

// 10^exponent, for 0 ≤ exponent ≤ 38.
Int128 power_of_ten(std::int32_t exponent);

}  // namespace weir::expr
