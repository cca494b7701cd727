// Functions that read, write and place moments: spellings, zones, seconds since 1970.
#include <cmath>

#include "call.hpp"
#include "cast.hpp"
#include "column.hpp"
#include "function.hpp"
#include "moments.hpp"
#include "texts.hpp"
#include "time_format.hpp"

namespace weir::expr {
namespace {

const ValueType kStamp{.kind = Kind::timestamp, .unit = Unit::micro};
const ValueType kInstant{.kind = Kind::timestamp, .unit = Unit::micro, .zoned = true, .zone = "UTC"};

TimeFormat format_at(const Call& call, std::size_t i) {
  constexpr std::string_view kWanted = "a format such as '%d.%m.%Y'";
  TimeFormat::Mistake mistake;
  const std::string& text = call.constant_text(i, kWanted);
  auto format = TimeFormat::of(text, mistake);
  if (format) return *std::move(format);
  Compiler::mistake(
      call.syntax(i),
      "expected " + std::string(kWanted) + " " + call.where() + ", found '" + std::string(mistake.found) + "' in it",
      "the letters are " + std::string(TimeFormat::kLetters));
}

OperationPointer make_strftime(Call& call) {
  const TimeFormat format = format_at(call, 1);
  if (call.kind(0) == Kind::null) return constant_operation(kText, {.null = true});
  const Clock clock = moment_clock(call, 0, Moment::any);
  const Word units = clock.units();
  const bool zoned = call.type(0).zoned;
  return rowwise<Word, View>(kText, call.take(0), {},
                             [clock, format, units, zoned](Word value, View& result, Frame& frame) {
                               const Shown shown = clock.at(value);
                               TimeFields time{shown.seconds, clock.micros(shown), 0};
                               if (zoned) time.offset = shown.seconds - floor_divide(value, units);
                               char* room = frame.arena.take(format.most());
                               const char* end = format.write(time, room);
                               result = {room, static_cast<std::size_t>(end - room)};
                               frame.arena.trim(room, result.size());
                               return true;
                             });
}

OperationPointer make_read(Call& call, bool strict) {
  const TimeFormat format = format_at(call, 1);
  const ValueType type = format.has_offset() ? kInstant : kStamp;
  return rowwise<View, Word>(type, call.text(0), call.fault("not a time of that format"),
                             [format, strict](View text, Word& result, Frame&) {
                               TimeFields time;
                               if (!format.read(text, time)) return strict ? Made::refused : Made::null;
                               result = (time.seconds - time.offset) * 1'000'000 + time.micros;
                               return Made::value;
                             });
}
OperationPointer make_strptime(Call& call) { return make_read(call, true); }
OperationPointer make_try_strptime(Call& call) { return make_read(call, false); }

OperationPointer make_timezone(Call& call) {
  constexpr std::string_view kWanted = "a zone such as 'Europe/Rome'";
  const std::string& name = call.constant_text(0, kWanted);
  const auto zone = Zone::named(name);
  if (!zone) call.unexpected_word(0, kWanted, "zones are those of IANA, UTC, and offsets such as '+02:00'");
  if (call.kind(1) == Kind::null) return constant_operation(kStamp, {.null = true});
  moment_clock(call, 1, Moment::any);
  const bool zoned = call.type(1).zoned;
  const std::string source = call.source();
  return zoned ? clock_operation(call.take(1), *zone, source)
               : instant_operation(call.take(1), *zone, is_utc({.zone = name}) ? "UTC" : name, source);
}

OperationPointer make_to_timestamp(Call& call) {
  const Fault fault = call.fault(kOutOfRange);
  OperationPointer number = call.number(0);
  if (number->type().kind == Kind::null) return constant_operation(kInstant, {.null = true});
  if (number->type().kind == Kind::real) {
    return rowwise<double, Word>(kInstant, std::move(number), fault, [](double value, Word& result, Frame&) {
      const double micros = std::round(value * 1e6);
      if (!(std::fabs(micros) < 9.2e18)) return false;
      result = static_cast<Word>(micros);
      return true;
    });
  }
  const ValueType exact{.kind = Kind::decimal, .precision = 38, .scale = 6};
  OperationPointer micros = cast_operation(std::move(number), exact, call.source());
  return rowwise<Int128, Word>(kInstant, std::move(micros), fault, [](Int128 value, Word& result, Frame&) {
    result = static_cast<Word>(value);
    return result == value;
  });
}

// Whole units of `per_second` since 1970.
template <Word kPerSecond>
OperationPointer make_epoch(Call& call) {
  if (call.kind(0) == Kind::null) return constant_operation(kInteger, {.null = true});
  moment_clock(call, 0, Moment::any);
  const bool date = call.type(0).kind == Kind::date;
  const Word units = date ? 1 : per_second(call.type(0).unit);
  return rowwise<Word, Word>(
      kInteger, call.take(0), call.fault("integer overflow"), [date, units](Word value, Word& result, Frame&) {
        const Word seconds = date ? value * kSecondsOfDay : floor_divide(value, units);
        const Word rest = date ? 0 : value - seconds * units;
        const Word part = units >= kPerSecond ? rest / (units / kPerSecond) : rest * (kPerSecond / units);
        return !__builtin_mul_overflow(seconds, kPerSecond, &result) && !__builtin_add_overflow(result, part, &result);
      });
}

}  // namespace

std::span<const Function> time_functions() {
  static const std::vector<Function> kFunctions = {
      {"epoch_ms",
       "moment",
       "Whole milliseconds since 1970-01-01 00:00, in UTC for an instant.",
       {{"epoch_ms(timestamp '2024-01-01 00:00:00.25Z')", "1704067200250"}},
       make_epoch<1'000>},
      {"epoch_us",
       "moment",
       "Whole microseconds, likewise.",
       {{"epoch_us(timestamp '1970-01-01 00:00:01')", "1000000"}},
       make_epoch<1'000'000>},
      {"strftime",
       "moment, format",
       "The moment as text, on the clock of its zone, in the letters of C: %Y %y %m %d %H %I %M %S, %f microseconds, "
       "%g "
       "milliseconds, %p AM or PM, %a %A %b %B English names, %j day of the year, %z offset, %u %w day of the week, %G "
       "%V "
       "ISO year and week, %F %T; with - no leading zero: %-d.",
       {{"strftime(date '2024-02-09', '%d.%m.%Y')", "'09.02.2024'"},
        {"strftime(timestamp '2024-02-09 15:04:05', '%-d %b, %I:%M %p')", "'9 Feb, 03:04 PM'"}},
       make_strftime},
      {"strptime",
       "text, format",
       "The timestamp that is spelt so; with %z an instant. The whole text must be as the format says.",
       {{"strptime('9.2.2024 15:04', '%d.%m.%Y %H:%M')", "2024-02-09T15:04:00"},
        {"strptime('09/Feb/2024:15:04:05 +0200', '%d/%b/%Y:%H:%M:%S %z')", "2024-02-09T13:04:05Z"},
        {"strptime('30.2.2024', '%d.%m.%Y')", "rejected: not a time of that format"}},
       make_strptime},
      {"timezone",
       "zone, moment",
       "Also written moment at time zone 'Europe/Rome'. Of a timestamp without zone: the instant at which a clock "
       "there "
       "shows it, the first of two where clocks are put back. Of an instant: what a clock there shows. Zones are those "
       "of "
       "IANA, UTC, and offsets such as '+02:00'.",
       {{"timestamp '2024-07-01 12:00:00' at time zone 'Europe/Rome'", "2024-07-01T10:00:00Z"},
        {"timestamp '2024-07-01 12:00:00Z' at time zone 'America/New_York'", "2024-07-01T08:00:00"},
        {"timezone('Europe/Rome', timestamp '2024-03-31 02:30:00')", "2024-03-31T01:30:00Z"}},
       make_timezone},
      {"to_timestamp",
       "seconds",
       "The instant so many seconds after 1970-01-01 00:00 UTC; exact to microseconds for integers and decimals.",
       {{"to_timestamp(1704067200)", "2024-01-01T00:00:00Z"}, {"to_timestamp(0.5)", "1970-01-01T00:00:00.5Z"}},
       make_to_timestamp},
      {"try_strptime",
       "text, format",
       "As strptime, but null where the text is not spelt so.",
       {{"try_strptime('n/a', '%d.%m.%Y')", "null"}},
       make_try_strptime}};
  return kFunctions;
}

}  // namespace weir::expr
