// Times as people spell them.
#include "time_format.hpp"

#include <algorithm>
#include <array>

#include "calendar.hpp"
#include "moments.hpp"

namespace weir::expr {
namespace {

constexpr std::string_view kAll = "YymdHIMSfgpaAbBjzuwVG";
constexpr std::string_view kBare = "ymdHIMSjV";
constexpr std::size_t kLongestPiece = 24;

char* put(char* to, std::string_view text) { return std::copy(text.begin(), text.end(), to); }

char* put_number(char* to, std::int64_t value, int width) {
  if (value < 0) *to++ = '-';
  const std::string digits = std::to_string(value < 0 ? -value : value);
  for (auto size = static_cast<int>(digits.size()); size < width; ++size) *to++ = '0';
  return put(to, digits);
}

char* put_offset(char* to, std::int64_t offset) {
  *to++ = offset < 0 ? '-' : '+';
  const std::int64_t minutes = (offset < 0 ? -offset : offset) / 60;
  to = put_number(to, minutes / 60, 2);
  *to++ = ':';
  return put_number(to, minutes % 60, 2);
}

int width_of(char letter) {
  switch (letter) {
    case 'Y':
    case 'G': return 4;
    case 'f': return 6;
    case 'g':
    case 'j': return 3;
    case 'u':
    case 'w': return 1;
    default: return 2;
  }
}

std::int64_t number_of(const TimeFields& time, char letter) {
  const auto part = [&](DatePart which) { return part_of(time.seconds, time.micros, which); };
  switch (letter) {
    case 'Y': return part(DatePart::year);
    case 'y': return (part(DatePart::year) % 100 + 100) % 100;
    case 'm': return part(DatePart::month);
    case 'd': return part(DatePart::day);
    case 'H': return part(DatePart::hour);
    case 'I': return (part(DatePart::hour) + 11) % 12 + 1;
    case 'M': return part(DatePart::minute);
    case 'S': return part(DatePart::second);
    case 'f': return time.micros;
    case 'g': return time.micros / 1'000;
    case 'j': return part(DatePart::year_day);
    case 'u': return part(DatePart::iso_weekday);
    case 'w': return part(DatePart::weekday);
    case 'V': return part(DatePart::week);
    default: return part(DatePart::iso_year);
  }
}

template <std::size_t kCount>
std::string_view name_in(const std::array<std::string_view, kCount>& names, std::int64_t number, bool whole) {
  const std::string_view name = names[static_cast<std::size_t>(number - 1)];
  return whole ? name : name.substr(0, 3);
}

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool take(std::string_view& text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (small(text[i]) != small(word[i])) return false;
  }
  text.remove_prefix(word.size());
  return true;
}

// What has been read of a time.
struct Reading {
  std::int64_t year = 1900, month = 1, day = 1, year_day = 0, hour = 0, minute = 0, second = 0, micros = 0, offset = 0;
  int afternoon = -1;  // am, pm; -1: not said
};

bool take_digits(std::string_view& text, int most, std::int64_t& value, int& count) {
  value = 0;
  for (count = 0; count < most && !text.empty() && text[0] >= '0' && text[0] <= '9'; ++count) {
    value = value * 10 + (text[0] - '0');
    text.remove_prefix(1);
  }
  return count > 0;
}

template <std::size_t kCount>
bool take_name(std::string_view& text, const std::array<std::string_view, kCount>& names, std::int64_t& number) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    number = static_cast<std::int64_t>(i) + 1;
    if (take(text, names[i]) || take(text, names[i].substr(0, 3))) return true;
  }
  return false;
}

bool take_offset(std::string_view& text, std::int64_t& offset) {
  if (take(text, "Z")) return true;
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
  const std::int64_t sign = text[0] == '-' ? -60 : 60;
  text.remove_prefix(1);
  std::int64_t hours = 0, minutes = 0;
  int count = 0;
  if (!take_digits(text, 2, hours, count) || count < 2) return false;
  const bool colon = take(text, ":");
  if (take_digits(text, 2, minutes, count) ? count < 2 : colon) return false;
  offset = sign * (hours * 60 + minutes);
  return hours < 24 && minutes < 60;
}

bool take_number(std::string_view& text, char letter, Reading& reading) {
  std::int64_t value = 0;
  int count = 0;
  if (!take_digits(text, width_of(letter), value, count)) return false;
  const auto fraction = [&](int digits) {
    for (; count < digits; ++count) value *= 10;
    return value;
  };
  switch (letter) {
    case 'Y': reading.year = value; return true;
    case 'y': reading.year = value + (value < 69 ? 2000 : 1900); return true;
    case 'm': reading.month = value; return true;
    case 'd': reading.day = value; return true;
    case 'H': reading.hour = value; return true;
    case 'I': reading.hour = value % 12; return value >= 1 && value <= 12;
    case 'M': reading.minute = value; return true;
    case 'S': reading.second = value; return true;
    case 'f': reading.micros = fraction(6); return true;
    case 'g': reading.micros = fraction(3) * 1'000; return true;
    case 'j': reading.year_day = value; return value >= 1;
    default: return false;
  }
}

bool take_piece(std::string_view& text, char letter, Reading& reading) {
  std::int64_t ignored = 0;
  switch (letter) {
    case 'p': reading.afternoon = take(text, "AM") ? 0 : take(text, "PM") ? 1 : -1; return reading.afternoon >= 0;
    case 'a':
    case 'A': return take_name(text, kDayNames, ignored);
    case 'b':
    case 'B': return take_name(text, kMonthNames, reading.month);
    case 'z': return take_offset(text, reading.offset);
    default: return take_number(text, letter, reading);
  }
}

bool settle(const Reading& reading, TimeFields& time) {
  if (reading.hour > 23 || reading.minute > 59 || reading.second > 59 || reading.year == 0) return false;
  if (reading.month < 1 || reading.month > 12 || reading.day < 1) return false;
  if (reading.day > days_in_month(reading.year, reading.month)) return false;
  if (reading.year_day > (is_leap(reading.year) ? 366 : 365)) return false;
  const std::int64_t days = reading.year_day > 0 ? days_of({reading.year, 1, 1}) + reading.year_day - 1
                                                 : days_of({reading.year, reading.month, reading.day});
  const std::int64_t hour = reading.afternoon == 1   ? reading.hour % 12 + 12
                            : reading.afternoon == 0 ? reading.hour % 12
                                                     : reading.hour;
  time = {days * kSecondsOfDay + hour * 3600 + reading.minute * 60 + reading.second, reading.micros, reading.offset};
  return true;
}

}  // namespace

std::optional<TimeFormat> TimeFormat::of(std::string_view text, Mistake& mistake) {
  TimeFormat made;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      made.add_text(text.substr(at, 1));
      continue;
    }
    const std::size_t begin = at++;
    const bool bare = at < text.size() && text[at] == '-';
    if (bare) ++at;
    const char letter = at < text.size() ? text[at] : '\0';
    if (letter == '%' && !bare) {
      made.add_text("%");
    } else if (letter == 'F' && !bare) {
      for (const char part : {'Y', 'm', 'd'}) {
        if (part != 'Y') made.add_text("-");
        made.add(part, false);
      }
    } else if (letter == 'T' && !bare) {
      for (const char part : {'H', 'M', 'S'}) {
        if (part != 'H') made.add_text(":");
        made.add(part, false);
      }
    } else if (letter != '\0' && (bare ? kBare : kAll).find(letter) != std::string_view::npos) {
      made.add(letter, bare);
    } else {
      std::size_t end = std::min(at + 1, text.size());
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
      mistake.found = text.substr(begin, end - begin);
      return std::nullopt;
    }
  }
  return made;
}

void TimeFormat::add(char letter, bool bare) {
  pieces_.push_back({.letter = letter, .bare = bare});
  has_offset_ = has_offset_ || letter == 'z';
  most_ += kLongestPiece;
}

void TimeFormat::add_text(std::string_view text) {
  if (pieces_.empty() || pieces_.back().letter != 0) pieces_.emplace_back();
  pieces_.back().text += text;
  most_ += text.size();
}

char* TimeFormat::write(const TimeFields& time, char* to) const {
  const std::int64_t days = floor_divide(time.seconds, kSecondsOfDay);
  for (const Piece& piece : pieces_) {
    switch (piece.letter) {
      case 0: to = put(to, piece.text); break;
      case 'p': to = put(to, time.seconds - days * kSecondsOfDay < kSecondsOfDay / 2 ? "AM" : "PM"); break;
      case 'a':
      case 'A': to = put(to, name_in(kDayNames, weekday_of(days), piece.letter == 'A')); break;
      case 'b':
      case 'B': to = put(to, name_in(kMonthNames, calendar_of(days).month, piece.letter == 'B')); break;
      case 'z': to = put_offset(to, time.offset); break;
      default: to = put_number(to, number_of(time, piece.letter), piece.bare ? 1 : width_of(piece.letter));
    }
  }
  return to;
}

bool TimeFormat::read(std::string_view text, TimeFields& time) const {
  Reading reading;
  for (const Piece& piece : pieces_) {
    if (piece.letter != 0) {
      if (!take_piece(text, piece.letter, reading)) return false;
      continue;
    }
    if (!text.starts_with(piece.text)) return false;
    text.remove_prefix(piece.text.size());
  }
  return text.empty() && settle(reading, time);
}

}  // namespace weir::expr
