#include "fit.hpp"

#include <weir/cpp/text_times.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace weir::sqlite {
namespace {

using Declares = Declared::Kind;
using Found = Value::Kind;

bool are_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_whole(double value) {
  return std::abs(value) <= static_cast<double>(kLargestExact) && value == std::floor(value);
}

// Whether a plain number, "-12.50", has no more digits than the decimal, before the point and behind it.
bool has_room(const Declared& decimal, std::string_view number) {
  if (number.starts_with('-')) number.remove_prefix(1);
  const std::size_t point = std::min(number.find('.'), number.size());
  std::string_view whole = number.substr(0, point), fraction = number.substr(std::min(point + 1, number.size()));
  while (whole.starts_with('0')) whole.remove_prefix(1);
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  return !number.empty() && are_digits(whole) && are_digits(fraction) &&
         whole.size() <= static_cast<std::size_t>(decimal.precision - decimal.scale) &&
         fraction.size() <= static_cast<std::size_t>(decimal.scale);
}

bool is_decimal(const Declared& decimal, const Value& value) {
  char text[64];
  if (value.kind == Found::text) return has_room(decimal, value.bytes);
  const auto end = value.kind == Found::integer ? std::to_chars(text, text + sizeof text, value.integer)
                                                : std::to_chars(text, text + sizeof text, value.real);
  return value.kind != Found::blob && has_room(decimal, {text, static_cast<std::size_t>(end.ptr - text)});
}

bool is_time(Declares declared, const Value& value) {
  if (value.kind != Found::text) return false;
  const char* const begin = value.bytes.data();
  const char* const end = begin + value.bytes.size();
  std::int32_t days = 0;
  std::int64_t ticks = 0;
  text::ReadTimestamp read;
  if (declared == Declares::date) return text::parse_date(begin, end, days);
  if (declared == Declares::time) return text::parse_time(begin, end, Unit::nano, ticks);
  return text::parse_timestamp(begin, end, read);
}

}  // namespace

bool holds_value(const Declared& declared, const Value& value) {
  const bool integer = value.kind == Found::integer, whole = value.kind == Found::real && is_whole(value.real);
  if (value.kind == Found::null) return true;
  switch (declared.kind) {
    case Declares::boolean: return integer && (value.integer == 0 || value.integer == 1);
    case Declares::integer: return integer || whole;
    case Declares::unsigned_integer:
      return (integer && value.integer >= 0) || (whole && value.real >= 0) ||
             (value.kind == Found::text && !value.bytes.empty() && are_digits(value.bytes));
    case Declares::real: return value.kind == Found::real || (integer && is_whole(static_cast<double>(value.integer)));
    case Declares::text: return value.kind != Found::blob;
    case Declares::json: return false;
    case Declares::bytes: return value.kind == Found::blob;
    case Declares::decimal: return is_decimal(declared, value);
    case Declares::date:
    case Declares::time:
    case Declares::timestamp: return is_time(declared.kind, value);
    case Declares::none: return true;
  }
  return true;
}

}  // namespace weir::sqlite
