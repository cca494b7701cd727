// CronExpression: the five fields of a line of cron's table, and the next minute of a clock that they name. Knows no zone.
//
//   expression  ::=  minute ' ' hour ' ' day_of_month ' ' month ' ' day_of_week  |  '@' word
//   word        ::=  'yearly' | 'annually' | 'monthly' | 'weekly' | 'daily' | 'midnight' | 'hourly'
//   field       ::=  item (',' item)*
//   item        ::=  ('*' | value '-' value) ['/' step]  |  value
//   value       ::=  number | name                  minute 0-59, hour 0-23, day_of_month 1-31, month 1-12, day_of_week 0-7
//   name        ::=  'jan' … 'dec' in a month, 'sun' … 'sat' in a day_of_week, in any case of letters; 0 and 7 are Sunday
//
// A day is named if both of its fields name it. Where neither of the two begins with '*', it is if one of them does: the rule of cron.
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include <cctz/civil_time.h>

#include "base/result.hpp"

namespace weir::cli {

// A value. Threads: as a value.
class CronExpression {
 public:
  // Errors: usage.schedule: no expression; one that names no minute of any year, such as the 30th of February.
  static base::Result<CronExpression> parse(std::string_view text);

  // The first minute that it names, `from` or later.
  cctz::civil_minute next(cctz::civil_minute from) const;
  bool names(cctz::civil_minute minute) const;
  // Names minutes of a day, such as 03:00; else each hour, or each of its minutes.
  bool of_the_day() const { return of_the_day_; }

 private:
  bool names_day(cctz::civil_day day) const;

  std::bitset<64> minutes_, hours_, days_, months_, weekdays_;  // weekday 0: Sunday
  bool either_day_ = false;                                     // day of month or day of week
  bool of_the_day_ = false;
};

}  // namespace weir::cli
