// Functions over numbers of every type, exact where the type is.
#include <charconv>
#include <cmath>
#include <limits>

#include "arithmetic.hpp"
#include "call.hpp"
#include "function.hpp"

namespace weir::expr {
namespace {

using Word = std::int64_t;

enum class Rounding { nearest, down, up, cut };

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

// value without its digits behind the first `digits` of those that people see behind the point: 4.35 is a little less than
// that, and stays. Precondition: it is finite.
double cut_digits(double value, int digits) {
  char text[400];
  const auto shortest = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
  const std::string_view all(text, static_cast<std::size_t>(shortest.ptr - text));
  const std::size_t end =
      all.find('.') == std::string_view::npos ? all.size() : all.find('.') + 1 + static_cast<std::size_t>(digits);
  std::from_chars(text, text + std::min(end, all.size()), value);
  return value;
}

double round_double(double value, Rounding rounding, int digits) {
  if (!std::isfinite(value)) return value;
  if (digits == 0) {
    return rounding == Rounding::down  ? std::floor(value)
           : rounding == Rounding::up  ? std::ceil(value)
           : rounding == Rounding::cut ? std::trunc(value)
                                       : std::round(value);
  }
  // By the digits that people see: 2.675 is a little less than that, yet rounds to 2.68.
  char text[400];
  if (digits > 0) {
    const double power = std::pow(10.0, digits);
    const double scaled = value * power;
    if (std::fabs(scaled) >= 4503599627370496.0) return value;
    if (rounding == Rounding::cut) return cut_digits(value, digits);
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
  return (rounding == Rounding::cut ? std::trunc(value / power) : std::round(value / power)) * power;
}

OperationPointer absolute(OperationPointer number, const std::string& source) {
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

OperationPointer rounded(OperationPointer number, Rounding rounding, int digits, const std::string& source) {
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
    const Int128 unit = cut > kMaximumPrecision ? 0 : power_of_ten(cut);
    const Int128 limit = power_of_ten(kMaximumPrecision);
    const int kept = digits < 0 ? 0 : digits;
    const Int128 shorter = power_of_ten(type.scale - kept);
    type.precision = std::min(type.precision - (type.scale - kept) + 1, kMaximumPrecision);
    if (type.precision < 1) type.precision = 1;
    type.scale = kept;
    return rowwise<Int128, Int128>(std::move(type), std::move(number), fault_in("decimal overflow", source),
                                   [unit, rounding, shorter, limit](Int128 value, Int128& result, Frame&) {
                                     result = 0;
                                     if (unit == 0) return true;
                                     if (!round_to<Int128>(value, unit, rounding, result)) return false;
                                     result /= shorter;
                                     return result < limit && -result < limit;
                                   });
  }
  if (digits >= 0) return number;
  const Word unit = digits < -18 ? 0 : static_cast<Word>(power_of_ten(-digits));
  // Half of ten to the power of 19, or more, becomes that, which is too much.
  constexpr Word kHalf = 5'000'000'000'000'000'000;
  const bool grows = digits == -19 && rounding == Rounding::nearest;
  return rowwise<Word, Word>(std::move(type), std::move(number), fault_in("integer overflow", source),
                             [unit, rounding, grows](Word value, Word& result, Frame&) {
                               if (unit != 0) return round_to<Word>(value, unit, rounding, result);
                               result = 0;
                               return !grows || (value > -kHalf && value < kHalf);
                             });
}

OperationPointer make_abs(Call& call) {
  OperationPointer number = call.number(0);
  return number->type().kind == Kind::null ? std::move(number) : absolute(std::move(number), call.source());
}

OperationPointer make_rounded(Call& call, Rounding rounding) {
  int digits = 0;
  if (call.count() == 2)
    digits = static_cast<int>(call.constant_integer(1, -38, 38, "a number of digits from -38 to 38"));
  OperationPointer number = call.number(0);
  if (number->type().kind == Kind::null) return number;
  return rounded(std::move(number), rounding, digits, call.source());
}
OperationPointer make_round(Call& call) { return make_rounded(call, Rounding::nearest); }
OperationPointer make_floor(Call& call) { return make_rounded(call, Rounding::down); }
OperationPointer make_ceil(Call& call) { return make_rounded(call, Rounding::up); }
OperationPointer make_trunc(Call& call) { return make_rounded(call, Rounding::cut); }

template <class T>
OperationPointer sign_operation(OperationPointer number) {
  return rowwise<T, Word>(kInteger, std::move(number), {}, [](T value, Word& result, Frame&) {
    result = value < 0 ? -1 : value > 0 ? 1 : 0;
    return true;
  });
}

OperationPointer make_sign(Call& call) {
  OperationPointer number = call.number(0);
  switch (number->type().kind) {
    case Kind::null: return number;
    case Kind::real: return sign_operation<double>(std::move(number));
    case Kind::decimal: return sign_operation<Int128>(std::move(number));
    default: return sign_operation<Word>(std::move(number));
  }
}

OperationPointer make_mod(Call& call) {
  Operand left{call.number(0), &call.syntax(0)};
  Operand right{call.number(1), &call.syntax(1)};
  return call.compiler().computed('%', std::move(left), std::move(right), call.syntax());
}

}  // namespace

std::span<const Function> number_functions() {
  static const std::vector<Function> kFunctions = {
      {"abs",
       "number",
       "The number without its sign.",
       {{"abs(-3)", "3"}, {"abs(-3.50)", "3.50"}, {"abs(-9223372036854775808)", "rejected: integer overflow"}},
       make_abs},
      {"ceil, ceiling",
       "number",
       "The least whole number that is not below it.",
       {{"ceil(2.1)", "3"}, {"ceil(-2.7)", "-2"}},
       make_ceil},
      {"floor",
       "number",
       "The greatest whole number that is not above it.",
       {{"floor(2.7)", "2"}, {"floor(-2.1)", "-3"}},
       make_floor},
      {"mod",
       "number, by",
       "What division leaves, with the sign of the number; also written %.",
       {{"mod(7, 3)", "1"}, {"mod(-7, 3)", "-1"}, {"mod(5.5, 2)", "1.5"}},
       make_mod},
      {"round",
       "number [, digits]",
       "The nearest number of that many digits after the point, halves away from zero; below zero, before it. Decimals "
       "are exact, and doubles rounded by the digits that people see.",
       {{"round(2.5)", "3"}, {"round(-2.345, 2)", "-2.35"}, {"round(2.675e0, 2)", "2.68"}, {"round(1250, -2)", "1300"}},
       make_round},
      {"sign", "number", "-1, 0 or 1.", {{"sign(-0.5)", "-1"}, {"sign(0)", "0"}}, make_sign},
      {"trunc",
       "number [, digits]",
       "The number cut off behind that many digits after the point.",
       {{"trunc(-2.7)", "-2"}, {"trunc(2.789, 2)", "2.78"}},
       make_trunc}};
  return kFunctions;
}

}  // namespace weir::expr
