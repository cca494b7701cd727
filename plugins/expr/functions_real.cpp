// Functions that give doubles.
#include <cmath>
#include <limits>
#include <numbers>

#include "call.hpp"
#include "column.hpp"
#include "function.hpp"

namespace weir::expr {
namespace {

// A function of one double; a result that is no number, of an argument that is one, rejects the row.
template <double (*kFunction)(double)>
OperationPointer make_real(Call& call) {
  return rowwise<double, double>(kReal, call.real(0), call.fault("a number that the function has no value for"),
                                 [](double value, double& result, Frame&) {
                                   result = kFunction(value);
                                   return !std::isnan(result) || std::isnan(value);
                                 });
}

double natural(double value) { return value > 0 ? std::log(value) : std::nan(""); }
double decimal_logarithm(double value) { return value > 0 ? std::log10(value) : std::nan(""); }
double binary(double value) { return value > 0 ? std::log2(value) : std::nan(""); }
double radians(double value) { return value * (std::numbers::pi / 180); }
double degrees(double value) { return value * (180 / std::numbers::pi); }

template <double (*kFunction)(double, double)>
OperationPointer make_pair(Call& call) {
  OperationPointer left = call.real(0);
  return rowwise_of<double, double, double>(kReal, together(std::move(left), call.real(1)),
                                            call.fault("numbers that the function has no value for"),
                                            [](double a, double b, double& result, Frame&) {
                                              result = kFunction(a, b);
                                              return !std::isnan(result) || std::isnan(a) || std::isnan(b);
                                            });
}

double to_base(double base, double value) {
  return base > 0 && base != 1 && value > 0 ? std::log(value) / std::log(base) : std::nan("");
}

OperationPointer make_log(Call& call) {
  return call.count() == 1 ? make_real<decimal_logarithm>(call) : make_pair<to_base>(call);
}

OperationPointer make_pi(Call& /*call*/) { return constant_operation(kReal, {.real = std::numbers::pi}); }

template <bool (*kTest)(double)>
OperationPointer make_real_test(Call& call) {
  return rowwise<double, bool>(kBoolean, call.real(0), {}, [](double value, bool& result, Frame&) {
    result = kTest(value);
    return true;
  });
}
bool is_nan(double value) { return std::isnan(value); }
bool is_finite(double value) { return std::isfinite(value); }

}  // namespace

std::span<const Function> real_functions() {
  static const std::vector<Function> kFunctions = {
      {"acos", "number", "The angle whose cosine it is.", {{"acos(1)", "0.0"}}, make_real<std::acos>},
      {"asin", "number", "The angle whose sine it is.", {{"asin(0)", "0.0"}}, make_real<std::asin>},
      {"atan", "number", "The angle whose tangent it is.", {{"atan(0)", "0.0"}}, make_real<std::atan>},
      {"atan2", "y, x", "The angle of a point.", {{"atan2(0, 1)", "0.0"}}, make_pair<std::atan2>},
      {"cbrt", "number", "The cube root.", {{"round(cbrt(27), 6)", "3.0"}}, make_real<std::cbrt>},
      {"cos", "angle", "The cosine of an angle in radians.", {{"cos(0)", "1.0"}}, make_real<std::cos>},
      {"degrees", "angle", "Radians as degrees.", {{"degrees(pi())", "180.0"}}, make_real<degrees>},
      {"exp", "number", "e to that power.", {{"exp(0)", "1.0"}}, make_real<std::exp>},
      {"isfinite",
       "number",
       "Whether it is neither infinite nor NaN.",
       {{"isfinite(1e0)", "true"}},
       make_real_test<is_finite>},
      {"isnan",
       "number",
       "Whether it is NaN, which equals nothing.",
       {{"isnan(1e0)", "false"}},
       make_real_test<is_nan>},
      {"ln",
       "number",
       "The natural logarithm.",
       {{"ln(1)", "0.0"}, {"ln(0)", "rejected: a number that the function has no value for"}},
       make_real<natural>},
      {"log, log10",
       "number [, value]",
       "The logarithm to base 10; of two arguments, the second's to the first as its base.",
       {{"log(1000)", "3.0"}, {"log(2, 8)", "3.0"}},
       make_log},
      {"log2", "number", "The logarithm to base 2.", {{"log2(8)", "3.0"}}, make_real<binary>},
      {"pi", "", "The number π.", {{"round(pi(), 5)", "3.14159"}}, make_pi},
      {"power, pow", "base, exponent", "The base to the power.", {{"power(2, 10)", "1024.0"}}, make_pair<std::pow>},
      {"radians", "angle", "Degrees as radians.", {{"round(radians(180), 5)", "3.14159"}}, make_real<radians>},
      {"sin", "angle", "The sine of an angle in radians.", {{"sin(0)", "0.0"}}, make_real<std::sin>},
      {"sqrt",
       "number",
       "The square root.",
       {{"sqrt(2.25)", "1.5"}, {"sqrt(-1)", "rejected: a number that the function has no value for"}},
       make_real<std::sqrt>},
      {"tan", "angle", "The tangent of an angle in radians.", {{"tan(0)", "0.0"}}, make_real<std::tan>}};
  return kFunctions;
}

}  // namespace weir::expr
