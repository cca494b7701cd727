#include "exact_sum.hpp"

#include <bit>
#include <cmath>
#include <limits>

namespace weir::aggregate {

void WideNumber::add_at(std::size_t word, std::uint64_t low, std::uint64_t high) {
  bool carry = __builtin_add_overflow(words_[word], low, &words_[word]);
  for (std::size_t i = word + 1; i < kWords && (high != 0 || carry); ++i, high = 0) {
    const bool first = __builtin_add_overflow(words_[i], high, &words_[i]);
    const bool second = __builtin_add_overflow(words_[i], static_cast<std::uint64_t>(carry), &words_[i]);
    carry = first || second;
  }
}

void WideNumber::subtract_at(std::size_t word, std::uint64_t low, std::uint64_t high) {
  bool borrow = __builtin_sub_overflow(words_[word], low, &words_[word]);
  for (std::size_t i = word + 1; i < kWords && (high != 0 || borrow); ++i, high = 0) {
    const bool first = __builtin_sub_overflow(words_[i], high, &words_[i]);
    const bool second = __builtin_sub_overflow(words_[i], static_cast<std::uint64_t>(borrow), &words_[i]);
    borrow = first || second;
  }
}

void WideNumber::add(double finite) {
  const auto bits = std::bit_cast<std::uint64_t>(finite);
  const std::uint64_t exponent = (bits >> 52U) & 0x7FFU;
  std::uint64_t digits = bits & ((std::uint64_t{1} << 52U) - 1);
  if (exponent > 0) digits |= std::uint64_t{1} << 52U;
  const std::uint64_t shift = exponent > 0 ? exponent - 1 : 0;
  const std::uint64_t within = shift % 64;
  const std::uint64_t low = digits << within, high = within == 0 ? 0 : digits >> (64 - within);
  if ((bits >> 63U) != 0) {
    subtract_at(shift / 64, low, high);
  } else {
    add_at(shift / 64, low, high);
  }
}

void WideNumber::add(const WideNumber& other) {
  bool carry = false;
  for (std::size_t i = 0; i < kWords; ++i) {
    const bool first = __builtin_add_overflow(words_[i], other.words_[i], &words_[i]);
    const bool second = __builtin_add_overflow(words_[i], static_cast<std::uint64_t>(carry), &words_[i]);
    carry = first || second;
  }
}

double WideNumber::value() const {
  WideNumber magnitude = *this;
  const bool negative = (words_.back() >> 63U) != 0;
  if (negative) {
    for (auto& word : magnitude.words_) word = ~word;
    magnitude.add_at(0, 1, 0);
  }
  const Words& words = magnitude.words_;
  std::size_t top = kWords;
  while (top > 0 && words[top - 1] == 0) --top;
  if (top == 0) return 0;
  const auto bits = static_cast<std::size_t>(64 * top) - static_cast<std::size_t>(std::countl_zero(words[top - 1]));
  constexpr std::size_t kDigits = 53;
  constexpr int kLowest = -1074;
  if (bits <= kDigits) return std::ldexp(static_cast<double>(words[0]), kLowest) * (negative ? -1 : 1);
  const std::size_t from = bits - kDigits;  // the lowest bit that stays
  const std::size_t word = from / 64, within = from % 64;
  std::uint64_t digits = words[word] >> within;
  if (within > 0 && word + 1 < kWords) digits |= words[word + 1] << (64 - within);
  digits &= (std::uint64_t{1} << kDigits) - 1;
  const std::size_t half = from - 1;
  const bool up = ((words[half / 64] >> (half % 64)) & 1U) != 0;
  bool more = (words[half / 64] & ((std::uint64_t{1} << (half % 64)) - 1)) != 0;
  for (std::size_t i = 0; i < half / 64 && !more; ++i) more = words[i] != 0;
  if (up && (more || (digits & 1U) != 0)) ++digits;
  return std::ldexp(static_cast<double>(digits), static_cast<int>(from) + kLowest) * (negative ? -1 : 1);
}

void ExactSum::widen() {
  wide_ = std::make_unique<WideNumber>();
  for (std::uint8_t i = 0; i < count_; ++i) wide_->add(parts_[i]);
  count_ = 0;
}

void ExactSum::add_slowly(double value) {
  if (std::isnan(value)) {
    nan_ = true;
  } else if (std::isinf(value)) {
    (value > 0 ? up_ : down_) = true;
  } else {
    if (wide_ == nullptr) widen();
    wide_->add(value);
  }
}

void ExactSum::add(const ExactSum& other) {
  for (std::uint8_t i = 0; i < other.count_; ++i) add(other.parts_[i]);
  if (other.wide_ != nullptr) {
    if (wide_ == nullptr) widen();
    wide_->add(*other.wide_);
  }
  nan_ = nan_ || other.nan_;
  up_ = up_ || other.up_;
  down_ = down_ || other.down_;
}

double ExactSum::value() const {
  if (nan_ || (up_ && down_)) return std::numeric_limits<double>::quiet_NaN();
  if (up_ || down_) return up_ ? HUGE_VAL : -HUGE_VAL;
  if (wide_ != nullptr) return wide_->value();
  if (count_ == 0) return 0;
  if (count_ == 1) return parts_[0];
  WideNumber whole;
  for (std::uint8_t i = 0; i < count_; ++i) whole.add(parts_[i]);
  return whole.value();
}

void ExactSum::pack(std::string& to) const {
  const auto flags = static_cast<std::uint8_t>((up_ ? 1U : 0U) | (down_ ? 2U : 0U) | (nan_ ? 4U : 0U));
  append_value(to, flags);
  append_value(to, wide_ != nullptr ? static_cast<std::uint8_t>(UINT8_MAX) : count_);
  for (std::uint8_t i = 0; i < count_; ++i) append_value(to, parts_[i]);
  if (wide_ != nullptr) wide_->pack(to);
}

void ExactSum::unpack(Unpacker& from) {
  const auto flags = from.take<std::uint8_t>();
  up_ = (flags & 1U) != 0;
  down_ = (flags & 2U) != 0;
  nan_ = (flags & 4U) != 0;
  count_ = from.take<std::uint8_t>();
  if (count_ == UINT8_MAX) {
    count_ = 0;
    wide_ = std::make_unique<WideNumber>();
    return wide_->unpack(from);
  }
  if (count_ > kParts) Unpacker::refuse();
  for (std::uint8_t i = 0; i < count_; ++i) parts_[i] = from.take<double>();
}

}  // namespace weir::aggregate
