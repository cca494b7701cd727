// Decimals by their value: 1.50 is 1.5, and 2.00 is the integer 2.
#include <algorithm>
#include <array>
#include <bit>

#include "integrity/digest_values.hpp"

namespace weir::integrity {
namespace {

// A whole number without a sign, the lowest word first. 76 digits with 76 zeros behind take 505 bits.
using Words = std::array<std::uint64_t, 8>;

bool is_zero(const Words& words) {
  return std::all_of(words.begin(), words.end(), [](std::uint64_t word) { return word == 0; });
}

void negate(Words& words) {
  bool carry = true;
  for (auto& word : words) {
    word = ~word + (carry ? 1U : 0U);
    carry = carry && word == 0;
  }
}

void multiply_by_ten(Words& words) {
  std::uint64_t carry = 0;
  for (auto& word : words) {
    const auto product = static_cast<DoubleWord>(word) * 10 + carry;
    word = static_cast<std::uint64_t>(product);
    carry = static_cast<std::uint64_t>(product >> 64U);
  }
}

// Divides if nothing is left over; else tells so, and leaves it.
bool divide_by_ten(Words& words) {
  Words quotient{};
  DoubleWord rest = 0;
  for (std::size_t i = words.size(); i-- > 0;) {
    rest = (rest << 64U) | words[i];
    quotient[i] = static_cast<std::uint64_t>(rest / 10);
    rest %= 10;
  }
  if (rest != 0) return false;
  words = quotient;
  return true;
}

// In two's complement, in as few words as hold it and its sign.
std::size_t shortest(const Words& words) {
  const std::uint64_t sign = (words.back() >> 63U) == 0 ? 0 : ~std::uint64_t{0};
  std::size_t count = words.size();
  while (count > 1 && words[count - 1] == sign && (words[count - 2] >> 63U) == (sign & 1U)) --count;
  return count;
}

Hash hash_long(Words words, std::int32_t scale) {
  const bool negative = (words.back() >> 63U) != 0;
  if (negative) negate(words);
  if (is_zero(words)) scale = 0;
  for (; scale < 0; ++scale) multiply_by_ten(words);
  while (scale > 0 && divide_by_ten(words)) --scale;
  if (negative) negate(words);
  const Kind kind = scale == 0 ? Kind::integer : Kind::decimal;
  const std::size_t count = shortest(words);
  return count == 1 ? word_value(kind, words[0], scale) : long_value(kind, std::span(words).first(count), scale);
}

Hash hash_short(std::int64_t value, std::int32_t scale) {
  if (value == 0) scale = 0;
  for (; scale > 0 && value % 10 == 0; --scale) value /= 10;
  return word_value(scale == 0 ? Kind::integer : Kind::decimal, static_cast<std::uint64_t>(value), scale);
}

template <std::size_t Count>
void hash_all(const Values& values, Hash* out) {
  const std::int32_t scale = values.layout.type.scale;
  const void* in = values.array.buffers[1];
  for_each_row(values.rows, [=](std::int64_t i, std::int64_t row) {
    const auto value = arrow::load<std::array<std::uint64_t, Count>>(in, row);
    const std::uint64_t sign = (value[0] >> 63U) == 0 ? 0 : ~std::uint64_t{0};
    std::uint64_t others = 0;
    for (std::size_t k = 1; k < Count; ++k) others |= value[k] ^ sign;
    if (others == 0 && scale >= 0) {
      out[i] = hash_short(static_cast<std::int64_t>(value[0]), scale);
      return;
    }
    Words words;
    words.fill((value.back() >> 63U) == 0 ? 0 : ~std::uint64_t{0});
    std::copy(value.begin(), value.end(), words.begin());
    out[i] = hash_long(words, scale);
  });
}

}  // namespace

void hash_decimals(const Values& values, Hash* out) {
  if (values.layout.width == 16) return hash_all<2>(values, out);
  hash_all<4>(values, out);
}

}  // namespace weir::integrity
