// Sixteen bytes of a string at a time, by SSE2 where there is (every x86-64 has it), else byte by byte.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace weir::json {

inline constexpr std::ptrdiff_t kBlock = 16;

// Which bytes of a block end a run of plain text (quote, backslash, control characters), and which are not ASCII: the
// first byte is the lowest bit.
struct BlockMasks {
  unsigned stops, high;
};

#if defined(__SSE2__)
inline BlockMasks masks_of(const char* at, char* copy) {
  __m128i bytes;
  std::memcpy(&bytes, at, kBlock);
  if (copy != nullptr) std::memcpy(copy, &bytes, kBlock);
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
  return {static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control))),
          static_cast<unsigned>(_mm_movemask_epi8(bytes))};
}

// True if the bytes at `at` and at `other` are the same where `mask` has a bit. 16 bytes of both are read.
inline bool same_bytes(const char* at, const char* other, unsigned mask) {
  __m128i a, b;
  std::memcpy(&a, at, kBlock);
  std::memcpy(&b, other, kBlock);
  return (static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(a, b))) & mask) == mask;
}
#else
inline BlockMasks masks_of(const char* at, char* copy) {
  if (copy != nullptr) std::memcpy(copy, at, kBlock);
  BlockMasks masks{0, 0};
  for (unsigned i = 0; i < kBlock; ++i) {
    const auto byte = static_cast<unsigned char>(at[i]);
    masks.stops |= (byte == '"' || byte == '\\' || byte < 0x20 ? 1U : 0U) << i;
    masks.high |= (byte >> 7U) << i;
  }
  return masks;
}

inline bool same_bytes(const char* at, const char* other, unsigned mask) {
  unsigned same = 0;
  for (unsigned i = 0; i < kBlock; ++i) same |= (at[i] == other[i] ? 1U : 0U) << i;
  return (same & mask) == mask;
}
#endif

inline bool is_stop(char byte) { return byte == '"' || byte == '\\' || static_cast<unsigned char>(byte) < 0x20; }

}  // namespace weir::json
