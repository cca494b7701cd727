// Digest: what many rows are, in 128 bits: the sum of their hashes, so that it is the same in any order, of any parts.
// docs/digest.md has the definition; row_digest.hpp computes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::integrity {

// Of no rows: zero. Threads: as a value.
struct Digest {
  std::uint64_t low = 0, high = 0;

  bool operator==(const Digest&) const = default;

  // Adds rows, or takes some away that were added. Both wrap around at 2^128.
  void add(const Digest& other) {
    low += other.low;
    high += other.high + (low < other.low ? 1U : 0U);
  }
  void subtract(const Digest& other) {
    high -= other.high + (low < other.low ? 1U : 0U);
    low -= other.low;
  }

  // 32 hexadecimal digits, the highest first.
  std::string to_text() const;
  // The same back; none, if it is anything else.
  static std::optional<Digest> from_text(std::string_view text);
  // Its first and its last digits, "8f3a…e1": enough for people to tell two apart.
  std::string shown() const;
};

}  // namespace weir::integrity
