// Values that C++ has no type for, as they lie in the buffers of Arrow.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace weir {

// A 128 bit two's complement integer: the unscaled value of a decimal128.
__extension__ using Int128 = __int128;

// The same of 256 bits, the lowest first: the unscaled value of a decimal256.
struct Int256 {
  std::array<std::uint64_t, 4> words{};
  bool operator==(const Int256&) const = default;
};

// An interval of days and milliseconds. Each part has a sign of its own, here and below. The third kind, of months alone, is
// an int32_t.
struct DaysTime {
  std::int32_t days = 0;
  std::int32_t milliseconds = 0;
  bool operator==(const DaysTime&) const = default;
};
// An interval of months, days and nanoseconds.
struct MonthsDays {
  std::int32_t months = 0;
  std::int32_t days = 0;
  std::int64_t nanoseconds = 0;
  bool operator==(const MonthsDays&) const = default;
};

// A float of 16 bits. Every one is a float exactly.
struct Half {
  std::uint16_t bits = 0;
};

// The same value as a float.
inline float to_float(Half half) {
  const int exponent = (half.bits >> 10U) & 31, fraction = half.bits & 1023;
  float value = exponent == 31  ? (fraction == 0 ? HUGE_VALF : NAN)
                : exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                                : std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
  return std::copysign(value, (half.bits & 0x8000U) != 0 ? -1.0F : 1.0F);
}

// The nearest half, of two equally near ones the even one; beyond 65519 an infinity.
inline Half to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16U) & 0x8000U, magnitude = bits & 0x7FFFFFFFU;
  const auto made = [sign](std::uint32_t rest) { return Half{static_cast<std::uint16_t>(sign | rest)}; };
  if (magnitude > 0x7F800000U) return made(0x7E00U);   // not a number
  if (magnitude >= 0x477FF000U) return made(0x7C00U);  // 65520 and more
  if (magnitude < 0x38800000U) {                       // below 2^-14: in steps of 2^-24
    const float steps = std::nearbyint(std::bit_cast<float>(magnitude) * 0x1p24F);
    return made(static_cast<std::uint32_t>(steps));
  }
  const std::uint32_t even = (magnitude >> 13U) & 1U;
  return made((magnitude - 0x38000000U + 0xFFFU + even) >> 13U);
}

}  // namespace weir
