#include "text.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace weir::sqlite {
namespace {

constexpr std::uint64_t kNanos = 1000000000;
using Limbs = std::array<std::uint32_t, 8>;  // the lowest first

char* write_digits(char* to, std::uint64_t value, int count) {
  for (int i = count - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + count;
}

// Divides by 10^9 and gives the remainder.
std::uint32_t divide(Limbs& limbs) {
  std::uint64_t remainder = 0;
  for (auto limb = limbs.rbegin(); limb != limbs.rend(); ++limb) {
    const std::uint64_t value = (remainder << 32U) | *limb;
    *limb = static_cast<std::uint32_t>(value / kNanos);
    remainder = value % kNanos;
  }
  return static_cast<std::uint32_t>(remainder);
}

// Writes the digits right-aligned before `end`; gives the first one, without leading zeros: `end` itself for zero.
char* write_magnitude(char* end, Limbs limbs) {
  char* first = end;
  while (limbs != Limbs{}) {
    first -= 9;
    write_digits(first, divide(limbs), 9);
  }
  while (first != end && *first == '0') ++first;
  return first;
}

// Loads the magnitude; true if the number is negative.
bool load_magnitude(Limbs& limbs, const void* bytes) {
  std::memcpy(limbs.data(), bytes, sizeof limbs);
  if ((limbs.back() >> 31U) == 0) return false;
  std::uint64_t carry = 1;
  for (auto& limb : limbs) {
    carry += static_cast<std::uint32_t>(~limb);
    limb = static_cast<std::uint32_t>(carry);
    carry >>= 32U;
  }
  return true;
}

// Writes nanoseconds below a second without trailing zeros; nothing for zero.
char* write_fraction(char* to, std::uint64_t nanoseconds) {
  if (nanoseconds == 0) return to;
  *to++ = '.';
  to = write_digits(to, nanoseconds, 9);
  while (to[-1] == '0') --to;
  return to;
}

}  // namespace

char* write_interval(char* to, std::int64_t months, std::int64_t days, std::int64_t nanoseconds) {
  const auto number = [&to](std::int64_t value, char letter) {
    to = std::to_chars(to, to + 20, value).ptr;
    *to++ = letter;
  };
  *to++ = 'P';
  if (months != 0) number(months, 'M');
  if (days != 0) number(days, 'D');
  if (nanoseconds == 0 && (months != 0 || days != 0)) return to;
  *to++ = 'T';
  auto magnitude = static_cast<std::uint64_t>(nanoseconds);
  if (nanoseconds < 0) {
    *to++ = '-';
    magnitude = 0 - magnitude;
  }
  to = std::to_chars(to, to + 20, magnitude / kNanos).ptr;
  to = write_fraction(to, magnitude % kNanos);
  *to++ = 'S';
  return to;
}

char* write_decimal256(char* to, const void* bytes, int scale) {
  Limbs limbs{};
  if (load_magnitude(limbs, bytes)) *to++ = '-';
  char digits[90];
  char* const end = digits + sizeof digits;
  const char* first = write_magnitude(end, limbs);
  const std::int64_t count = end - first, whole = count - scale;
  const auto copy = [&](std::int64_t wanted) {
    std::memcpy(to, first, static_cast<std::size_t>(wanted));
    to += wanted;
    first += wanted;
  };
  if (count == 0 || whole <= 0) *to++ = '0';
  if (scale <= 0) {
    copy(count);
    for (int i = scale; count > 0 && i < 0; ++i) *to++ = '0';
    return to;
  }
  if (whole > 0) copy(whole);
  *to++ = '.';
  for (std::int64_t i = whole; i < 0; ++i) *to++ = '0';
  copy(end - first);
  return to;
}

}  // namespace weir::sqlite
