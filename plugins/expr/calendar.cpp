// The Gregorian calendar: see calendar.hpp.
#include "calendar.hpp"

#include <algorithm>
#include <iterator>

namespace weir::expr {

Day calendar_of(std::int64_t days) {
  days += 719468;
  const std::int64_t era = floor_divide(days, 146097), of_era = days - era * 146097;
  const std::int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  return {years + era * 400 + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9,
          of_year - (153 * month + 2) / 5 + 1};
}

std::int64_t days_of(const Day& day) {
  const std::int64_t year = day.year - (day.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_divide(year, 400), of_era = year - era * 400;
  const std::int64_t of_year = (153 * (day.month > 2 ? day.month - 3 : day.month + 9) + 2) / 5 + day.day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  constexpr std::int64_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

std::int64_t add_months(std::int64_t days, std::int64_t months) {
  Day day = calendar_of(days);
  const std::int64_t all = day.year * 12 + day.month - 1 + months;
  day.year = floor_divide(all, 12);
  day.month = all - day.year * 12 + 1;
  day.day = std::min(day.day, days_in_month(day.year, day.month));
  return days_of(day);
}

IsoWeek iso_week_of(std::int64_t days) {
  // The week belongs to the year that its Thursday is in.
  const std::int64_t thursday = days - weekday_of(days) + 4;
  const std::int64_t year = calendar_of(thursday).year;
  return {year, (thursday - days_of({year, 1, 1})) / 7 + 1};
}

std::optional<DatePart> date_part_named(std::string_view name) {
  struct Named {
    std::string_view name;
    DatePart part;
  };
  static constexpr Named kNames[] = {{"microsecond", DatePart::microsecond},
                                     {"millisecond", DatePart::millisecond},
                                     {"second", DatePart::second},
                                     {"minute", DatePart::minute},
                                     {"hour", DatePart::hour},
                                     {"day", DatePart::day},
                                     {"week", DatePart::week},
                                     {"month", DatePart::month},
                                     {"quarter", DatePart::quarter},
                                     {"year", DatePart::year},
                                     {"decade", DatePart::decade},
                                     {"century", DatePart::century},
                                     {"dow", DatePart::weekday},
                                     {"dayofweek", DatePart::weekday},
                                     {"weekday", DatePart::weekday},
                                     {"isodow", DatePart::iso_weekday},
                                     {"doy", DatePart::year_day},
                                     {"dayofyear", DatePart::year_day},
                                     {"isoyear", DatePart::iso_year},
                                     {"epoch", DatePart::epoch}};
  const auto* found = std::find_if(std::begin(kNames), std::end(kNames), [&](const Named& one) {
    return name == one.name || (name.size() == one.name.size() + 1 && name.starts_with(one.name) && name.back() == 's');
  });
  if (name == "centuries") return DatePart::century;
  return found == std::end(kNames) ? std::nullopt : std::optional(found->part);
}

std::int64_t part_of(std::int64_t seconds, std::int64_t micros, DatePart part) {
  const std::int64_t days = floor_divide(seconds, kSecondsOfDay), clock = seconds - days * kSecondsOfDay;
  switch (part) {
    case DatePart::microsecond: return clock % 60 * 1'000'000 + micros;
    case DatePart::millisecond: return clock % 60 * 1'000 + micros / 1'000;
    case DatePart::second: return clock % 60;
    case DatePart::minute: return clock / 60 % 60;
    case DatePart::hour: return clock / 3600;
    case DatePart::day: return calendar_of(days).day;
    case DatePart::week: return iso_week_of(days).week;
    case DatePart::month: return calendar_of(days).month;
    case DatePart::quarter: return (calendar_of(days).month + 2) / 3;
    case DatePart::year: return calendar_of(days).year;
    case DatePart::decade: return floor_divide(calendar_of(days).year, 10);
    case DatePart::century: return floor_divide(calendar_of(days).year - 1, 100) + 1;
    case DatePart::weekday: return weekday_of(days) % 7;
    case DatePart::iso_weekday: return weekday_of(days);
    case DatePart::year_day: return days - days_of({calendar_of(days).year, 1, 1}) + 1;
    case DatePart::iso_year: return iso_week_of(days).year;
    case DatePart::epoch: return seconds;
  }
  return 0;
}

std::int64_t truncated(std::int64_t seconds, DatePart part) {
  const auto to = [&](std::int64_t unit) { return floor_divide(seconds, unit) * unit; };
  const std::int64_t days = floor_divide(seconds, kSecondsOfDay);
  const auto first_of = [](std::int64_t year, std::int64_t month) { return days_of({year, month, 1}) * kSecondsOfDay; };
  const Day day = calendar_of(days);
  switch (part) {
    case DatePart::minute: return to(60);
    case DatePart::hour: return to(3600);
    case DatePart::day: return days * kSecondsOfDay;
    case DatePart::week: return (days - weekday_of(days) + 1) * kSecondsOfDay;
    case DatePart::month: return first_of(day.year, day.month);
    case DatePart::quarter: return first_of(day.year, (day.month - 1) / 3 * 3 + 1);
    case DatePart::year: return first_of(day.year, 1);
    case DatePart::decade: return first_of(floor_divide(day.year, 10) * 10, 1);
    case DatePart::century: return first_of(floor_divide(day.year, 100) * 100, 1);
    default: return seconds;
  }
}

std::int64_t ordinal_of(std::int64_t seconds, DatePart part) {
  const std::int64_t days = floor_divide(seconds, kSecondsOfDay);
  const auto months = [&] {
    const Day day = calendar_of(days);
    return day.year * 12 + day.month - 1;
  };
  switch (part) {
    case DatePart::minute: return floor_divide(seconds, 60);
    case DatePart::hour: return floor_divide(seconds, 3600);
    case DatePart::day: return days;
    case DatePart::week: return floor_divide(days + 3, 7);
    case DatePart::month: return months();
    case DatePart::quarter: return floor_divide(months(), 3);
    case DatePart::year: return floor_divide(months(), 12);
    case DatePart::decade: return floor_divide(months(), 120);
    case DatePart::century: return floor_divide(months(), 1200);
    default: return seconds;
  }
}

}  // namespace weir::expr
