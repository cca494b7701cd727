// Numbers as text. Writers take where to write and give the end of what they wrote; readers take all of a text and give
// false if it is not, as a whole, what they read. Nothing here allocates, throws or depends on the locale. [any]
#pragma once

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "array.hpp"

namespace weir::text {

// Bytes that a writer may need at most.
inline constexpr std::size_t kMaxInteger = 20;
inline constexpr std::size_t kMaxDouble = 32;
inline constexpr std::size_t kMaxDecimal = 216;

namespace detail {

// "00" to "99".
struct Pairs {
  char text[200];
  constexpr Pairs() : text() {
    for (int i = 0; i < 100; ++i) {
      text[2 * i] = static_cast<char>('0' + i / 10);
      text[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
  }
};
inline constexpr Pairs kPairs;

inline constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                     1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
inline constexpr std::uint64_t kTens[] = {1ULL,
                                          10ULL,
                                          100ULL,
                                          1000ULL,
                                          10000ULL,
                                          100000ULL,
                                          1000000ULL,
                                          10000000ULL,
                                          100000000ULL,
                                          1000000000ULL,
                                          10000000000ULL,
                                          100000000000ULL,
                                          1000000000000ULL,
                                          10000000000000ULL,
                                          100000000000000ULL,
                                          1000000000000000ULL,
                                          10000000000000000ULL,
                                          100000000000000000ULL,
                                          1000000000000000000ULL,
                                          10000000000000000000ULL};

inline void put_pair(char* to, std::uint64_t value) { std::memcpy(to, kPairs.text + 2 * value, 2); }

// Eight bytes of text, the first one in the lowest byte.
inline std::uint64_t load8(const char* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, 8);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

// True if all eight bytes are digits.
inline bool all_digits(std::uint64_t word) {
  const std::uint64_t low = word ^ 0x3030303030303030ULL;
  return (((low + 0x7676767676767676ULL) | low) & 0x8080808080808080ULL) == 0;
}

// The number that eight digits make.
inline std::uint32_t eight_digits(std::uint64_t word) {
  word &= 0x0F0F0F0F0F0F0F0FULL;
  word = (word * 2561) >> 8U;
  word = ((word & 0x00FF00FF00FF00FFULL) * 6553601) >> 16U;
  return static_cast<std::uint32_t>(((word & 0x0000FFFF0000FFFFULL) * 42949672960001ULL) >> 32U);
}

inline int digit_count(std::uint64_t value) {
  const int estimate = ((64 - std::countl_zero(value | 1U)) * 1233) >> 12;
  return estimate + (value >= kTens[estimate] || value == 0 ? 1 : 0);
}

// Writes exactly `count` digits, with zeros in front. Precondition: the value has no more.
inline void write_digits(char* to, std::uint64_t value, int count) {
  char* end = to + count;
  while (end - to >= 2) {
    end -= 2;
    put_pair(end, value % 100);
    value /= 100;
  }
  if (end != to) *to = static_cast<char>('0' + value);
}

// Reads digits from `at` on into `value`, wrapping at 2^64; gives where they end.
inline const char* read_digits(const char* at, const char* end, std::uint64_t& value) {
  while (end - at >= 8) {
    const std::uint64_t word = load8(at);
    if (!all_digits(word)) break;
    value = value * 100000000 + eight_digits(word);
    at += 8;
  }
  for (; at != end && static_cast<unsigned char>(*at - '0') < 10; ++at)
    value = value * 10 + static_cast<unsigned>(*at - '0');
  return at;
}

}  // namespace detail

inline char* write_uint64(char* to, std::uint64_t value) {
  const int count = detail::digit_count(value);
  detail::write_digits(to, value, count);
  return to + count;
}

inline char* write_int64(char* to, std::int64_t value) {
  auto magnitude = static_cast<std::uint64_t>(value);
  if (value < 0) {
    *to++ = '-';
    magnitude = 0 - magnitude;
  }
  return write_uint64(to, magnitude);
}

// Reads digits without leading zero (but "0" itself).
inline bool parse_uint64(const char* begin, const char* end, std::uint64_t& value) {
  const std::int64_t length = end - begin;
  if (length <= 0 || length > 20 || (*begin == '0' && length > 1)) return false;
  std::uint64_t read = 0;
  if (length < 20) {
    if (detail::read_digits(begin, end, read) != end) return false;
  } else {
    if (detail::read_digits(begin, end - 1, read) != end - 1) return false;
    const auto last = static_cast<unsigned char>(end[-1] - '0');
    if (last > 9 || __builtin_mul_overflow(read, 10U, &read) || __builtin_add_overflow(read, last, &read)) return false;
  }
  value = read;
  return true;
}

// Reads an integer as JSON spells it, but not "-0", which is no integer.
inline bool parse_int64(const char* begin, const char* end, std::int64_t& value) {
  const bool negative = begin != end && *begin == '-';
  std::uint64_t magnitude = 0;
  if (!parse_uint64(begin + (negative ? 1 : 0), end, magnitude)) return false;
  const std::uint64_t limit =
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (negative ? 1U : 0U);
  if (magnitude > limit || (negative && magnitude == 0)) return false;
  value = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
  return true;
}

namespace detail {

// Writes value = number / 10^places without trailing zeros, at least one decimal.
inline char* write_places(char* to, std::uint64_t number, int places) {
  const std::uint64_t whole = number / kTens[places];
  std::uint64_t part = number % kTens[places];
  to = write_uint64(to, whole);
  *to++ = '.';
  write_digits(to, part, places);
  to += places;
  while (to[-1] == '0' && to[-2] != '.') --to;
  return to;
}

template <class Real>
char* write_any(char* to, Real value) {
  char* end = std::to_chars(to, to + kMaxDouble, value).ptr;
  for (const char* at = to; at != end; ++at) {
    if (*at == '.' || *at == 'e') return end;
  }
  // A large integer would look as if all its digits counted.
  if (end - to > 16) return std::to_chars(to, to + kMaxDouble, value, std::chars_format::scientific).ptr;
  *end++ = '.';
  *end++ = '0';
  return end;
}

template <class Real>
char* write_special(char* to, Real value) {
  const char* name = std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
  const std::size_t length = std::strlen(name);
  std::memcpy(to, name, length);
  return to + length;
}

}  // namespace detail

// Writes the fewest digits that read back as the same double; the text always holds a '.' or an exponent, so that it
// stays a double: "1.0", "-0.0", "0.1", "1e+300". Not in JSON, and for its writer to prevent: "NaN", "Infinity", "-Infinity".
inline char* write_double(char* to, double value) {
  // A decimal of at most 15 digits is the only one of that length near its double. So if n / 10^k gives the value back
  // (both are exact, and the division is correctly rounded), then n without its trailing zeros is the shortest text.
  const double magnitude = std::fabs(value);
  if (magnitude < 1e10) {
    for (const int places : {4, 9}) {
      const double scaled = magnitude * detail::kPowers[places];
      if (scaled >= 1e15) break;
      const auto number = static_cast<std::uint64_t>(static_cast<std::int64_t>(scaled + 0.5));
      if (static_cast<double>(static_cast<std::int64_t>(number)) / detail::kPowers[places] != magnitude) continue;
      if (number == 0 && magnitude != 0) continue;
      if (number != 0 && magnitude < 1e-5) break;  // where an exponent reads better: "1e-06"
      if (std::signbit(value)) *to++ = '-';
      return detail::write_places(to, number, places);
    }
  }
  return std::isfinite(value) ? detail::write_any(to, value) : detail::write_special(to, value);
}

inline char* write_float(char* to, float value) {
  return std::isfinite(value) ? detail::write_any(to, value) : detail::write_special(to, value);
}

// What stands in the text of a number.
struct NumberText {
  std::uint64_t digits = 0;   // all digits as one integer, wrapped at 2^64
  int significant = 0;        // digits from the first that is not zero, trailing zeros included
  std::int32_t exponent = 0;  // value = digits * 10^exponent; saturates
  bool negative = false;
  bool integer = false;  // neither fraction nor exponent
};

namespace detail {

inline bool scan_exponent(const char* at, const char* end, NumberText& found) {
  ++at;
  bool negative = false;
  if (at != end && (*at == '+' || *at == '-')) negative = *at++ == '-';
  if (at == end) return false;
  std::int32_t value = 0;
  for (; at != end; ++at) {
    if (static_cast<unsigned char>(*at - '0') > 9) return false;
    if (value < 100000000) value = value * 10 + (*at - '0');
  }
  found.exponent += negative ? -value : value;
  found.integer = false;
  return true;
}

}  // namespace detail

// Takes the text of a number apart by JSON's grammar: -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
inline bool scan_number(const char* begin, const char* end, NumberText& found) {
  found = NumberText();
  const char* at = begin;
  if (at != end && *at == '-') {
    found.negative = true;
    ++at;
  }
  const char* whole = at;
  at = detail::read_digits(at, end, found.digits);
  const std::int64_t whole_digits = at - whole;
  if (whole_digits == 0 || (*whole == '0' && whole_digits > 1)) return false;
  std::int64_t all = whole_digits - (*whole == '0' ? 1 : 0);
  found.integer = true;
  if (at != end && *at == '.') {
    found.integer = false;
    const char* part = ++at;
    at = detail::read_digits(at, end, found.digits);
    if (at == part) return false;
    found.exponent = -static_cast<std::int32_t>(at - part);
    if (all == 0) {
      while (part != at && *part == '0') ++part;
    }
    all += at - part;
  }
  found.significant = static_cast<int>(all);
  return at == end || ((*at == 'e' || *at == 'E') && detail::scan_exponent(at, end, found));
}

namespace detail {

template <class Real>
bool read_any(const NumberText& number, const char* begin, const char* end, Real& value) {
  Real read = 0;
  const auto result = std::from_chars(begin, end, read);
  if (result.ec == std::errc::result_out_of_range) {
    if (number.exponent + number.significant > 0) return false;  // too large; else nearer to zero than to any other
    read = number.negative ? -Real(0) : Real(0);
  } else if (result.ec != std::errc() || result.ptr != end || !std::isfinite(read)) {
    return false;
  }
  value = read;
  return true;
}

}  // namespace detail

// Gives the double nearest to what was scanned from [begin, end); false if it is beyond the largest one.
inline bool to_double(const NumberText& number, const char* begin, const char* end, double& value) {
  if (number.significant <= 19 && number.digits <= (1ULL << 53U) && number.exponent >= -22 && number.exponent <= 22) {
    const auto digits = static_cast<double>(static_cast<std::int64_t>(number.digits));  // exact, and so is the power
    const double read =
        number.exponent < 0 ? digits / detail::kPowers[-number.exponent] : digits * detail::kPowers[number.exponent];
    value = number.negative ? -read : read;
    return true;
  }
  return detail::read_any(number, begin, end, value);
}

// Reads a number as JSON spells it; false also if it is beyond the largest double.
inline bool parse_double(const char* begin, const char* end, double& value) {
  NumberText number;
  return scan_number(begin, end, number) && to_double(number, begin, end, value);
}

inline bool parse_float(const char* begin, const char* end, float& value) {
  NumberText number;
  return scan_number(begin, end, number) && detail::read_any(number, begin, end, value);
}

// True if the double nearest to the scanned number says all that the text says: an integer up to 2^53, at most 17
// digits, no underflow.
inline bool keeps_value(const NumberText& number, double value) {
  if (number.significant == 0) return true;
  if (value == 0 || number.significant > 17) return false;
  return !number.integer || number.digits <= (1ULL << 53U);
}

namespace detail {

// Writes the digits [first, end) of a number that is not negative, the last `scale` of them behind the point.
inline char* write_scaled(char* to, const char* first, const char* end, int scale) {
  const std::int64_t all = end - first, whole = all - scale;
  if (scale <= 0) {
    std::memcpy(to, first, static_cast<std::size_t>(all));
    to += all;
    if (all == 1 && *first == '0') return to;
    std::memset(to, '0', static_cast<std::size_t>(-scale));
    return to - scale;
  }
  if (whole > 0) {
    std::memcpy(to, first, static_cast<std::size_t>(whole));
    to += whole;
    first += whole;
    *to++ = '.';
  } else {
    *to++ = '0';
    *to++ = '.';
    std::memset(to, '0', static_cast<std::size_t>(-whole));
    to -= whole;
  }
  std::memcpy(to, first, static_cast<std::size_t>(end - first));
  return to + (end - first);
}

}  // namespace detail

// Writes an unscaled value with `scale` decimals: (-12345, 2) is "-123.45", (5, 3) is "0.005", (5, -2) is "500".
inline char* write_decimal(char* to, Int128 unscaled, int scale) {
  __extension__ using Unsigned = unsigned __int128;
  auto magnitude = static_cast<Unsigned>(unscaled);
  if (unscaled < 0) {
    *to++ = '-';
    magnitude = 0 - magnitude;
  }
  char digits[40];
  char* const end = digits + sizeof digits;
  char* first = end;
  while (magnitude > std::numeric_limits<std::uint64_t>::max()) {
    first -= 19;
    detail::write_digits(first, static_cast<std::uint64_t>(magnitude % detail::kTens[19]), 19);
    magnitude /= detail::kTens[19];
  }
  const auto rest = static_cast<std::uint64_t>(magnitude);
  const int count = detail::digit_count(rest);
  first -= count;
  detail::write_digits(first, rest, count);
  return detail::write_scaled(to, first, end, scale);
}

// The same for a decimal256: 32 bytes of two's complement, in the machine's order.
inline char* write_decimal256(char* to, const void* unscaled, int scale) {
  std::uint32_t words[8];  // the lowest first
  std::memcpy(words, unscaled, sizeof words);
  if constexpr (std::endian::native == std::endian::big) {
    for (int i = 0; i < 4; ++i) std::swap(words[i], words[7 - i]);
  }
  if ((words[7] >> 31U) != 0) {
    *to++ = '-';
    std::uint64_t carry = 1;
    for (auto& word : words) {
      carry += static_cast<std::uint32_t>(~word);
      word = static_cast<std::uint32_t>(carry);
      carry >>= 32U;
    }
  }
  char digits[81];
  char* const end = digits + sizeof digits;
  char* first = end;
  for (bool more = true; more;) {
    std::uint64_t rest = 0;
    more = false;
    for (int i = 7; i >= 0; --i) {
      rest = (rest << 32U) | words[i];
      words[i] = static_cast<std::uint32_t>(rest / 1000000000U);
      rest %= 1000000000U;
      more = more || words[i] != 0;
    }
    first -= 9;
    detail::write_digits(first, rest, 9);
  }
  while (first + 1 < end && *first == '0') ++first;
  return detail::write_scaled(to, first, end, scale);
}

// Reads -?digits(.digits)? as an unscaled value with `scale` decimals; false if it has more digits than `precision` (at
// most 38), or digits other than zero behind the scale.
inline bool parse_decimal(const char* begin, const char* end, int precision, int scale, Int128& value) {
  const char* at = begin;
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  Int128 read = 0;
  const int all = precision + (scale < 0 ? -scale : 0), most = all < 38 ? all : 38;
  int significant = 0, decimals = 0;
  bool point = false, digit = false;
  const auto add = [&](int next) {
    if (significant > 0 || next != 0) ++significant;
    if (significant > most) return false;
    read = read * 10 + next;
    return true;
  };
  for (; at != end; ++at) {
    if (*at == '.' && !point && digit) {
      point = true;
      digit = false;
      continue;
    }
    const int next = *at - '0';
    if (next < 0 || next > 9) return false;
    digit = true;
    if (point && decimals >= scale) {
      if (next != 0) return false;
      continue;
    }
    decimals += point ? 1 : 0;
    if (!add(next)) return false;
  }
  if (!digit) return false;
  for (; decimals < scale; ++decimals) {
    if (!add(0)) return false;
  }
  for (int drop = scale; drop < 0; ++drop) {
    if (read % 10 != 0) return false;
    read /= 10;
  }
  value = negative ? -read : read;
  return true;
}

}  // namespace weir::text
