#include "text.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace weir::sqlite {
namespace {

constexpr std::int64_t kSecondsADay = 86400;
constexpr std::int64_t kNanos = 1000000000;

char* write_digits(char* to, std::uint64_t value, int count) {
  for (int i = count - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + count;
}

char* write_number(char* to, std::int64_t value) { return std::to_chars(to, to + 24, value).ptr; }

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  const std::int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

char* write_year(char* to, std::int64_t year) {
  if (year >= 0 && year <= 9999) return write_digits(to, static_cast<std::uint64_t>(year), 4);
  *to++ = year < 0 ? '-' : '+';
  const std::uint64_t magnitude = year < 0 ? 0 - static_cast<std::uint64_t>(year) : static_cast<std::uint64_t>(year);
  if (magnitude <= 9999) return write_digits(to, magnitude, 4);
  return std::to_chars(to, to + 20, magnitude).ptr;
}

// Writes `digits` digits of a fraction given in ticks, or all of it if that is not enough.
char* write_fraction(char* to, std::int64_t ticks, int unit_digits, int digits) {
  std::uint64_t value = static_cast<std::uint64_t>(ticks);
  int have = unit_digits;
  while (have > digits && value % 10 == 0) {
    value /= 10;
    --have;
  }
  if (have == 0 && digits == 0) return to;
  *to++ = '.';
  to = write_digits(to, value, have);
  for (; have < digits; ++have) *to++ = '0';
  return to;
}

char* write_clock(char* to, std::int64_t seconds) {
  to = write_digits(to, static_cast<std::uint64_t>(seconds / 3600), 2);
  *to++ = ':';
  to = write_digits(to, static_cast<std::uint64_t>(seconds / 60 % 60), 2);
  *to++ = ':';
  return write_digits(to, static_cast<std::uint64_t>(seconds % 60), 2);
}

char* write_offset(char* to, std::int32_t minutes) {
  *to++ = minutes < 0 ? '-' : '+';
  const auto magnitude = static_cast<std::uint64_t>(minutes < 0 ? -minutes : minutes);
  to = write_digits(to, magnitude / 60, 2);
  *to++ = ':';
  return write_digits(to, magnitude % 60, 2);
}

bool read_offset(std::string_view text, std::int32_t& minutes) {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
  const auto digit = [&](std::size_t i) { return text[i] - '0'; };
  minutes = (digit(1) * 10 + digit(2)) * 60 + digit(4) * 10 + digit(5);
  if (text[0] == '-') minutes = -minutes;
  return true;
}

// Limbs of 32 bits, the lowest first; divides by 10^9 and gives the remainder.
std::uint32_t divide(std::array<std::uint32_t, 8>& limbs, int count) {
  std::uint64_t remainder = 0;
  for (int i = count - 1; i >= 0; --i) {
    auto& limb = limbs[static_cast<std::size_t>(i)];
    const std::uint64_t value = (remainder << 32U) | limb;
    limb = static_cast<std::uint32_t>(value / kNanos);
    remainder = value % kNanos;
  }
  return static_cast<std::uint32_t>(remainder);
}

// Writes the digits of an unscaled magnitude right-aligned before `end`; gives the first, without leading zeros.
char* write_magnitude(char* end, std::array<std::uint32_t, 8>& limbs, int count) {
  char* first = end;
  const auto any = [&] {
    for (int i = 0; i < count; ++i) {
      if (limbs[static_cast<std::size_t>(i)] != 0) return true;
    }
    return false;
  };
  while (any()) {
    first -= 9;
    write_digits(first, divide(limbs, count), 9);
  }
  while (first != end && *first == '0') ++first;
  return first;
}

bool load_magnitude(std::array<std::uint32_t, 8>& limbs, const void* bytes, int width) {
  std::memcpy(limbs.data(), bytes, static_cast<std::size_t>(width));
  const int count = width / 4;
  if ((limbs[static_cast<std::size_t>(count - 1)] >> 31U) == 0) return false;
  std::uint64_t carry = 1;
  for (int i = 0; i < count; ++i) {
    auto& limb = limbs[static_cast<std::size_t>(i)];
    carry += static_cast<std::uint32_t>(~limb);
    limb = static_cast<std::uint32_t>(carry);
    carry >>= 32U;
  }
  return true;
}

}  // namespace

Spelling spelling_of(std::string_view text, const Spelling& otherwise) {
  if (text.size() < 2 || (text[0] != 'T' && text[0] != ' ') || text[1] < '0' || text[1] > '9') return otherwise;
  Spelling found;
  found.separator = text[0];
  found.digits = text[1] - '0';
  const std::string_view zone = text.substr(2);
  if (zone == "Z") {
    found.utc = true;
  } else if (!zone.empty()) {
    if (!read_offset(zone, found.offset_minutes)) return otherwise;
    found.offset = true;
  }
  return found;
}

// The civil calendar from a count of days (eras of 400 years that begin in March).
char* write_date(char* to, std::int64_t days) {
  days += 719468;
  const std::int64_t era = floor_divide(days, 146097);
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  to = write_year(to, year_of_era + era * 400 + (month <= 2 ? 1 : 0));
  *to++ = '-';
  to = write_digits(to, static_cast<std::uint64_t>(month), 2);
  *to++ = '-';
  return write_digits(to, static_cast<std::uint64_t>(day_of_year - (153 * shifted + 2) / 5 + 1), 2);
}

char* write_time(char* to, std::int64_t ticks, std::int64_t per_second, int digits) {
  to = write_clock(to, ticks / per_second);
  return write_fraction(to, ticks % per_second, digits, digits);
}

char* write_timestamp(char* to, std::int64_t ticks, std::int64_t per_second, int unit_digits, const Spelling& spelling) {
  std::int64_t seconds = floor_divide(ticks, per_second);
  const std::int64_t fraction = ticks - seconds * per_second;
  if (spelling.offset) seconds += std::int64_t{spelling.offset_minutes} * 60;
  const std::int64_t days = floor_divide(seconds, kSecondsADay);
  to = write_date(to, days);
  *to++ = spelling.separator;
  to = write_clock(to, seconds - days * kSecondsADay);
  to = write_fraction(to, fraction, unit_digits, spelling.digits);
  if (spelling.utc) *to++ = 'Z';
  return spelling.offset ? write_offset(to, spelling.offset_minutes) : to;
}

char* write_interval(char* to, std::int64_t months, std::int64_t days, std::int64_t nanoseconds) {
  *to++ = 'P';
  if (months != 0) {
    to = write_number(to, months);
    *to++ = 'M';
  }
  if (days != 0) {
    to = write_number(to, days);
    *to++ = 'D';
  }
  if (nanoseconds != 0 || (months == 0 && days == 0)) {
    *to++ = 'T';
    const bool negative = nanoseconds < 0;
    const std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(nanoseconds) : static_cast<std::uint64_t>(nanoseconds);
    if (negative) *to++ = '-';
    to = std::to_chars(to, to + 20, magnitude / kNanos).ptr;
    to = write_fraction(to, static_cast<std::int64_t>(magnitude % kNanos), 9, 0);
    *to++ = 'S';
  }
  return to;
}

char* write_decimal(char* to, const void* bytes, int width, int scale) {
  std::array<std::uint32_t, 8> limbs{};
  if (load_magnitude(limbs, bytes, width)) *to++ = '-';
  char digits[90];
  char* const end = digits + sizeof digits;
  const char* first = write_magnitude(end, limbs, width / 4);
  const std::int64_t count = end - first, whole = count - scale;
  const auto copy = [&](std::int64_t bytes_wanted) {
    std::memcpy(to, first, static_cast<std::size_t>(bytes_wanted));
    to += bytes_wanted;
    first += bytes_wanted;
  };
  if (count == 0 || whole <= 0) *to++ = '0';
  if (scale <= 0) {
    copy(count);
    for (int i = scale; count > 0 && i < 0; ++i) *to++ = '0';
    return to;
  }
  if (whole > 0) copy(whole);
  *to++ = '.';
  for (std::int64_t i = whole; i < 0; ++i) *to++ = '0';
  copy(end - first);
  return to;
}

}  // namespace weir::sqlite
