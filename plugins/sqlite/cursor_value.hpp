// The option cursor, and values of its column.
#pragma once

#include <weir/weir.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "value.hpp"

namespace weir::sqlite {

// A value of a cursor's column, copied.
struct CursorValue {
  Value::Kind kind = Value::Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;

  static CursorValue of(const Value& value);
  bool is_number() const { return kind == Value::Kind::integer || kind == Value::Kind::real; }
  bool is_null() const { return kind == Value::Kind::null; }
  // Precondition: both are numbers, or both text.
  bool less_than(const CursorValue& other) const;
  std::string literal() const;  // as SQL has it
  std::string shown() const;
};

// The option.
struct CursorWanted {
  std::string column;
  std::vector<std::string> key;
  std::int64_t window_ns = 0;  // of times as text
  std::int64_t overlap = 0;    // of numbers
  CursorValue start;           // null: none
  bool skips_nulls = false;
};

// Throws for what doesn't go together. Precondition: the option is there.
CursorWanted read_cursor(const Config& config);

// The least value that is read again behind `greatest`. Throws where the window is one for other values.
CursorValue window_before(const CursorValue& greatest, const CursorWanted& cursor);

// A text such as 2024-05-01 12:00:00.5+02:00, or 2024-05-01, `seconds` earlier, spelled the same way; of a date whole days are
// taken. Empty: it is no such text, or that was before the year 1.
std::string earlier_text(std::string_view text, std::int64_t seconds);

}  // namespace weir::sqlite
