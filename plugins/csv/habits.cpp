#include "habits.hpp"

#include <cctz/civil_time.h>

#include <algorithm>
#include <array>

namespace weir::csv {
namespace {

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

// Reads `least` to `most` digits.
bool take_digits(const char*& at, const char* end, int least, int most, int& value) {
  int count = 0;
  for (value = 0; count < most && at != end && is_digit(*at); ++count) value = value * 10 + (*at++ - '0');
  return count >= least;
}

constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};

char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : byte; }

bool begins_with(const char* at, const char* end, std::string_view word) {
  return static_cast<std::size_t>(end - at) >= word.size() &&
         std::equal(word.begin(), word.end(), at, [](char a, char b) { return a == lower(b); });
}

// A month's English name, or its first three letters.
bool take_month(const char*& at, const char* end, bool whole, int& month) {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    const std::string_view name = whole ? kMonths[i] : kMonths[i].substr(0, 3);
    if (!begins_with(at, end, name)) continue;
    at += name.size();
    month = static_cast<int>(i) + 1;
    return true;
  }
  return false;
}

}  // namespace

char* to_usual_number(const char* begin, const char* end, const NumberMarks& marks, char* to) {
  if (static_cast<std::size_t>(end - begin) > kMaxNumber) return nullptr;
  bool fraction = false, grouped = false;
  int in_group = 0;
  for (; begin != end; ++begin) {
    const bool thousands = *begin == marks.thousands && marks.thousands != 0, decimal = *begin == marks.decimal;
    if (thousands || decimal) {
      if (fraction || (grouped && in_group != 3)) return nullptr;
      if (thousands && (in_group == 0 || in_group > 3)) return nullptr;
      grouped = grouped || thousands;
      fraction = decimal;
      in_group = 0;
      if (decimal) *to++ = '.';
      continue;
    }
    if (*begin == '.') return nullptr;
    in_group += is_digit(*begin) ? 1 : 0;
    *to++ = *begin;
  }
  return grouped && !fraction && in_group != 3 ? nullptr : to;
}

std::shared_ptr<const LocalZone> LocalZone::named(const std::string& name) {
  auto made = std::make_shared<LocalZone>();
  return cctz::load_time_zone(name, &made->zone_) ? made : nullptr;
}

std::int64_t LocalZone::to_utc(std::int64_t seconds) const {
  return zone_.lookup(cctz::civil_second(1970, 1, 1) + seconds).pre.time_since_epoch().count();
}

// How far the reading of a text has got, and what it has found.
struct TimePattern::Reading {
  const char* at;
  const char* end;
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, offset = 0;
  std::int32_t nanos = 0;
  int half = -1;  // 0: am, 1: pm
};

TimePattern::TimePattern(std::string_view text, const std::string& pointer) : text_(text) {
  constexpr std::string_view kKnown = "demYybBHIMSfpz%";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') continue;
    const char what = i + 1 < text.size() ? text[i + 1] : ' ';
    if (kKnown.find(what) == std::string_view::npos) {
      throw Failure(
          WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
          "expected a pattern of %d %m %Y %H %M %S and their like, found \"" + std::string(text.substr(i, 2)) + "\"")
          .option(pointer, static_cast<std::int64_t>(i), 2)
          .hint("there are %d %e %m %b %B %Y %y, %H %I %M %S %f %p, %z and %%");
    }
    has_date_ = has_date_ || what == 'd' || what == 'e';
    has_clock_ = has_clock_ || what == 'H' || what == 'I';
    has_offset_ = has_offset_ || what == 'z';
    ++i;
  }
  check(pointer);
}

void TimePattern::check(const std::string& pointer) const {
  const auto has = [this](const char* what) { return text_.find(what) != std::string::npos; };
  const bool year = has("%Y") || has("%y"), month = has("%m") || has("%b") || has("%B");
  const bool whole_date = has_date_ == year && has_date_ == month;
  const bool whole_clock = has_clock_ || !(has("%M") || has("%S") || has("%f") || has("%p") || has_offset_);
  const bool halves = has("%I") == has("%p");
  if (whole_date && whole_clock && halves && (has_date_ || has_clock_) && (!has_offset_ || has_date_)) return;
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                "expected a pattern with a whole date, a time of day, or both, found \"" + text_ + "\"")
      .option(pointer)
      .hint("a date has a day, a month and a year; a time has an hour, and %I goes with %p");
}

bool TimePattern::take(char what, Reading& reading) const {
  const char*& at = reading.at;
  const char* const end = reading.end;
  int value = 0;
  switch (what) {
    case 'd':
    case 'e': return take_digits(at, end, 1, 2, reading.day);
    case 'm': return take_digits(at, end, 1, 2, reading.month);
    case 'b': return take_month(at, end, false, reading.month);
    case 'B': return take_month(at, end, true, reading.month);
    case 'Y': return take_digits(at, end, 4, 4, reading.year);
    case 'y':
      if (!take_digits(at, end, 2, 2, value)) return false;
      reading.year = value + (value < 69 ? 2000 : 1900);
      return true;
    case 'H': return take_digits(at, end, 1, 2, reading.hour) && reading.hour < 24;
    case 'I': return take_digits(at, end, 1, 2, reading.hour) && reading.hour >= 1 && reading.hour <= 12;
    case 'M': return take_digits(at, end, 1, 2, reading.minute) && reading.minute < 60;
    case 'S': return take_digits(at, end, 1, 2, reading.second) && reading.second < 60;
    case 'f': {
      const char* const begin = at;
      if (!take_digits(at, end, 1, 9, reading.nanos)) return false;
      for (auto digits = at - begin; digits < 9; ++digits) reading.nanos *= 10;
      return true;
    }
    case 'p':
      reading.half = begins_with(at, end, "pm") ? 1 : begins_with(at, end, "am") ? 0 : -1;
      at += reading.half < 0 ? 0 : 2;
      return reading.half >= 0;
    case 'z': {
      if (at != end && (*at == 'Z' || *at == 'z')) return ++at, true;
      if (at == end || (*at != '+' && *at != '-')) return false;
      const int sign = *at++ == '-' ? -1 : 1;
      int minutes = 0;
      if (!take_digits(at, end, 2, 2, value)) return false;
      if (at != end && *at == ':') ++at;
      if (!take_digits(at, end, 2, 2, minutes) || value > 23 || minutes > 59) return false;
      reading.offset = sign * (value * 60 + minutes);
      return true;
    }
    default: return at != end && *at++ == what;
  }
}

bool TimePattern::parse(const char* begin, const char* end, text::ReadTimestamp& read) const {
  Reading reading{begin, end};
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '%') {
      if (!take(text_[++i], reading)) return false;
    } else if (reading.at == end || *reading.at++ != text_[i]) {
      return false;
    }
  }
  const auto year = static_cast<std::uint32_t>(reading.year), month = static_cast<std::uint32_t>(reading.month),
             day = static_cast<std::uint32_t>(reading.day);
  if (reading.at != end || !text::detail::is_day(year, month, day)) return false;
  if (reading.half >= 0) reading.hour = reading.hour % 12 + 12 * reading.half;
  const std::int64_t days = has_date_ ? text::detail::days_from(year, month, day) : 0;
  read.seconds = days * 86400 + reading.hour * 3600 + reading.minute * 60 + reading.second - reading.offset * 60;
  read.nanos = reading.nanos;
  read.spelling.zone = has_offset_ ? text::Spelling::Zone::offset : text::Spelling::Zone::none;
  return true;
}

}  // namespace weir::csv
