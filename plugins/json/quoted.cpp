#include "quoted.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace weir::json {
namespace {

// What follows the backslash: 0 nothing, 'u' four digits.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> table{};
  for (std::size_t i = 0; i < 0x20; ++i) table[i] = 'u';
  table['\b'] = 'b';
  table['\t'] = 't';
  table['\n'] = 'n';
  table['\f'] = 'f';
  table['\r'] = 'r';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

constexpr std::uint64_t repeat(std::uint64_t byte) { return byte * 0x0101010101010101ULL; }

// Sets the high bit of bytes that need an escape. The lowest that is set is right; higher ones may be set in error.
constexpr std::uint64_t to_escape(std::uint64_t word) {
  const std::uint64_t quote = word ^ repeat('"'), backslash = word ^ repeat('\\');
  return (((word - repeat(0x20)) & ~word) | ((quote - repeat(1)) & ~quote) | ((backslash - repeat(1)) & ~backslash)) &
         repeat(0x80);
}

// Copies one word; adds what needs no escape to `copied`, and gives false if something does.
template <class Word>
bool copy_word(char* to, const char* from, std::size_t& copied) {
  Word word = 0;
  std::memcpy(&word, from + copied, sizeof word);
  std::memcpy(to + copied, &word, sizeof word);
  std::uint64_t wide = word;
  if constexpr (sizeof word < 8) wide |= repeat(' ') << (8 * sizeof word);
  const std::uint64_t found = to_escape(wide);
  copied += found == 0 ? sizeof word : static_cast<std::size_t>(std::countr_zero(found)) / 8;
  return found == 0;
}

// Copies up to the first byte that needs an escape; gives how many that were. Needs room for `count` bytes.
std::size_t copy_plain(char* to, const char* from, std::size_t count) {
  std::size_t copied = 0;
#ifdef __SSE2__
  const __m128i control = _mm_set1_epi8(0x1F), quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
  for (; count - copied >= 16; copied += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + copied));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + copied), bytes);
    const __m128i found = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes),
                                       _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found));
    if (mask != 0) return copied + static_cast<std::size_t>(std::countr_zero(mask));
  }
#endif
  if constexpr (std::endian::native == std::endian::little) {
    while (count - copied >= 8) {
      if (!copy_word<std::uint64_t>(to, from, copied)) return copied;
    }
    if (count - copied >= 4 && !copy_word<std::uint32_t>(to, from, copied)) return copied;
  }
  for (; copied < count && kEscapes[static_cast<std::uint8_t>(from[copied])] == 0; ++copied) to[copied] = from[copied];
  return copied;
}

char* write_escape(char* to, char letter) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<std::uint8_t>(letter);
  *to++ = '\\';
  *to++ = kEscapes[byte];
  if (kEscapes[byte] != 'u') return to;
  *to++ = '0';
  *to++ = '0';
  *to++ = kDigits[byte >> 4U];
  *to++ = kDigits[byte & 15U];
  return to;
}

}  // namespace

void put_quoted(TextBuffer& out, std::string_view text) {
  constexpr std::size_t kEscape = 6;
  char* to = out.room(text.size() + kEscape + 2);
  *to++ = '"';
  for (;;) {
    const std::size_t plain = copy_plain(to, text.data(), text.size());
    to += plain;
    if (plain == text.size()) break;
    to = write_escape(to, text[plain]);
    text.remove_prefix(plain + 1);
    out.advance_to(to);
    to = out.room(text.size() + kEscape + 2);
  }
  *to++ = '"';
  out.advance_to(to);
}

void put_base64(TextBuffer& out, std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char* to = out.room((bytes.size() + 2) / 3 * 4 + 2);
  *to++ = '"';
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8U | (k < left ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
    *to++ = kDigits[group >> 18U];
    *to++ = kDigits[(group >> 12U) & 63U];
    *to++ = left > 1 ? kDigits[(group >> 6U) & 63U] : '=';
    *to++ = left > 2 ? kDigits[group & 63U] : '=';
  }
  *to++ = '"';
  out.advance_to(to);
}

void put_raw(TextBuffer& out, std::string_view json) {
  if (json.empty()) return out.put("null");
  char* to = out.room(json.size());
  char* const end =
      std::transform(json.begin(), json.end(), to, [](char c) { return c == '\n' || c == '\r' ? ' ' : c; });
  out.advance_to(end);
}

}  // namespace weir::json
