// Functions over dates and timestamps: their parts, and what lies between them.
#include <array>

#include "call.hpp"
#include "column.hpp"
#include "function.hpp"
#include "moments.hpp"
#include "texts.hpp"

namespace weir::expr {
namespace {

constexpr std::string_view kWanted = "a part of a date such as 'month'";

DatePart part_at(const Call& call, std::size_t i) {
  const auto part = date_part_named(lowered(call.constant_text(i, kWanted)));
  if (!part) call.unexpected_word(i, kWanted, "the parts are " + std::string(kDatePartNames));
  return *part;
}

// The part of argument i; of an integer type but for the epoch.
OperationPointer part_operation(Call& call, std::size_t i, DatePart part) {
  const bool of_clock = part < DatePart::day;
  if (call.kind(i) == Kind::null) return constant_operation(part == DatePart::epoch ? kReal : kInteger, {.null = true});
  const Clock clock = moment_clock(call, i, of_clock ? Moment::timestamp : Moment::any);
  OperationPointer moment = call.take(i);
  if (part == DatePart::epoch) {
    const bool date = moment->type().kind == Kind::date;
    const auto units = static_cast<double>(clock.units());
    return rowwise<Word, double>(kReal, std::move(moment), {}, [date, units](Word value, double& result, Frame&) {
      result = date ? static_cast<double>(value * kSecondsOfDay) : static_cast<double>(value) / units;
      return true;
    });
  }
  return rowwise<Word, Word>(kInteger, std::move(moment), {}, [clock, part](Word value, Word& result, Frame&) {
    const Shown shown = clock.at(value);
    result = part_of(shown.seconds, part < DatePart::second ? clock.micros(shown) : 0, part);
    return true;
  });
}

template <DatePart kPart>
OperationPointer make_part(Call& call) {
  return part_operation(call, 0, kPart);
}
OperationPointer make_date_part(Call& call) { return part_operation(call, 1, part_at(call, 0)); }

OperationPointer make_date_trunc(Call& call) {
  const DatePart part = part_at(call, 0);
  if (part > DatePart::century) call.unexpected_word(0, "a part that time can be cut off at, such as 'month',");
  if (call.kind(1) == Kind::null) return call.take(1);
  const Clock clock = moment_clock(call, 1, Moment::any);
  const ValueType type = call.type(1);
  const Word kept = type.kind == Kind::date         ? 1
                    : part == DatePart::millisecond ? 1'000
                    : part == DatePart::microsecond ? 1'000'000
                                                    : 1;
  const Word unit = std::max<Word>(1, clock.units() / kept);  // of the rest: what is kept of it
  const Fault fault = call.fault(kOutOfRange);
  return rowwise<Word, Word>(type, call.take(1), fault, [clock, part, unit](Word value, Word& result, Frame&) {
    Shown shown = clock.at(value);
    if (part <= DatePart::second) {
      result = value - shown.rest % unit;
      return true;
    }
    const Word first = truncated(shown.seconds, part);
    if (part >= DatePart::day) return clock.value_of({first, 0}, result);
    // On the line of time: the hour that clocks show twice is two.
    result = value - shown.rest - (shown.seconds - first) * clock.units();
    return true;
  });
}

OperationPointer make_date_diff(Call& call) {
  const DatePart part = part_at(call, 0);
  if (part > DatePart::century) call.unexpected_word(0, "a part that can be counted, such as 'month',");
  for (const std::size_t i : {std::size_t{1}, std::size_t{2}}) {
    if (call.kind(i) == Kind::null) return constant_operation(kInteger, {.null = true});
  }
  for (const std::size_t i : {std::size_t{1}, std::size_t{2}}) moment_clock(call, i, Moment::any);
  if (call.type(1).zoned != call.type(2).zoned)
    call.unexpected(2, call.type(1).zoned ? "an instant like the other" : "a moment without zone like the other",
                    "x at time zone 'Europe/Rome' makes the one of the other");
  // Hours of an instant lie on the line of time, days and more on one clock.
  ValueType first_type = call.type(1), second_type = call.type(2);
  if (first_type.zoned && part < DatePart::day) first_type.zone = "UTC";
  if (second_type.zoned) second_type.zone = first_type.zone;
  const Clock from = *Clock::of(first_type), to = *Clock::of(second_type);
  const Fault fault = call.fault("integer overflow");
  OperationPointer first = call.take(1);
  const Word fine = part == DatePart::microsecond ? 1'000'000 : part == DatePart::millisecond ? 1'000 : 0;
  return rowwise_of<Word, Word, Word>(kInteger, together(std::move(first), call.take(2)), fault,
                                      [from, to, part, fine](Word a, Word b, Word& result, Frame&) {
                                        const Shown begun = from.at(a), last = to.at(b);
                                        if (fine == 0) {
                                          result = ordinal_of(last.seconds, part) - ordinal_of(begun.seconds, part);
                                          return true;
                                        }
                                        const Word micros = to.micros(last) / (1'000'000 / fine) -
                                                            from.micros(begun) / (1'000'000 / fine);
                                        return !__builtin_mul_overflow(last.seconds - begun.seconds, fine, &result) &&
                                               !__builtin_add_overflow(result, micros, &result);
                                      });
}

OperationPointer make_shifted(Call& call, int sign) {
  if (call.kind(0) == Kind::null) return call.take(0);
  moment_clock(call, 0, Moment::any);
  if (call.syntax(1).shape != Shape::interval) call.unexpected(1, "an interval", "write interval 1 month");
  return call.compiler().shifted(call.take_operand(0), call.syntax(1), sign);
}
OperationPointer make_date_add(Call& call) { return make_shifted(call, 1); }
OperationPointer make_date_sub(Call& call) { return make_shifted(call, -1); }

OperationPointer make_last_day(Call& call) {
  const ValueType date{.kind = Kind::date};
  if (call.kind(0) == Kind::null) return constant_operation(date, {.null = true});
  const Clock clock = moment_clock(call, 0, Moment::any);
  return rowwise<Word, Word>(date, call.take(0), {}, [clock](Word value, Word& result, Frame&) {
    const Word days = floor_divide(clock.at(value).seconds, kSecondsOfDay);
    const Day day = calendar_of(days);
    result = days - day.day + days_in_month(day.year, day.month);
    return true;
  });
}

template <DatePart kPart, std::size_t kCount>
OperationPointer make_named(Call& call, const std::array<std::string_view, kCount>& names) {
  if (call.kind(0) == Kind::null) return constant_operation(kText, {.null = true});
  const Clock clock = moment_clock(call, 0, Moment::any);
  return rowwise<Word, View>(kText, call.take(0), {}, [clock, &names](Word value, View& result, Frame&) {
    result = names[static_cast<std::size_t>(part_of(clock.at(value).seconds, 0, kPart) - 1)];
    return true;
  });
}
OperationPointer make_dayname(Call& call) { return make_named<DatePart::iso_weekday>(call, kDayNames); }
OperationPointer make_monthname(Call& call) { return make_named<DatePart::month>(call, kMonthNames); }

bool is_day(const Day& day) {
  return day.year >= -999'999 && day.year <= 999'999 && day.month >= 1 && day.month <= 12 && day.day >= 1 &&
         day.day <= days_in_month(day.year, day.month);
}

OperationPointer make_make_date(Call& call) {
  OperationPointer first = call.integer(0), second = call.integer(1);
  return rowwise_of<Word, Word, Word, Word>(
      {.kind = Kind::date}, together(std::move(first), std::move(second), call.integer(2)), call.fault("no such day"),
      [](Word year, Word month, Word day, Word& result, Frame&) {
        if (!is_day({year, month, day})) return false;
        result = days_of({year, month, day});
        return true;
      });
}

OperationPointer make_make_timestamp(Call& call) {
  Operations parts;
  for (std::size_t i = 0; i < 5; ++i) parts.push_back(call.integer(i));
  const ValueType type{.kind = Kind::timestamp, .unit = Unit::micro};
  parts.push_back(call.real(5));
  return rowwise_of<Word, Word, Word, Word, Word, Word, double>(
      type, std::move(parts), call.fault("no such time"),
      [](Word year, Word month, Word day, Word hour, Word minute, double second, Word& result, Frame&) {
        if (!is_day({year, month, day}) || hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
        if (!(second >= 0 && second < 60)) return false;
        const Word seconds = days_of({year, month, day}) * kSecondsOfDay + hour * 3600 + minute * 60;
        result = seconds * 1'000'000 + static_cast<Word>(std::llround(second * 1e6));
        return true;
      });
}

}  // namespace

std::span<const Function> date_functions() {
  static const std::vector<Function> kFunctions = {
      {"date_add",
       "moment, interval",
       "The moment that much later; also written moment + interval 1 month.",
       {{"date_add(date '2024-01-31', interval 1 month)", "2024-02-29"}},
       make_date_add},
      {"date_diff, datediff",
       "part, from, to",
       "How many boundaries of the part, say ends of months, lie between the two. Of instants, hours and less lie on "
       "the "
       "line of time, days and more on the clock of the first one's zone.",
       {{"date_diff('month', date '2024-01-31', date '2024-03-01')", "2"},
        {"date_diff('hour', timestamp '2024-01-01 23:59:00', timestamp '2024-01-02 00:01:00')", "1"},
        {"date_diff('hour', timestamp '2024-03-30 23:00:00' at time zone 'Europe/Rome', timestamp '2024-03-31 "
         "10:00:00Z')",
         "12"}},
       make_date_diff},
      {"date_part, datepart",
       "part, moment",
       "A part of a date or timestamp, on the clock of its zone; also written extract(part from moment). The parts are "
       "microsecond and millisecond (of the minute), second, minute, hour, day, week (of ISO 8601), month, quarter, "
       "year, decade, century, dow (0 is Sunday), isodow (7 is Sunday), doy, isoyear, epoch (seconds since 1970, a "
       "double).",
       {{"date_part('quarter', date '2024-05-01')", "2"},
        {"extract(dow from date '2024-05-05')", "0"},
        {"date_part('epoch', timestamp '1970-01-02 00:00:00.5')", "86400.5"}},
       make_date_part},
      {"date_sub",
       "moment, interval",
       "The moment that much earlier; also written moment - interval 1 month.",
       {{"date_sub(date '2024-03-31', interval 1 month)", "2024-02-29"}},
       make_date_sub},
      {"date_trunc, datetrunc",
       "part, moment",
       "The first moment of the part, on the clock of its zone: weeks begin on Monday. An hour that a clock shows "
       "twice is two.",
       {{"date_trunc('month', date '2024-05-17')", "2024-05-01"},
        {"date_trunc('hour', timestamp '2024-05-17 12:34:56')", "2024-05-17T12:00:00"},
        {"date_trunc('week', date '2024-05-17')", "2024-05-13"}},
       make_date_trunc},
      {"epoch",
       "moment",
       "Seconds since 1970-01-01 00:00, in UTC for an instant: a double.",
       {{"epoch(timestamp '2024-01-01 00:00:00Z')", "1704067200.0"}},
       make_part<DatePart::epoch>},
      {"last_day",
       "moment",
       "The last day of its month.",
       {{"last_day(date '2024-02-10')", "2024-02-29"}},
       make_last_day},
      {"make_date",
       "year, month, day",
       "A date of its parts.",
       {{"make_date(2024, 2, 29)", "2024-02-29"}, {"make_date(2023, 2, 29)", "rejected: no such day"}},
       make_make_date},
      {"make_timestamp",
       "year, month, day, hour, minute, second",
       "A timestamp without zone of its parts.",
       {{"make_timestamp(2024, 2, 29, 12, 30, 1.5)", "2024-02-29T12:30:01.5"}},
       make_make_timestamp}};
  return kFunctions;
}

std::span<const Function> date_part_functions() {
  static const std::vector<Function> kFunctions = {
      {"day, dayofmonth",
       "moment",
       "The day of the month.",
       {{"day(date '2024-02-29')", "29"}},
       make_part<DatePart::day>},
      {"dayname",
       "moment",
       "The day of the week, in English.",
       {{"dayname(date '2024-02-29')", "'Thursday'"}},
       make_dayname},
      {"dayofweek, weekday",
       "moment",
       "The day of the week: 0 is Sunday, 6 is Saturday.",
       {{"dayofweek(date '2024-05-05')", "0"}},
       make_part<DatePart::weekday>},
      {"dayofyear",
       "moment",
       "The day of the year.",
       {{"dayofyear(date '2024-12-31')", "366"}},
       make_part<DatePart::year_day>},
      {"isodow",
       "moment",
       "The day of the week: 1 is Monday, 7 is Sunday.",
       {{"isodow(date '2024-05-05')", "7"}},
       make_part<DatePart::iso_weekday>},
      {"isoyear",
       "moment",
       "The year that the week of ISO 8601 belongs to.",
       {{"isoyear(date '2024-12-30')", "2025"}},
       make_part<DatePart::iso_year>},
      {"month", "moment", "The month of the year.", {{"month(date '2024-02-29')", "2"}}, make_part<DatePart::month>},
      {"monthname",
       "moment",
       "The month, in English.",
       {{"monthname(date '2024-02-29')", "'February'"}},
       make_monthname},
      {"quarter",
       "moment",
       "The quarter of the year.",
       {{"quarter(date '2024-05-01')", "2"}},
       make_part<DatePart::quarter>},
      {"week, weekofyear",
       "moment",
       "The week of the year, by ISO 8601.",
       {{"week(date '2024-12-30')", "1"}},
       make_part<DatePart::week>},
      {"year",
       "moment",
       "The year.",
       {{"year(date '2024-02-29')", "2024"}, {"year(null)", "null"}},
       make_part<DatePart::year>}};
  return kFunctions;
}

std::span<const Function> clock_part_functions() {
  static const std::vector<Function> kFunctions = {{"hour",
                                                    "timestamp",
                                                    "The hour of the day.",
                                                    {{"hour(timestamp '2024-01-01 23:45:06')", "23"}},
                                                    make_part<DatePart::hour>},
                                                   {"microsecond",
                                                    "timestamp",
                                                    "Microseconds of the minute.",
                                                    {{"microsecond(timestamp '2024-01-01 00:00:01.5')", "1500000"}},
                                                    make_part<DatePart::microsecond>},
                                                   {"millisecond",
                                                    "timestamp",
                                                    "Milliseconds of the minute.",
                                                    {{"millisecond(timestamp '2024-01-01 00:00:01.5')", "1500"}},
                                                    make_part<DatePart::millisecond>},
                                                   {"minute",
                                                    "timestamp",
                                                    "The minute of the hour.",
                                                    {{"minute(timestamp '2024-01-01 23:45:06')", "45"}},
                                                    make_part<DatePart::minute>},
                                                   {"second",
                                                    "timestamp",
                                                    "The second of the minute.",
                                                    {{"second(timestamp '2024-01-01 23:45:06.7')", "6"}},
                                                    make_part<DatePart::second>}};
  return kFunctions;
}

}  // namespace weir::expr
