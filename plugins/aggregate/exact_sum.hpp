// ExactSum: a sum of doubles that is exact until it is asked for, so it does not depend on the order of what is added.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "packed.hpp"

namespace weir::aggregate {

// A binary number with a point, wide enough for 2^63 doubles of any size. 272 bytes.
class WideNumber {
 public:
  void add(double finite);
  void add(const WideNumber& other);
  // The nearest double; of two equally near ones the even one; an infinity beyond.
  double value() const;

  void pack(std::string& to) const { append_value(to, words_); }
  void unpack(Unpacker& from) { words_ = from.take<Words>(); }

 private:
  static constexpr std::size_t kWords = 34;  // 1074 + 1024 + 63 bits and a sign
  using Words = std::array<std::uint64_t, kWords>;
  void add_at(std::size_t word, std::uint64_t low, std::uint64_t high);
  void subtract_at(std::size_t word, std::uint64_t low, std::uint64_t high);
  Words words_{};  // of 2^-1074 each, the lowest first, two's complement
};

// Holds up to three doubles whose sum is the sum (Shewchuk's expansions); where they do not suffice, a WideNumber.
// Infinities and what is not a number are counted apart. Threads: as a value; move only.
class ExactSum {
 public:
  void add(double value) {
    if (wide_ == nullptr && add_part(value)) return;
    add_slowly(value);
  }
  void add(const ExactSum& other);
  double value() const;

  bool is_wide() const { return wide_ != nullptr; }
  void pack(std::string& to) const;
  void unpack(Unpacker& from);

 private:
  static constexpr std::size_t kParts = 3;
  // False: it has no room, or is not finite; nothing is changed.
  bool add_part(double value);
  void add_slowly(double value);
  void widen();

  std::array<double, kParts> parts_{};
  std::uint8_t count_ = 0;
  bool up_ = false, down_ = false, nan_ = false;  // what is not finite and was added
  std::unique_ptr<WideNumber> wide_;
};

inline bool ExactSum::add_part(double value) {
  std::array<double, kParts + 1> kept;
  std::size_t count = 0;
  double sum = value;
  for (std::uint8_t i = 0; i < count_; ++i) {
    const double part = parts_[i];
    const double next = sum + part;
    const double back = next - sum;
    const double lost = (sum - (next - back)) + (part - back);
    if (lost != 0) kept[count++] = lost;
    sum = next;
  }
  if (sum != 0) kept[count++] = sum;
  // An infinity, or one on the way, leaves what is not a number behind.
  if (count > kParts || !(sum - sum == 0)) return false;
  for (std::size_t i = 0; i < count; ++i) parts_[i] = kept[i];
  count_ = static_cast<std::uint8_t>(count);
  return true;
}

}  // namespace weir::aggregate
