// MurmurHash3_x64_128 by Austin Appleby, who gave it to the public domain: github.com/aappleby/smhasher, MurmurHash3.cpp.
// Taken apart into its steps, so that a value of a fixed width costs no loop and no branch. Not for secrets: whoever wants to
// finds two texts of one hash.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace weir::integrity {

static_assert(std::endian::native == std::endian::little, "words are hashed as they lie in memory");

__extension__ using DoubleWord = unsigned __int128;

// A hash as a number: `low` are its first 8 bytes.
struct Hash {
  std::uint64_t low = 0, high = 0;

  bool operator==(const Hash&) const = default;
  static constexpr Hash of(DoubleWord number) {
    return {static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(number >> 64U)};
  }
  constexpr DoubleWord number() const { return (static_cast<DoubleWord>(high) << 64U) | low; }
};

// A hash on its way: blocks of 16 bytes, then up to 15 more, then the length of all.
class Murmur {
 public:
  explicit constexpr Murmur(std::uint32_t seed) : low_(seed), high_(seed) {}

  constexpr void block(std::uint64_t first, std::uint64_t second) {
    low_ ^= scramble_first(first);
    low_ = (std::rotl(low_, 27) + high_) * 5 + 0x52dce729U;
    high_ ^= scramble_second(second);
    high_ = (std::rotl(high_, 31) + low_) * 5 + 0x38495ab5U;
  }
  // The bytes that are left, with zeros behind. None are as good as zeros.
  constexpr void tail(std::uint64_t first, std::uint64_t second) {
    low_ ^= scramble_first(first);
    high_ ^= scramble_second(second);
  }
  constexpr Hash finish(std::uint64_t length_bytes) const {
    std::uint64_t low = low_ ^ length_bytes, high = high_ ^ length_bytes;
    low += high;
    high += low;
    low = mixed(low);
    high = mixed(high);
    low += high;
    return {low, high + low};
  }

 private:
  static constexpr std::uint64_t kFirst = 0x87c37b91114253d5U, kSecond = 0x4cf5ad432745937fU;

  static constexpr std::uint64_t scramble_first(std::uint64_t word) { return std::rotl(word * kFirst, 31) * kSecond; }
  static constexpr std::uint64_t scramble_second(std::uint64_t word) { return std::rotl(word * kSecond, 33) * kFirst; }
  static constexpr std::uint64_t mixed(std::uint64_t word) {
    word = (word ^ (word >> 33U)) * 0xff51afd7ed558ccdU;
    word = (word ^ (word >> 33U)) * 0xc4ceb9fe1a85ec53U;
    return word ^ (word >> 33U);
  }

  std::uint64_t low_, high_;
};

inline std::uint64_t word_at(const std::uint8_t* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// What keeps so many of 16 bytes: looked up, because a branch on the lengths of texts is guessed wrong half of the time.
inline constexpr auto kKeep = [] {
  std::array<Hash, 16> masks;
  for (std::size_t length = 0; length < 16; ++length) {
    masks[length] = Hash::of((DoubleWord{1} << (8 * length)) - 1);
  }
  return masks;
}();

// Up to 15 bytes as two words, with zeros behind. `room`: 16 bytes may be read; it costs a copy to do without.
inline Hash words_of(const std::uint8_t* bytes, std::size_t length, bool room) {
  std::uint8_t copy[16] = {};
  if (!room) {
    for (std::size_t i = 0; i < length; ++i) copy[i] = bytes[i];
    bytes = copy;
  }
  return {word_at(bytes) & kKeep[length].low, word_at(bytes + 8) & kKeep[length].high};
}

// Hashes bytes. `room`: 16 bytes behind the last may be read, whatever they are.
inline Hash hash_bytes(std::uint32_t seed, const std::uint8_t* bytes, std::size_t length, bool room) {
  Murmur hash(seed);
  std::size_t left = length;
  for (; left >= 16; left -= 16, bytes += 16) hash.block(word_at(bytes), word_at(bytes + 8));
  const Hash last = words_of(bytes, left, room);
  hash.tail(last.low, last.high);
  return hash.finish(length);
}

}  // namespace weir::integrity
