// Case of letters by the regular structure of their blocks in Unicode.
#include "letters.hpp"

namespace weir::expr {
namespace {

bool between(char32_t c, char32_t low, char32_t high) { return c >= low && c <= high; }

// Blocks in which a large letter is followed by its small one: large ones are even here, or odd.
bool pairs_even(char32_t c) {
  return between(c, 0x100, 0x12F) || between(c, 0x132, 0x137) || between(c, 0x14A, 0x177) || between(c, 0x1DE, 0x1EF) ||
         between(c, 0x1F8, 0x21F) || between(c, 0x222, 0x233) || between(c, 0x370, 0x373) || between(c, 0x3D8, 0x3EF) ||
         between(c, 0x460, 0x481) || between(c, 0x48A, 0x4BF) || between(c, 0x4D0, 0x52F) ||
         between(c, 0x1E00, 0x1E95) || between(c, 0x1EA0, 0x1EFF);
}
bool pairs_odd(char32_t c) {
  return between(c, 0x139, 0x148) || between(c, 0x179, 0x17E) || between(c, 0x1CD, 0x1DC) || between(c, 0x4C1, 0x4CE);
}

}  // namespace

char32_t lower_of(char32_t c) {
  if (c < 0x80) return between(c, 'A', 'Z') ? c + 32 : c;
  if (between(c, 0xC0, 0xDE)) return c == 0xD7 ? c : c + 32;
  if (pairs_even(c)) return (c & 1U) == 0 ? c + 1 : c;
  if (pairs_odd(c)) return (c & 1U) == 1 ? c + 1 : c;
  if (c == 0x178) return 0xFF;
  if (c == 0x386) return 0x3AC;
  if (between(c, 0x388, 0x38A)) return c + 37;
  if (c == 0x38C) return 0x3CC;
  if (c == 0x38E || c == 0x38F) return c + 63;
  if (between(c, 0x391, 0x3AB) && c != 0x3A2) return c + 32;
  if (between(c, 0x410, 0x42F)) return c + 32;
  if (between(c, 0x400, 0x40F)) return c + 80;
  if (c == 0x4C0) return 0x4CF;
  if (between(c, 0x531, 0x556)) return c + 48;
  return c;
}

char32_t upper_of(char32_t c) {
  if (c < 0x80) return between(c, 'a', 'z') ? c - 32 : c;
  if (between(c, 0xE0, 0xFE)) return c == 0xF7 ? c : c - 32;
  if (pairs_even(c)) return (c & 1U) == 1 ? c - 1 : c;
  if (pairs_odd(c)) return (c & 1U) == 0 ? c - 1 : c;
  if (c == 0xFF) return 0x178;
  if (c == 0x3AC) return 0x386;
  if (between(c, 0x3AD, 0x3AF)) return c - 37;
  if (c == 0x3CC) return 0x38C;
  if (c == 0x3CD || c == 0x3CE) return c - 63;
  if (c == 0x3C2) return 0x3A3;
  if (between(c, 0x3B1, 0x3CB)) return c - 32;
  if (between(c, 0x430, 0x44F)) return c - 32;
  if (between(c, 0x450, 0x45F)) return c - 80;
  if (c == 0x4CF) return 0x4C0;
  if (between(c, 0x561, 0x586)) return c - 48;
  return c;
}

char32_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(at);
  if (first < 0x80) return static_cast<char32_t>(byte(at++));
  const std::size_t length = first >= 0xF0 && first < 0xF8   ? 4
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xC0 && first < 0xE0 ? 2
                                                             : 0;
  bool whole = length != 0 && at + length <= text.size();
  for (std::size_t i = 1; whole && i < length; ++i) whole = (byte(at + i) & 0xC0U) == 0x80U;
  if (!whole) return static_cast<char32_t>(0xDC00U + byte(at++));
  std::uint32_t character = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) character = (character << 6U) | (byte(at + i) & 0x3FU);
  at += length;
  return static_cast<char32_t>(character);
}

std::size_t write_character(char32_t character, char* to) {
  const auto put = [&](std::size_t i, std::uint32_t byte) {
    to[i] = static_cast<char>(static_cast<unsigned char>(byte));
  };
  const auto code = static_cast<std::uint32_t>(character);
  if (code < 0x80 || between(character, 0xDC80, 0xDCFF)) {
    put(0, code & 0xFFU);
    return 1;
  }
  if (code < 0x800) {
    put(0, 0xC0U | code >> 6U);
    put(1, 0x80U | (code & 0x3FU));
    return 2;
  }
  if (code < 0x10000) {
    put(0, 0xE0U | code >> 12U);
    put(1, 0x80U | (code >> 6U & 0x3FU));
    put(2, 0x80U | (code & 0x3FU));
    return 3;
  }
  put(0, 0xF0U | code >> 18U);
  put(1, 0x80U | (code >> 12U & 0x3FU));
  put(2, 0x80U | (code >> 6U & 0x3FU));
  put(3, 0x80U | (code & 0x3FU));
  return 4;
}

std::string lowered(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  char bytes[4];
  for (std::size_t at = 0; at < text.size();)
    out.append(bytes, write_character(lower_of(next_character(text, at)), bytes));
  return out;
}

}  // namespace weir::expr
