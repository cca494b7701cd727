// Texts in quotes: as messages tell what was found, the same in every plugin, and as JSON has them. [any]
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

// The text in double quotes, on one line: cut at 40 bytes, whole characters, control bytes escaped.
inline std::string quoted_for_message(std::string_view text) {
  constexpr std::size_t kMost = 40;
  std::size_t length = text.size();
  if (length > kMost) {
    length = kMost;
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  }
  std::string quoted = "\"";
  for (const char byte : text.substr(0, length)) {
    if (byte == '\n')
      quoted += "\\n";
    else if (byte == '\r')
      quoted += "\\r";
    else if (byte == '\t')
      quoted += "\\t";
    else if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F)
      quoted += '?';
    else
      quoted += byte;
  }
  return quoted + (length < text.size() ? "…\"" : "\"");
}

// Appends the text as a JSON string. Bytes that are no UTF-8 pass as they are.
inline void append_json_text(std::string& json, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  json += '"';
  for (const char byte : text) {
    if (byte == '"' || byte == '\\') {
      json += '\\';
      json += byte;
    } else if (byte == '\n') {
      json += "\\n";
    } else if (static_cast<unsigned char>(byte) < 0x20) {
      json += "\\u00";
      json += kHex[static_cast<unsigned char>(byte) >> 4U];
      json += kHex[static_cast<unsigned char>(byte) & 15U];
    } else {
      json += byte;
    }
  }
  json += '"';
}

}  // namespace weir
