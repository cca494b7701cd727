// Exact comparison of numbers of unlike kinds.
#include <cmath>
#include <utility>

#include "compare.hpp"

namespace weir::expr {
namespace {

__extension__ using Unsigned128 = unsigned __int128;

// A natural number of 256 bits: enough for the products that are compared here.
struct Wide {
  Unsigned128 high = 0, low = 0;
  auto operator<=>(const Wide&) const = default;
};

Wide product(Unsigned128 a, Unsigned128 b) {
  const auto low = [](Unsigned128 x) { return x & ~std::uint64_t{0}; };
  const Unsigned128 low_low = low(a) * low(b), cross_a = (a >> 64) * low(b), cross_b = low(a) * (b >> 64);
  const Unsigned128 middle = (low_low >> 64) + low(cross_a) + low(cross_b);
  return {(a >> 64) * (b >> 64) + (cross_a >> 64) + (cross_b >> 64) + (middle >> 64), (middle << 64) | low(low_low)};
}

Wide shifted(Wide value, int by) {
  for (; by > 0; --by) {
    value.high = (value.high << 1) | (value.low >> 127);
    value.low <<= 1;
  }
  return value;
}

int sign_of(Int128 value) { return value < 0 ? -1 : value > 0 ? 1 : 0; }
Unsigned128 magnitude(Int128 value) {
  return value < 0 ? Unsigned128{0} - static_cast<Unsigned128>(value) : static_cast<Unsigned128>(value);
}
int order(const Wide& a, const Wide& b) { return a < b ? -1 : b < a ? 1 : 0; }

}  // namespace

int compare_exactly(Int128 a, std::int32_t a_scale, Int128 b, std::int32_t b_scale) {
  const int a_sign = sign_of(a), b_sign = sign_of(b);
  if (a_sign != b_sign) return a_sign < b_sign ? -1 : 1;
  const int found = order(product(magnitude(a), static_cast<Unsigned128>(power_of_ten(b_scale))),
                          product(magnitude(b), static_cast<Unsigned128>(power_of_ten(a_scale))));
  return a_sign < 0 ? -found : found;
}

int compare_exactly(Int128 value, std::int32_t scale, double real) {
  const int value_sign = sign_of(value), real_sign = real < 0 ? -1 : real > 0 ? 1 : 0;
  if (value_sign != real_sign) return value_sign < real_sign ? -1 : 1;
  if (value_sign == 0) return 0;
  if (std::isinf(real)) return -real_sign;
  // Far apart: long double knows. Near: both sides, as whole numbers, have at most 182 bits.
  const long double near_value =
      static_cast<long double>(magnitude(value)) / static_cast<long double>(power_of_ten(scale));
  const auto near_real = static_cast<long double>(std::fabs(real));
  int found = 0;
  if (near_value > near_real * 1.001L) {
    found = 1;
  } else if (near_value * 1.001L < near_real) {
    found = -1;
  } else {
    int exponent = 0;
    const auto digits = static_cast<std::uint64_t>(std::ldexp(std::frexp(std::fabs(real), &exponent), 53));
    exponent -= 53;
    Wide left{0, magnitude(value)};
    Wide right = product(digits, static_cast<Unsigned128>(power_of_ten(scale)));
    if (exponent < 0) {
      left = shifted(left, -exponent);
    } else {
      right = shifted(right, exponent);
    }
    found = order(left, right);
  }
  return value_sign < 0 ? -found : found;
}

}  // namespace weir::expr
