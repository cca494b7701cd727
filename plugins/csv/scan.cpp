// The scan: one kernel (scan_kernel.hpp) compiled for AVX2 and for what every machine of the kind has (SSE2, NEON), chosen when it is called.
#include "scan.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace weir::csv {
namespace {

// Where in 64 bytes something stands: the first byte is the lowest bit.
struct Masks {
  std::uint64_t quote, delimiter, newline, high;
};

#if defined(__x86_64__)
#define WEIR_CSV_TARGET __attribute__((target("avx2,pclmul,bmi,bmi2,lzcnt,popcnt")))
namespace avx2 {

struct Needles {
  __m256i quote, delimiter, newline;
  WEIR_CSV_TARGET explicit Needles(const Marks& marks)
      : quote(_mm256_set1_epi8(marks.quote)),
        delimiter(_mm256_set1_epi8(marks.delimiter)),
        newline(_mm256_set1_epi8('\n')) {}
};

WEIR_CSV_TARGET inline std::uint64_t join(__m256i low, __m256i high) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
         (std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(high))} << 32U);
}

WEIR_CSV_TARGET inline Masks masks_of(const char* at, const Needles& needles) {
  __m256i low, high;
  std::memcpy(&low, at, 32);
  std::memcpy(&high, at + 32, 32);
  return {join(_mm256_cmpeq_epi8(low, needles.quote), _mm256_cmpeq_epi8(high, needles.quote)),
          join(_mm256_cmpeq_epi8(low, needles.delimiter), _mm256_cmpeq_epi8(high, needles.delimiter)),
          join(_mm256_cmpeq_epi8(low, needles.newline), _mm256_cmpeq_epi8(high, needles.newline)),
          static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(low, high)))};
}

WEIR_CSV_TARGET inline std::uint64_t prefix_xor(std::uint64_t bits) {
  const __m128i product =
      _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<std::int64_t>(bits)), _mm_set1_epi8(-1), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

#include "scan_kernel.hpp"

}  // namespace avx2
#undef WEIR_CSV_TARGET

bool has_avx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}
#endif

#define WEIR_CSV_TARGET
namespace baseline {

#if defined(__SSE2__)
struct Needles {
  __m128i quote, delimiter, newline;
  explicit Needles(const Marks& marks)
      : quote(_mm_set1_epi8(marks.quote)), delimiter(_mm_set1_epi8(marks.delimiter)), newline(_mm_set1_epi8('\n')) {}
};

inline std::uint64_t mask_of(__m128i bytes) { return static_cast<std::uint16_t>(_mm_movemask_epi8(bytes)); }

inline Masks masks_of(const char* at, const Needles& needles) {
  Masks masks{};
  for (unsigned i = 0; i < 64; i += 16) {
    __m128i part;
    std::memcpy(&part, at + i, 16);
    masks.quote |= mask_of(_mm_cmpeq_epi8(part, needles.quote)) << i;
    masks.delimiter |= mask_of(_mm_cmpeq_epi8(part, needles.delimiter)) << i;
    masks.newline |= mask_of(_mm_cmpeq_epi8(part, needles.newline)) << i;
    masks.high |= mask_of(part) << i;
  }
  return masks;
}
#elif defined(__aarch64__)
struct Needles {
  uint8x16_t quote, delimiter, newline;
  explicit Needles(const Marks& marks)
      : quote(vdupq_n_u8(static_cast<std::uint8_t>(marks.quote))),
        delimiter(vdupq_n_u8(static_cast<std::uint8_t>(marks.delimiter))),
        newline(vdupq_n_u8('\n')) {}
};

// A bit of each of 64 bytes that are all ones or all zeros: each keeps the bit of its place in eight, and neighbours are added
// until eight bytes are left (as simdjson does, Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019).
inline std::uint64_t join(const uint8x16_t (&parts)[4]) {
  const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t low = vpaddq_u8(vandq_u8(parts[0], bits), vandq_u8(parts[1], bits));
  const uint8x16_t high = vpaddq_u8(vandq_u8(parts[2], bits), vandq_u8(parts[3], bits));
  const uint8x16_t both = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(both, both)), 0);
}

inline Masks masks_of(const char* at, const Needles& needles) {
  uint8x16_t quote[4], delimiter[4], newline[4], high[4];
  for (unsigned i = 0; i < 4; ++i) {
    const uint8x16_t part = vld1q_u8(reinterpret_cast<const std::uint8_t*>(at) + 16 * i);
    quote[i] = vceqq_u8(part, needles.quote);
    delimiter[i] = vceqq_u8(part, needles.delimiter);
    newline[i] = vceqq_u8(part, needles.newline);
    high[i] = vcgeq_u8(part, vdupq_n_u8(0x80));
  }
  return {join(quote), join(delimiter), join(newline), join(high)};
}
#else
struct Needles {
  Marks marks;
  explicit Needles(const Marks& given) : marks(given) {}
};

inline Masks masks_of(const char* at, const Needles& needles) {
  Masks masks{};
  for (unsigned i = 0; i < 64; ++i) {
    masks.quote |= std::uint64_t{at[i] == needles.marks.quote} << i;
    masks.delimiter |= std::uint64_t{at[i] == needles.marks.delimiter} << i;
    masks.newline |= std::uint64_t{at[i] == '\n'} << i;
    masks.high |= std::uint64_t{(at[i] & 0x80) != 0} << i;
  }
  return masks;
}
#endif

inline std::uint64_t prefix_xor(std::uint64_t bits) {
  for (unsigned i = 1; i < 64; i *= 2) bits ^= bits << i;
  return bits;
}

#include "scan_kernel.hpp"

}  // namespace baseline

std::atomic<bool> forced_baseline{false};

#if defined(__x86_64__)
bool use_avx2() {
  static const bool there = has_avx2();
  return there && !forced_baseline.load(std::memory_order_relaxed);
}
#endif

void index_blocks(const char* bytes, std::size_t from, std::size_t size, const Marks& marks, Scan& scan) {
#if defined(__x86_64__)
  if (use_avx2()) return avx2::index_blocks(bytes, from, size, marks, scan);
#endif
  baseline::index_blocks(bytes, from, size, marks, scan);
}

std::size_t last_newline(const char* bytes, std::size_t size, const Marks& marks, State& state) {
#if defined(__x86_64__)
  if (use_avx2()) return avx2::last_newline(bytes, size, marks, state);
#endif
  return baseline::last_newline(bytes, size, marks, state);
}

// Copies the bytes behind the last whole block, and fills the block with bytes that mean nothing. The state is then not
// that behind the last byte, so it is walked for.
struct Tail {
  alignas(64) char bytes[64];
  Tail(const char* from, std::size_t count) {
    std::memset(bytes, 0, sizeof bytes);
    if (count > 0) std::memcpy(bytes, from, count);
  }
};

State walk(std::string_view bytes, const Marks& marks, State state) {
  for (const char byte : bytes) {
    if (state == State::quoted) {
      if (byte == marks.quote) state = State::closed;
    } else if (byte == marks.delimiter || byte == '\n') {
      state = State::start;
    } else {
      state = byte == marks.quote && state != State::plain ? State::quoted : State::plain;
    }
  }
  return state;
}

}  // namespace

std::uint32_t* Index::grow(std::size_t count, std::size_t done, std::size_t size) {
  // As dense as so far and an eighth more; half as much again at least, so that growing stays rare.
  const std::size_t per_block = done == 0 ? 16 : count / (done / 64) + 1;
  const std::size_t wanted =
      std::max(count + ((size - done) / 64 + 1) * (per_block + per_block / 8) + 256, capacity_ + capacity_ / 2);
  std::unique_ptr<std::uint32_t[]> grown(new std::uint32_t[wanted]);
  if (count > 0) std::memcpy(grown.get(), data_.get(), count * sizeof(std::uint32_t));
  data_ = std::move(grown);
  capacity_ = wanted;
  return data_.get() + count;
}

void scan_fields(std::string_view chunk, const Marks& marks, Scan& scan) {
  if (scan.index.capacity() < 256) scan.index.grow(0, 0, 1024);
  scan.index.data()[0] = 0;
  scan.count = 1;
  scan.newlines = 0;
  scan.state = State::start;
  scan.high = false;
  scan.behind = false;
  const std::size_t whole = chunk.size() / 64 * 64, rest = chunk.size() - whole;
  index_blocks(chunk.data(), 0, whole, marks, scan);
  const Tail tail(chunk.data() + whole, rest);
  const State before = scan.state;
  const auto offset = static_cast<std::uint32_t>(whole);
  const std::size_t first = scan.count;
  index_blocks(tail.bytes, 0, 64, marks, scan);
  for (std::size_t i = first; i < scan.count; ++i) scan.index.data()[i] += offset;
  scan.state = walk(chunk.substr(whole), marks, before);
  if (scan.state == State::quoted || chunk.empty()) return;
  if (chunk.back() == '\n' && scan.state == State::start) return;
  if (scan.count + 1 > scan.index.capacity()) scan.index.grow(scan.count, 0, 64);
  scan.index.data()[scan.count++] = static_cast<std::uint32_t>(chunk.size() + 1);
  ++scan.newlines;
}

std::size_t last_record_end(std::string_view bytes, const Marks& marks, State& state) {
  const std::size_t whole = bytes.size() / 64 * 64;
  std::size_t last = last_newline(bytes.data(), whole, marks, state);
  const Tail tail(bytes.data() + whole, bytes.size() - whole);
  State scratch = state;
  const std::size_t in_tail = last_newline(tail.bytes, 64, marks, scratch);
  state = walk(bytes.substr(whole), marks, state);
  return in_tail == 0 ? last : whole + in_tail;
}

void use_baseline_scan(bool baseline) { forced_baseline.store(baseline, std::memory_order_relaxed); }

}  // namespace weir::csv
