// Characters of UTF-8 texts, and their case: that of Unicode for every script, without the rules of a language. The mapping is
// one character to one (ß stays ß).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::expr {

char32_t lower_of(char32_t letter);
char32_t upper_of(char32_t letter);

// The text in small letters. Bytes that are not UTF-8 stay as they are.
std::string lowered(std::string_view text);

// Reads the character at `at` and moves `at` behind it. A byte that begins none is given as 0xDC00 + byte.
char32_t next_character(std::string_view text, std::size_t& at);

// Writes a character in at most 4 bytes; gives their number. What next_character() made of a stray byte becomes it again.
std::size_t write_character(char32_t character, char* to);

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Characters of the text.
inline std::int64_t characters_in(std::string_view text) {
  std::int64_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

}  // namespace weir::expr
