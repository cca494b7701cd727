// The Gregorian calendar, as if it had always been in use, for every day that 64 bits of seconds hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::expr {

inline constexpr std::int64_t kSecondsOfDay = 86'400;

inline std::int64_t floor_divide(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

struct Day {
  std::int64_t year, month, day;
};

// By Howard Hinnant's algorithms; days count from 1970-01-01.
Day calendar_of(std::int64_t days);
std::int64_t days_of(const Day& day);
bool is_leap(std::int64_t year);
std::int64_t days_in_month(std::int64_t year, std::int64_t month);

// The day `months` later; the last of its month if that is shorter.
std::int64_t add_months(std::int64_t days, std::int64_t months);

// 1 Monday to 7 Sunday.
inline std::int64_t weekday_of(std::int64_t days) { return days + 3 - floor_divide(days + 3, 7) * 7 + 1; }
// ISO 8601: the week that the day is in, and the year of that week.
struct IsoWeek {
  std::int64_t year, week;
};
IsoWeek iso_week_of(std::int64_t days);

// Parts of a date or timestamp. Those from `day` on are whole days or more.
enum class DatePart {
  microsecond,
  millisecond,
  second,
  minute,
  hour,
  day,
  week,
  month,
  quarter,
  year,
  decade,
  century,
  // Only to be asked for:
  weekday,
  iso_weekday,
  year_day,
  iso_year,
  epoch
};

// The part of that name: 'month', 'months'; nothing if there is none.
std::optional<DatePart> date_part_named(std::string_view name);
// Those names, for hints.
inline constexpr std::string_view kDatePartNames =
    "microsecond, millisecond, second, minute, hour, day, week, month, quarter, year, decade, century, dow, isodow, "
    "doy, "
    "isoyear, epoch";

// The part, of what a clock shows: seconds since 1970-01-01 there, and microseconds of the second. epoch: whole seconds.
std::int64_t part_of(std::int64_t seconds, std::int64_t micros, DatePart part);

// The first second of the part that `seconds` lies in, from second on; the day's for day.
std::int64_t truncated(std::int64_t seconds, DatePart part);

// How many boundaries of the part lie between two moments: whole parts since the beginning of the calendar, day to century
// and hour to second.
std::int64_t ordinal_of(std::int64_t seconds, DatePart part);

}  // namespace weir::expr
