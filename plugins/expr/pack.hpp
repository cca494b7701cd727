// pack(): one test a row → one bit a row. The loops are written so that the compiler makes vector code of them; where the
// machine has AVX2, a second copy of them, compiled for it, runs instead.
#pragma once

#include <algorithm>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "vector.hpp"

#define WEIR_EXPR_INLINE [[gnu::always_inline]] inline

namespace weir::expr {

// Bit i is the highest bit of bytes[i]; `bytes` is aligned to 16.
WEIR_EXPR_INLINE std::uint64_t high_bits(const std::uint8_t* bytes) {
#if defined(__SSE2__)
  std::uint64_t word = 0;
  for (unsigned quarter = 0; quarter < 4; ++quarter) {
    const __m128i part = _mm_load_si128(reinterpret_cast<const __m128i*>(bytes + 16 * quarter));
    word |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(part))) << (16 * quarter);
  }
  return word;
#else
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 64; ++i) word |= static_cast<std::uint64_t>(bytes[i] >> 7U) << i;
  return word;
#endif
}

template <class Test>
WEIR_EXPR_INLINE void pack_here(int count, Bits& out, const Test& test) {
  alignas(64) std::uint8_t bytes[64];
  int word = 0;
  for (; 64 * (word + 1) <= count; ++word) {
    for (int i = 0; i < 64; ++i) bytes[i] = test(64 * word + i) ? 0xFF : 0;
    out[static_cast<std::size_t>(word)] = high_bits(bytes);
  }
  if (64 * word < count) {
    std::memset(bytes, 0, sizeof bytes);
    for (int i = 0; 64 * word + i < count; ++i) bytes[i] = test(64 * word + i) ? 0xFF : 0;
    out[static_cast<std::size_t>(word)] = high_bits(bytes);
    ++word;
  }
  for (; word < kChunkWords; ++word) out[static_cast<std::size_t>(word)] = 0;
}

#if defined(__x86_64__)
inline bool has_avx2() {
  static const bool kHas = __builtin_cpu_supports("avx2") != 0;
  return kHas;
}

template <class Test>
__attribute__((target("avx2"), noinline)) void pack_avx2(int count, Bits& out, const Test& test) {
  pack_here(count, out, test);
}
#endif

// Sets bit i of `out` to test(i), for i < count; the other bits are 0. `test` must be safe on every row, and always inline.
template <class Test>
void pack(int count, Bits& out, const Test& test) {
#if defined(__x86_64__)
  if (has_avx2()) return pack_avx2(count, out, test);
#endif
  pack_here(count, out, test);
}

}  // namespace weir::expr
