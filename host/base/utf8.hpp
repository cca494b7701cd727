// UTF-8: checked, and made fit to be shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::base {

// Finds the first byte that is not part of well-formed UTF-8 (no surrogates, no overlong forms); text.size() if there
// is none. ASCII passes eight bytes at a time.
std::size_t invalid_utf8_at(std::string_view text);

inline bool is_utf8(std::string_view text) { return invalid_utf8_at(text) == text.size(); }

// The length of the character at the start of `rest`; 0 if it is not well-formed. Precondition: rest is not empty.
std::size_t character_length(std::string_view rest);

// The code point of the well-formed character of `length` bytes at the start of `rest`.
std::uint32_t code_point(std::string_view rest, std::size_t length);

// Returns `text` with U+FFFD for each maximal part that is not UTF-8.
std::string repaired_utf8(std::string_view text);

// Returns repaired text with control characters (C0, DEL, C1) escaped, "\n" and "\x1b", so that it is one line and
// can't play with a terminal.
std::string printable(std::string_view text);

}  // namespace weir::base
