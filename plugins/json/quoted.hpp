// JSON strings: escapes, and base64 for bytes.
#pragma once

#include <string_view>

#include "text_buffer.hpp"

namespace weir::json {

// Writes a text in quotes with as few escapes as JSON allows. Bytes that are no UTF-8 pass as they are.
void put_quoted(TextBuffer& out, std::string_view text);

// Writes bytes in quotes as base64 (RFC 4648, with padding).
void put_base64(TextBuffer& out, std::string_view bytes);

// Writes a text that is JSON already, on one line: JSON allows breaks only where it allows spaces.
void put_raw(TextBuffer& out, std::string_view json);

}  // namespace weir::json
