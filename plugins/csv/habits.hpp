// How a file spells what has no one spelling: numbers with another decimal mark, dates and times by a pattern, times of a
// clock that says no zone.
#pragma once

#include <cctz/time_zone.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

namespace weir::csv {

// The marks in numbers.
struct NumberMarks {
  char decimal = '.';
  char thousands = 0;  // between groups of three digits; 0: none

  bool usual() const { return decimal == '.' && thousands == 0; }
};

inline constexpr std::size_t kMaxNumber = 80;

// Writes the number [begin, end) with a point and without marks between groups to `to`, of kMaxNumber bytes; gives the end, null
// if it has the marks where they can't be, or is longer.
char* to_usual_number(const char* begin, const char* end, const NumberMarks& marks, char* to);

// The zone of timestamps that are written without one. [any]
class LocalZone {
 public:
  // Null if there is no zone of that name.
  static std::shared_ptr<const LocalZone> named(const std::string& name);

  // The seconds in UTC of those that a clock shows: of a time that came twice the first; of one that never came, for the clock was
  // put forward, as if it had not been (docs/decisions/0051).
  std::int64_t to_utc(std::int64_t seconds) const;

 private:
  cctz::time_zone zone_;
};

// A pattern as strptime() has them: %d %e %m %b %B %Y %y, %H %I %M %S %f %p, %z, %%. Numbers may lack leading zeros, but years.
// Constant after it was made. [any]
class TimePattern {
 public:
  // Throws a Failure of the option at `pointer`.
  TimePattern(std::string_view text, const std::string& pointer);

  const std::string& text() const { return text_; }
  bool has_date() const { return has_date_; }
  bool has_clock() const { return has_clock_; }
  bool has_offset() const { return has_offset_; }

  // What a text says: seconds from 1970 of the clock that it shows (without a date, from midnight), and the offset taken off
  // where there is one. False: it is not by the pattern.
  bool parse(const char* begin, const char* end, text::ReadTimestamp& read) const;

 private:
  struct Reading;
  bool take(char what, Reading& reading) const;
  void check(const std::string& pointer) const;

  std::string text_;
  bool has_date_ = false, has_clock_ = false, has_offset_ = false;
};

}  // namespace weir::csv
