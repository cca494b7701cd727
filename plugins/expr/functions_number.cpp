// Kernels over numbers and dates.
#include <cmath>
#include <limits>

#include "functions.hpp"
#include "rowwise.hpp"

namespace weir::expr {
namespace {

using Word = std::int64_t;

const ValueType kInteger{.kind = Kind::integer, .precision = 19};

// value to a multiple of `unit`; for nearest half away from zero. False if that overflows.
template <class T>
bool round_to(T value, T unit, Rounding rounding, T& result) {
  const T rest = value % unit;
  result = value - rest;
  if (rest == 0) return true;
  T step = 0;
  if (rounding == Rounding::down) step = rest < 0 ? -unit : 0;
  if (rounding == Rounding::up) step = rest > 0 ? unit : 0;
  if (rounding == Rounding::nearest) {
    const T magnitude = rest < 0 ? -rest : rest;
    if (magnitude >= unit - magnitude) step = value < 0 ? -unit : unit;
  }
  return !__builtin_add_overflow(result, step, &result);
}

double round_double(double value, Rounding rounding, int digits) {
  if (!std::isfinite(value)) return value;
  if (digits == 0) {
    return rounding == Rounding::down ? std::floor(value)
           : rounding == Rounding::up ? std::ceil(value)
                                      : std::round(value);
  }
  // By the digits that people see: 2.675 is a little less than that, yet rounds to 2.68.
  char text[400];
  if (digits > 0) {
    const double power = std::pow(10.0, digits);
    const double scaled = value * power;
    if (std::fabs(scaled) >= 4503599627370496.0) return value;
    const double rounded = std::round(scaled);
    const double again = std::fabs(std::fabs(scaled - std::trunc(scaled)) - 0.5);
    if (again > 1e-6) return rounded / power;
    const auto shortest = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
    const std::string_view all(text, static_cast<std::size_t>(shortest.ptr - text));
    const std::size_t next = all.find('.') + 1 + static_cast<std::size_t>(digits);
    const bool up = next < all.size() && all[next] >= '5';
    return (std::trunc(std::trunc(scaled * 2) / 2) + (up ? (value < 0 ? -1 : 1) : 0)) / power;
  }
  const double power = std::pow(10.0, -digits);
  return std::round(value / power) * power;
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

struct Day {
  std::int64_t year, month, day;
};

// Howard Hinnant's algorithm, for every day of 32 bits.
Day calendar_of(std::int64_t days) {
  days += 719468;
  const std::int64_t era = floor_divide(days, 146097), of_era = days - era * 146097;
  const std::int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  return {years + era * 400 + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9,
          of_year - (153 * month + 2) / 5 + 1};
}

std::int64_t part_of(std::int64_t seconds, DatePart part) {
  const std::int64_t days = floor_divide(seconds, 86'400), clock = seconds - days * 86'400;
  switch (part) {
    case DatePart::year: return calendar_of(days).year;
    case DatePart::month: return calendar_of(days).month;
    case DatePart::day: return calendar_of(days).day;
    case DatePart::hour: return clock / 3600;
    case DatePart::minute: return clock / 60 % 60;
    case DatePart::second: return clock % 60;
  }
  return 0;
}

}  // namespace

OperationPointer absolute_operation(OperationPointer number, const std::string& source) {
  ValueType type = number->type();
  if (type.kind == Kind::real) {
    return rowwise<double, double>(std::move(type), std::move(number), {}, [](double value, double& result, Frame&) {
      result = std::fabs(value);
      return true;
    });
  }
  if (type.kind == Kind::decimal) {
    return rowwise<Int128, Int128>(std::move(type), std::move(number), {}, [](Int128 value, Int128& result, Frame&) {
      result = value < 0 ? -value : value;
      return true;
    });
  }
  return rowwise<Word, Word>(std::move(type), std::move(number), fault_in("integer overflow", source),
                             [](Word value, Word& result, Frame&) {
                               if (value == std::numeric_limits<Word>::min()) return false;
                               result = value < 0 ? -value : value;
                               return true;
                             });
}

OperationPointer round_operation(OperationPointer number, Rounding rounding, int digits, const std::string& source) {
  ValueType type = number->type();
  if (type.kind == Kind::real) {
    return rowwise<double, double>(std::move(type), std::move(number), {},
                                   [rounding, digits](double value, double& result, Frame&) {
                                     result = round_double(value, rounding, digits);
                                     return true;
                                   });
  }
  if (type.kind == Kind::decimal) {
    if (digits >= type.scale) return number;
    const int cut = type.scale - digits;
    if (cut > kMaximumPrecision) digits = type.scale - kMaximumPrecision;
    const Int128 unit = power_of_ten(type.scale - digits);
    const int kept = digits < 0 ? 0 : digits;
    const Int128 shorter = power_of_ten(type.scale - kept);
    type.precision = std::min(type.precision - (type.scale - kept) + 1, kMaximumPrecision);
    if (type.precision < 1) type.precision = 1;
    type.scale = kept;
    return rowwise<Int128, Int128>(std::move(type), std::move(number), fault_in("decimal overflow", source),
                                   [unit, rounding, shorter](Int128 value, Int128& result, Frame&) {
                                     if (!round_to<Int128>(value, unit, rounding, result)) return false;
                                     result /= shorter;
                                     return true;
                                   });
  }
  if (digits >= 0) return number;
  const Word unit = digits < -18 ? 0 : static_cast<Word>(power_of_ten(-digits));
  return rowwise<Word, Word>(std::move(type), std::move(number), fault_in("integer overflow", source),
                             [unit, rounding](Word value, Word& result, Frame&) {
                               if (unit != 0) return round_to<Word>(value, unit, rounding, result);
                               result = 0;
                               return true;
                             });
}

OperationPointer date_part_operation(OperationPointer date, DatePart part, int offset_minutes,
                                     const std::string& source) {
  const ValueType type = date->type();
  const Fault fault = fault_in("timestamp out of range", source);
  if (type.kind == Kind::date) {
    return rowwise<Word, Word>(kInteger, std::move(date), fault, [part](Word days, Word& result, Frame&) {
      result = part_of(days * 86'400, part);
      return true;
    });
  }
  const std::int64_t units = per_second(type.unit);
  return rowwise<Word, Word>(kInteger, std::move(date), fault,
                             [part, units, offset_minutes](Word value, Word& result, Frame&) {
                               std::int64_t seconds = floor_divide(value, units);
                               if (__builtin_add_overflow(seconds, std::int64_t{60} * offset_minutes, &seconds))
                                 return false;
                               result = part_of(seconds, part);
                               return true;
                             });
}

}  // namespace weir::expr
