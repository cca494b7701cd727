// UTF-8, one character at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::manifest {

// The length of the character at the start of `rest`; 0 if it is not valid UTF-8 (overlong, surrogate, cut).
// Precondition: rest is not empty.
inline std::size_t character_length(std::string_view rest) {
  const auto byte = [&rest](std::size_t at) { return static_cast<unsigned char>(rest[at]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  if (first >= 0xC2 && first <= 0xDF) length = 2;
  if ((first & 0xF0U) == 0xE0) length = 3;
  if (first >= 0xF0 && first <= 0xF4) length = 4;
  if (length == 0 || rest.size() < length) return 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0U) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  const bool bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                   (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return bad ? 0 : length;
}

// The code point of a valid character of `length` bytes at the start of `rest`.
inline std::uint32_t code_point(std::string_view rest, std::size_t length) {
  const auto byte = [&rest](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(rest[at]));
  };
  if (length == 1) return byte(0);
  std::uint32_t point = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t at = 1; at < length; ++at) point = (point << 6U) | (byte(at) & 0x3FU);
  return point;
}

}  // namespace weir::manifest
