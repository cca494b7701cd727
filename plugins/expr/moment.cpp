// Kernels over dates and timestamps.
#include "moment.hpp"

#include "cast.hpp"
#include "rowwise.hpp"

namespace weir::expr {
namespace {

using Word = std::int64_t;

// A timestamp of at least that unit, for a date or a coarser one.
OperationPointer refined(OperationPointer moment, Unit unit, const std::string& source) {
  ValueType type = moment->type();
  if (type.kind == Kind::timestamp && type.unit >= unit) return moment;
  type.kind = Kind::timestamp;
  type.unit = unit;
  return cast_operation(std::move(moment), type, source);
}

// How many of the type's units, days or months one `part` is.
Word size_of(DatePart part, Word units) {
  switch (part) {
    case DatePart::microsecond: return units / 1'000'000;
    case DatePart::millisecond: return units / 1'000;
    case DatePart::second: return units;
    case DatePart::minute: return 60 * units;
    case DatePart::hour: return 3600 * units;
    case DatePart::week: return 7;
    case DatePart::quarter: return 3;
    case DatePart::year: return 12;
    case DatePart::decade: return 120;
    case DatePart::century: return 1200;
    default: return 1;
  }
}

}  // namespace

std::optional<Clock> Clock::of(const ValueType& type) {
  Clock clock(type);
  if (!type.zoned || is_utc(type)) return clock;
  clock.zone_ = Zone::named(type.zone);
  return clock.zone_ ? std::optional(clock) : std::nullopt;
}

OperationPointer instant_operation(OperationPointer moment, const Zone& zone, std::string name,
                                   const std::string& source) {
  OperationPointer clock = refined(std::move(moment), Unit::second, source);
  ValueType type = clock->type();
  type.zoned = true;
  type.zone = std::move(name);
  const Word units = per_second(type.unit);
  return rowwise<Word, Word>(type, std::move(clock), fault_in(kOutOfRange, source),
                             [zone, units](Word value, Word& result, Frame&) {
                               const Word seconds = floor_divide(value, units);
                               const Word instant = zone.instant_of(seconds);
                               return !__builtin_mul_overflow(instant, units, &result) &&
                                      !__builtin_add_overflow(result, value - seconds * units, &result);
                             });
}

OperationPointer clock_operation(OperationPointer instant, const Zone& zone, const std::string& source) {
  ValueType type = instant->type();
  type.zoned = false;
  type.zone.clear();
  const Word units = per_second(type.unit);
  return rowwise<Word, Word>(type, std::move(instant), fault_in(kOutOfRange, source),
                             [zone, units](Word value, Word& result, Frame&) {
                               const Word seconds = floor_divide(value, units);
                               return !__builtin_mul_overflow(zone.clock_at(seconds) - seconds, units, &result) &&
                                      !__builtin_add_overflow(result, value, &result);
                             });
}

OperationPointer shifted_operation(OperationPointer moment, OperationPointer amount, DatePart part, int sign,
                                   const std::string& source) {
  if (part < DatePart::day)
    moment = refined(std::move(moment),
                     part == DatePart::millisecond   ? Unit::milli
                     : part == DatePart::microsecond ? Unit::micro
                                                     : Unit::second,
                     source);
  const ValueType type = moment->type();
  const Fault fault = fault_in(type.kind == Kind::date ? "date out of range" : kOutOfRange, source);
  const Clock clock = *Clock::of(type);
  const Word size = sign * size_of(part, clock.units());
  Operations operands = together(std::move(moment), std::move(amount));
  if (part < DatePart::day) {
    return rowwise_of<Word, Word, Word>(
        type, std::move(operands), fault, [size](Word value, Word count, Word& result, Frame&) {
          return !__builtin_mul_overflow(count, size, &result) && !__builtin_add_overflow(value, result, &result);
        });
  }
  constexpr Word kMost = 100'000'000;  // no calendar goes farther
  const bool months = part >= DatePart::month;
  return rowwise_of<Word, Word, Word>(
      type, std::move(operands), fault, [clock, size, months](Word value, Word count, Word& result, Frame&) {
        if (count > kMost || count < -kMost) return false;
        Shown shown = clock.at(value);
        const Word days = floor_divide(shown.seconds, kSecondsOfDay);
        const Word moved = months ? add_months(days, count * size) : days + count * size;
        if (__builtin_add_overflow(shown.seconds, (moved - days) * kSecondsOfDay, &shown.seconds)) return false;
        return clock.value_like(value, shown, result);
      });
}

}  // namespace weir::expr
