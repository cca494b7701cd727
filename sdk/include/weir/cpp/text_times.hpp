// Dates, times and timestamps as text: ISO 8601, the Gregorian calendar as if it had always been in use, years 0001 to
// 9999, no leap seconds. Writers take where to write and give the end, or null if the value has no such text; readers
// take all of a text and give false if it is not, as a whole, what they read. Nothing here allocates but spelling_of().
#pragma once

#include <string>

#include "text_numbers.hpp"

namespace weir::text {

inline constexpr std::size_t kMaxDate = 10;
inline constexpr std::size_t kMaxTime = 18;
inline constexpr std::size_t kMaxTimestamp = 36;

inline constexpr std::int32_t kFirstDay = -719162;  // 0001-01-01, in days from 1970-01-01
inline constexpr std::int32_t kLastDay = 2932896;   // 9999-12-31

// How the texts of a timestamp column are written. `kAsNeeded` fraction digits: none for whole seconds, else up to the
// last digit that is not zero.
struct Spelling {
  static constexpr std::int8_t kAsNeeded = -1;
  enum class Zone : std::int8_t { none, utc, offset };

  char separator = 'T';
  std::int8_t digits = kAsNeeded;
  Zone zone = Zone::none;
  std::int16_t offset_minutes = 0;

  friend bool operator==(const Spelling&, const Spelling&) = default;
};

namespace detail {

struct Calendar {
  std::uint32_t year, month, day;
};

// Both by Howard Hinnant's algorithms, counting from 0000-03-01 so that nothing is negative.
inline std::int32_t days_from(std::uint32_t year, std::uint32_t month, std::uint32_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::uint32_t era = year / 400, of_era = year % 400;
  const std::uint32_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return static_cast<std::int32_t>(era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year) - 719468;
}

inline Calendar calendar_of(std::int32_t days) {
  const auto shifted = static_cast<std::uint32_t>(days + 719468);
  const std::uint32_t era = shifted / 146097, of_era = shifted % 146097;
  const std::uint32_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::uint32_t of_year = of_era - (365 * years + years / 4 - years / 100);
  const std::uint32_t month = (5 * of_year + 2) / 153;
  const std::uint32_t day = of_year - (153 * month + 2) / 5 + 1;
  return {years + era * 400 + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9, day};
}

inline bool is_day(std::uint32_t year, std::uint32_t month, std::uint32_t day) {
  constexpr std::uint8_t kDays[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year == 0 || month - 1 > 11 || day == 0) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month] + (month == 2 && leap ? 1U : 0U);
}

// True if each byte of `word` (already combined with a pattern by xor) is 0 to 9 where `limits` has 0x76, and 0 where
// it has 0x7F.
inline bool fits(std::uint64_t word, std::uint64_t limits) {
  return (((word + limits) | word) & 0x8080808080808080ULL) == 0;
}

// Reads "YYYY-MM-DD" at `at`, of which 10 bytes must be there.
inline bool read_day(const char* at, std::int32_t& days) {
  const std::uint64_t word = load8(at) ^ 0x2D30302D30303030ULL;  // "0000-00-"
  const std::uint32_t tens = static_cast<unsigned char>(at[8] - '0'), ones = static_cast<unsigned char>(at[9] - '0');
  if (!fits(word, 0x7F76767F76767676ULL) || tens > 3 || ones > 9) return false;
  const std::uint64_t pairs = word * 10 + (word >> 8U);
  const auto year = static_cast<std::uint32_t>((pairs & 0xFFU) * 100 + ((pairs >> 16U) & 0xFFU));
  const auto month = static_cast<std::uint32_t>((pairs >> 40U) & 0xFFU);
  const std::uint32_t day = tens * 10 + ones;
  if (!is_day(year, month, day)) return false;
  days = days_from(year, month, day);
  return true;
}

// Reads "HH:MM:SS" at `at`, of which 8 bytes must be there.
inline bool read_clock(const char* at, std::int32_t& seconds) {
  const std::uint64_t word = load8(at) ^ 0x30303A30303A3030ULL;  // "00:00:00"
  if (!fits(word, 0x76767F76767F7676ULL)) return false;
  const std::uint64_t pairs = word * 10 + (word >> 8U);
  const auto hours = static_cast<std::int32_t>(pairs & 0xFFU),
             minutes = static_cast<std::int32_t>((pairs >> 24U) & 0xFFU);
  const auto rest = static_cast<std::int32_t>((pairs >> 48U) & 0xFFU);
  if (hours > 23 || minutes > 59 || rest > 59) return false;
  seconds = hours * 3600 + minutes * 60 + rest;
  return true;
}

// Reads ".1" to ".123456789", or nothing, as nanoseconds. Precondition: 8 bytes before `end` can be read.
inline bool read_fraction(const char* begin, const char* end, std::int32_t& nanos, std::int8_t& digits) {
  nanos = 0;
  digits = 0;
  if (begin == end) return true;
  const std::int64_t count = end - begin - 1;
  if (*begin != '.' || count < 1 || count > 9) return false;
  std::uint32_t value = 0;
  const char* last = end;
  if (count == 9 && static_cast<unsigned char>(*--last - '0') > 9) return false;
  const auto shift = static_cast<unsigned>(8 * (8 - (count == 9 ? 8 : count)));
  std::uint64_t word = load8(last - 8);
  word = (word >> shift << shift) | (shift == 0 ? 0 : 0x3030303030303030ULL >> (64 - shift));
  if (!all_digits(word)) return false;
  value = eight_digits(word);
  if (count == 9) value = value * 10 + static_cast<std::uint32_t>(*last - '0');
  nanos = static_cast<std::int32_t>(value * kTens[9 - count]);
  digits = static_cast<std::int8_t>(count);
  return true;
}

// Reads "+HH:MM", 00:00 to 23:59.
inline bool read_offset(const char* at, std::int16_t& minutes) {
  if ((at[0] != '+' && at[0] != '-') || at[3] != ':') return false;
  const int parts[] = {at[1] - '0', at[2] - '0', at[4] - '0', at[5] - '0'};
  for (const int part : parts) {
    if (part < 0 || part > 9) return false;
  }
  const int hours = parts[0] * 10 + parts[1], rest = parts[2] * 10 + parts[3];
  if (hours > 23 || rest > 59) return false;
  minutes = static_cast<std::int16_t>((hours * 60 + rest) * (at[0] == '-' ? -1 : 1));
  return true;
}

inline char* write_calendar(char* to, std::int32_t days) {
  const Calendar day = calendar_of(days);
  put_pair(to, day.year / 100);
  put_pair(to + 2, day.year % 100);
  to[4] = '-';
  put_pair(to + 5, day.month);
  to[7] = '-';
  put_pair(to + 8, day.day);
  return to + 10;
}

// Writes "HH:MM:SS" and the fraction: `part` of `places` digits, as `digits` says, but never fewer than it takes.
inline char* write_clock(char* to, std::uint32_t seconds, std::uint64_t part, int places, int digits) {
  put_pair(to, seconds / 3600);
  to[2] = ':';
  put_pair(to + 3, seconds / 60 % 60);
  to[5] = ':';
  put_pair(to + 6, seconds % 60);
  to += 8;
  if (digits == 0 && part == 0) return to;
  if (part == 0 && digits < 0) return to;
  to[0] = '.';
  write_digits(to + 1, part, places);
  char* end = to + 1 + places;
  const char* least = to + 1 + (digits < 0 ? 0 : digits);
  while (end > least && end[-1] == '0') --end;
  while (end < least) *end++ = '0';
  return end;
}

inline char* write_offset(char* to, std::int32_t minutes) {
  *to = minutes < 0 ? '-' : '+';
  const auto magnitude = static_cast<std::uint32_t>(minutes < 0 ? -minutes : minutes);
  put_pair(to + 1, magnitude / 60);
  to[3] = ':';
  put_pair(to + 4, magnitude % 60);
  return to + 6;
}

inline int places_of(Unit unit) { return 3 * static_cast<int>(unit); }

// Divides towards minus infinity.
inline std::int64_t divide_down(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

}  // namespace detail

// Writes a date32 as "YYYY-MM-DD"; null outside the years 0001 to 9999.
inline char* write_date(char* to, std::int32_t days) {
  return days < kFirstDay || days > kLastDay ? nullptr : detail::write_calendar(to, days);
}

inline bool parse_date(const char* begin, const char* end, std::int32_t& days) {
  return end - begin == 10 && detail::read_day(begin, days);
}

// Writes a time of day as "HH:MM:SS" and a fraction of `digits` (Spelling's meaning); null unless within a day.
inline char* write_time(char* to, std::int64_t value, Unit unit, int digits = Spelling::kAsNeeded) {
  const int places = detail::places_of(unit);
  const auto per_second = static_cast<std::int64_t>(detail::kTens[places]);
  if (value < 0 || value >= 86400 * per_second) return nullptr;
  return detail::write_clock(to, static_cast<std::uint32_t>(value / per_second),
                             static_cast<std::uint64_t>(value % per_second), places, digits);
}

// Reads "HH:MM:SS" with up to 9 fraction digits; false also if the unit can't hold them.
inline bool parse_time(const char* begin, const char* end, Unit unit, std::int64_t& value) {
  std::int32_t seconds = 0, nanos = 0;
  std::int8_t digits = 0;
  if (end - begin < 8 || !detail::read_clock(begin, seconds) || !detail::read_fraction(begin + 8, end, nanos, digits))
    return false;
  const int places = detail::places_of(unit);
  const auto step = static_cast<std::int64_t>(detail::kTens[9 - places]);
  if (nanos % step != 0) return false;
  value = seconds * static_cast<std::int64_t>(detail::kTens[places]) + nanos / step;
  return true;
}

// Writes a timestamp (an instant, if the spelling has a zone; else what the clock showed). Writes more digits than the
// spelling has rather than lose one. Null outside the years 0001 to 9999.
inline char* write_timestamp(char* to, std::int64_t value, Unit unit, const Spelling& spelling) {
  const int places = detail::places_of(unit);
  const auto per_second = static_cast<std::int64_t>(detail::kTens[places]);
  std::int64_t seconds = detail::divide_down(value, per_second);
  // Without a sign, for the product alone may be beyond 64 bits.
  const auto part =
      static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(seconds) * static_cast<std::uint64_t>(per_second);
  constexpr std::int64_t kLimit = std::int64_t{4000000} * 86400;  // keeps the sum below from overflowing
  if (seconds > kLimit || seconds < -kLimit) return nullptr;
  if (spelling.zone == Spelling::Zone::offset) seconds += spelling.offset_minutes * 60;
  const std::int64_t days = detail::divide_down(seconds, 86400);
  if (days < kFirstDay || days > kLastDay) return nullptr;
  to = detail::write_calendar(to, static_cast<std::int32_t>(days));
  *to++ = spelling.separator;
  to = detail::write_clock(to, static_cast<std::uint32_t>(seconds - days * 86400), part, places, spelling.digits);
  if (spelling.zone == Spelling::Zone::utc) *to++ = 'Z';
  if (spelling.zone == Spelling::Zone::offset) to = detail::write_offset(to, spelling.offset_minutes);
  return to;
}

// A timestamp as read: an instant if its spelling has a zone. `spelling.digits` is how many fraction digits there were.
struct ReadTimestamp {
  std::int64_t seconds = 0;  // from 1970
  std::int32_t nanos = 0;    // 0 to 999,999,999, to be added
  Spelling spelling;
};

// Reads "YYYY-MM-DD", 'T' or ' ', "HH:MM:SS", up to 9 fraction digits, and 'Z', "+HH:MM" or nothing.
inline bool parse_timestamp(const char* begin, const char* end, ReadTimestamp& read) {
  if (end - begin < 19 || (begin[10] != 'T' && begin[10] != ' ')) return false;
  read.spelling.separator = begin[10];
  read.spelling.zone = Spelling::Zone::none;
  read.spelling.offset_minutes = 0;
  const char* rest = begin + 19;
  if (end != rest && end[-1] == 'Z') {
    read.spelling.zone = Spelling::Zone::utc;
    --end;
  } else if (end - rest >= 6 && detail::read_offset(end - 6, read.spelling.offset_minutes)) {
    read.spelling.zone = Spelling::Zone::offset;
    end -= 6;
  }
  std::int32_t days = 0, clock = 0;
  if (!detail::read_day(begin, days) || !detail::read_clock(begin + 11, clock) ||
      !detail::read_fraction(rest, end, read.nanos, read.spelling.digits)) {
    return false;
  }
  read.seconds = std::int64_t{days} * 86400 + clock - read.spelling.offset_minutes * 60;
  return true;
}

// Gives a timestamp in a unit; false if that would lose digits or overflow.
inline bool to_unit(const ReadTimestamp& read, Unit unit, std::int64_t& value) {
  const int places = detail::places_of(unit);
  const auto step = static_cast<std::int32_t>(detail::kTens[9 - places]);
  std::int64_t scaled = 0;
  const std::int64_t part = read.nanos / step;
  // A value below zero is scaled from the second above, or the least nanoseconds would overflow on the way.
  const std::int64_t borrow = read.seconds < 0 && part != 0 ? 1 : 0;
  const auto per_second = static_cast<std::int64_t>(detail::kTens[places]);
  if (__builtin_mul_overflow(read.seconds + borrow, per_second, &scaled)) return false;
  if (__builtin_add_overflow(scaled, part - borrow * per_second, &scaled)) return false;
  if (part * step != read.nanos) return false;
  value = scaled;
  return true;
}

// Writes a spelling as the value of kSpellingKey: "T6Z", " 0", "T*+02:00" ('*': as many digits as needed).
inline std::string spelling_text(const Spelling& spelling) {
  std::string text(1, spelling.separator);
  text += spelling.digits < 0 ? '*' : static_cast<char>('0' + spelling.digits);
  if (spelling.zone == Spelling::Zone::utc) text += 'Z';
  if (spelling.zone == Spelling::Zone::offset) {
    char offset[6];
    text.append(offset, detail::write_offset(offset, spelling.offset_minutes));
  }
  return text;
}

inline bool parse_spelling(std::string_view text, Spelling& spelling) {
  if (text.size() < 2 || (text[0] != 'T' && text[0] != ' ')) return false;
  Spelling read;
  read.separator = text[0];
  if (text[1] != '*' && (text[1] < '0' || text[1] > '9')) return false;
  read.digits = text[1] == '*' ? Spelling::kAsNeeded : static_cast<std::int8_t>(text[1] - '0');
  const std::string_view zone = text.substr(2);
  if (zone == "Z") {
    read.zone = Spelling::Zone::utc;
  } else if (!zone.empty()) {
    if (zone.size() != 6 || !detail::read_offset(zone.data(), read.offset_minutes)) return false;
    read.zone = Spelling::Zone::offset;
  }
  spelling = read;
  return true;
}

// Gives how to write a timestamp column: as its metadata says; else with 'T', digits as needed, and its zone as 'Z', or
// as the offset if it is one. An instant is never written without a zone, nor a zoneless value with one.
inline Spelling spelling_of(const ArrowSchema& field) {
  const TypeInfo info = type_of(field);
  Spelling spelling;
  if (!parse_spelling(metadata_value(field, kSpellingKey), spelling)) spelling = Spelling();
  if (info.zone.empty()) {
    spelling.zone = Spelling::Zone::none;
    spelling.offset_minutes = 0;
  } else if (spelling.zone == Spelling::Zone::none) {
    const bool fixed = info.zone.size() == 6 && detail::read_offset(info.zone.data(), spelling.offset_minutes);
    spelling.zone = fixed ? Spelling::Zone::offset : Spelling::Zone::utc;
  }
  return spelling;
}

}  // namespace weir::text
