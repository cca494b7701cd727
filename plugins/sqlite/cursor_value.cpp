#include "cursor_value.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include <weir/cpp/text_times.hpp>

namespace weir::sqlite {
namespace {

constexpr std::int64_t kDaySeconds = 86400;
constexpr std::int64_t kSecondNs = 1'000'000'000;

}  // namespace

CursorWanted read_cursor(const Config& config) {
  CursorWanted cursor;
  cursor.column = config.text("/cursor/column");
  for (std::uint64_t i = 0; i < config.count("/cursor/key"); ++i)
    cursor.key.emplace_back(config.text("/cursor/key/" + std::to_string(i)));
  cursor.window_ns = config.integer("/cursor/window");
  cursor.overlap = config.integer("/cursor/overlap");
  cursor.skips_nulls = config.text("/cursor/nulls") == "skip";
  switch (config.kind("/cursor/start")) {
    case WEIR_CONFIG_TEXT: cursor.start = CursorValue::of(Value::text(config.text("/cursor/start"))); break;
    case WEIR_CONFIG_INTEGER: cursor.start = CursorValue::of(Value::of(config.integer("/cursor/start"))); break;
    case WEIR_CONFIG_NUMBER: cursor.start = CursorValue::of(Value::of(config.number("/cursor/start"))); break;
    default: break;
  }
  if (cursor.window_ns > 0 && cursor.overlap > 0) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected window or overlap, found both")
        .option("/cursor/overlap")
        .hint("window is for times as text, overlap for numbers: take one of them away");
  }
  return cursor;
}

// The least value that is read again behind `greatest`.
CursorValue window_before(const CursorValue& greatest, const CursorWanted& cursor) {
  CursorValue from = greatest;
  if (greatest.is_null() || (cursor.window_ns == 0 && cursor.overlap == 0)) return from;
  if (greatest.is_number() == (cursor.window_ns > 0)) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  greatest.is_number()
                      ? "expected overlap, for the cursor '" + cursor.column + "' has numbers, found window"
                      : "expected window, for the cursor '" + cursor.column + "' has text, found overlap")
        .option(greatest.is_number() ? "/cursor/window" : "/cursor/overlap")
        .hint(greatest.is_number() ? "say how far to go back in the unit of the column: overlap: 1000"
                                   : "say how far to go back as a time: window: 1d");
  }
  if (greatest.kind == Value::Kind::real) {
    from.real -= static_cast<double>(cursor.overlap);
  } else if (greatest.kind == Value::Kind::integer) {
    if (__builtin_sub_overflow(greatest.integer, cursor.overlap, &from.integer)) from.integer = INT64_MIN;
  } else {
    from.text = earlier_text(greatest.text, (cursor.window_ns + kSecondNs - 1) / kSecondNs);
    if (!from.text.empty()) return from;
    throw Failure(
        WEIR_FAILED_PRECONDITION, WEIR_FAULT_SOURCE,
        "expected times such as 2024-05-01 12:00:00 in the cursor '" + cursor.column + "', found " + greatest.shown())
        .option("/cursor/window")
        .hint("without window rows are read from the greatest value on");
  }
  return from;
}

CursorValue CursorValue::of(const Value& value) {
  return {value.kind, value.integer, value.real, std::string(value.bytes)};
}

bool CursorValue::less_than(const CursorValue& other) const {
  if (!is_number()) return text < other.text;
  if (kind == other.kind && kind == Value::Kind::integer) return integer < other.integer;
  const auto wide = [](const CursorValue& value) {
    return value.kind == Value::Kind::integer ? static_cast<long double>(value.integer)
                                              : static_cast<long double>(value.real);
  };
  return wide(*this) < wide(other);
}

std::string CursorValue::literal() const {
  if (kind == Value::Kind::integer) {  // the least number is no literal of SQLite
    return integer == INT64_MIN ? "(-9223372036854775807 - 1)" : std::to_string(integer);
  }
  if (kind == Value::Kind::real) {
    if (std::isinf(real)) return real > 0 ? "9e999" : "-9e999";
    std::array<char, 40> digits{};
    std::snprintf(digits.data(), digits.size(), "%.17e", real);
    return digits.data();
  }
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

std::string CursorValue::shown() const { return kind == Value::Kind::text ? text : literal(); }

std::string earlier_text(std::string_view text, std::int64_t seconds) {
  std::string made(text);
  std::int32_t days = 0;
  std::array<char, text::kMaxTimestamp> written{};
  if (text::parse_date(text.data(), text.data() + text.size(), days)) {
    char* const end =
        text::write_date(written.data(), days - static_cast<std::int32_t>(std::min<std::int64_t>(
                                                    (seconds + kDaySeconds - 1) / kDaySeconds, text::kLastDay * 2LL)));
    return end == nullptr ? std::string() : std::string(written.data(), end);
  }
  text::ReadTimestamp read;
  if (!text::parse_timestamp(text.data(), text.data() + text.size(), read)) return {};
  // Fraction and zone stay as they are: only whole seconds are taken.
  text::Spelling spelling = read.spelling;
  spelling.digits = 0;
  char* const end = text::write_timestamp(written.data(), read.seconds - seconds, Unit::second, spelling);
  if (end == nullptr) return {};
  constexpr std::size_t kWhole = 19;
  made.replace(0, kWhole, written.data(), kWhole);
  return made;
}

}  // namespace weir::sqlite
