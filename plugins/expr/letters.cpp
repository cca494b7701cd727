// Characters and their case: see letters.hpp. Case is utf8proc's simple mapping.
#include "letters.hpp"

#include <utf8proc.h>

namespace weir::expr {
namespace {

bool between(char32_t c, char32_t low, char32_t high) { return c >= low && c <= high; }

}  // namespace

char32_t lower_of(char32_t c) {
  if (c < 0x80) return between(c, 'A', 'Z') ? c + 32 : c;
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

char32_t upper_of(char32_t c) {
  if (c < 0x80) return between(c, 'a', 'z') ? c - 32 : c;
  if (c == U'ß') return c;
  return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
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
