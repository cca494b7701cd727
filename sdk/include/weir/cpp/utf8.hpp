// UTF-8, to the letter of the standard: no overlong forms, no surrogates, nothing above U+10FFFF. [any]
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir {

namespace detail {

// The length of the UTF-8 sequence at `at`, or 0.
inline std::size_t sequence_length(const unsigned char* at, const unsigned char* end) {
  const auto follows = [&](std::size_t i) { return at + i < end && (at[i] & 0xC0U) == 0x80U; };
  if (at[0] < 0x80) return 1;
  if (at[0] < 0xC2) return 0;
  if (at[0] < 0xE0) return follows(1) ? 2 : 0;
  if (at[0] < 0xF0) {
    if (!follows(1) || !follows(2)) return 0;
    if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F)) return 0;
    return 3;
  }
  if (at[0] > 0xF4 || !follows(1) || !follows(2) || !follows(3)) return 0;
  if ((at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F)) return 0;
  return 4;
}

}  // namespace detail

// The offset of the first byte that is not UTF-8, or npos.
inline std::size_t invalid_utf8(std::string_view bytes) {
  const auto* const begin = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* const end = begin + bytes.size();
  const auto* at = begin;
  while (at != end) {
    while (end - at >= 32) {
      std::uint64_t words[4];
      std::memcpy(words, at, 32);
      if (((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080ULL) != 0) break;
      at += 32;
    }
    // Walks on to the next 32 bytes that may be ASCII.
    const auto* const stop = end - at > 32 ? at + 32 : end;
    while (at < stop) {
      const std::size_t length = detail::sequence_length(at, end);
      if (length == 0) return static_cast<std::size_t>(at - begin);
      at += length;
    }
  }
  return std::string_view::npos;
}

}  // namespace weir
