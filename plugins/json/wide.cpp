#include "wide.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include <weir/cpp/text.hpp>

namespace weir::json {
namespace {

char* write(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

// Divides a 256 bit number, least significant word first, by 10; gives the rest.
unsigned divide_by_ten(std::uint64_t (&words)[4]) {
  __extension__ using Wide = unsigned __int128;
  Wide rest = 0;
  for (int i = 3; i >= 0; --i) {
    const Wide part = rest << 64U | words[i];
    words[i] = static_cast<std::uint64_t>(part / 10);
    rest = part % 10;
  }
  return static_cast<unsigned>(rest);
}

// Writes "T1.5S" of a count of 10^-places seconds; nothing for zero.
char* write_seconds(char* to, std::int64_t value, int places) {
  if (value == 0) return to;
  const std::uint64_t size = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  const std::uint64_t unit = text::detail::kTens[places];
  *to++ = 'T';
  if (value < 0) *to++ = '-';
  to = text::write_uint64(to, size / unit);
  if (size % unit != 0) {
    *to++ = '.';
    text::detail::write_digits(to, size % unit, places);
    to += places;
    while (to[-1] == '0') --to;
  }
  *to++ = 'S';
  return to;
}

char* write_part(char* to, std::int64_t value, char letter) {
  if (value == 0) return to;
  to = text::write_int64(to, value);
  *to++ = letter;
  return to;
}

// An interval of nothing is "P0D".
char* or_nothing(char* begin, char* end) { return end == begin ? write(begin, "0D") : end; }

}  // namespace

char* write_decimal256(char* to, const char* unscaled, int scale) {
  std::uint64_t words[4];
  std::memcpy(words, unscaled, sizeof words);
  if ((words[3] >> 63U) != 0) {
    *to++ = '-';
    std::uint64_t carry = 1;
    for (auto& word : words) {
      word = ~word + carry;
      carry = carry != 0 && word == 0 ? 1 : 0;
    }
  }
  char digits[80];  // the last one first
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + divide_by_ten(words));
  } while ((words[0] | words[1] | words[2] | words[3]) != 0);
  scale = std::clamp(scale, -76, 76);
  while (count <= scale && count < 79) digits[count++] = '0';
  for (int i = count; i-- > 0;) {
    *to++ = digits[i];
    if (i == scale && i > 0) *to++ = '.';
  }
  const bool zero = count == 1 && digits[0] == '0';
  for (int i = scale; i < 0 && !zero; ++i) *to++ = '0';
  return to;
}

char* write_duration(char* to, std::int64_t value, Unit unit) {
  if (value < 0) *to++ = '-';
  *to++ = 'P';
  char* const part = to;
  to = write_seconds(to, value, text::detail::places_of(unit));
  if (to == part) return write(to, "T0S");
  if (value < 0) {  // the sign stands in front already
    std::memmove(part + 1, part + 2, static_cast<std::size_t>(to - part - 2));
    --to;
  }
  return to;
}

char* write_months(char* to, std::int64_t months) {
  *to++ = 'P';
  return or_nothing(to, write_part(to, months, 'M'));
}

char* write_days(char* to, std::int64_t days, std::int64_t milliseconds) {
  *to++ = 'P';
  return or_nothing(to, write_seconds(write_part(to, days, 'D'), milliseconds, 3));
}

char* write_months_days(char* to, const char* value) {
  std::int32_t parts[2];
  std::int64_t nanos = 0;
  std::memcpy(parts, value, sizeof parts);
  std::memcpy(&nanos, value + sizeof parts, sizeof nanos);
  *to++ = 'P';
  char* end = write_part(write_part(to, parts[0], 'M'), parts[1], 'D');
  return or_nothing(to, write_seconds(end, nanos, 9));
}

}  // namespace weir::json
