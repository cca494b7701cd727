// UTF-8 by the table of Unicode 15, chapter 3.9 (well-formed byte sequences).
#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace weir::base {
namespace {

std::size_t skip_ascii(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  while (at + 8 <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & kHighBits) != 0) break;
    at += 8;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

struct Sequence {
  std::size_t bytes;  // well-formed ones from the first on; at least 1
  bool complete;
};

// Looks at the sequence that begins with a byte of 0x80 or more.
Sequence sequence_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned { return static_cast<unsigned char>(text[at + i]); };
  const unsigned lead = byte(0);
  std::size_t length = 0;
  unsigned low = 0x80, high = 0xBF;  // of the second byte
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (at + i >= text.size() || byte(i) < low || byte(i) > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

void append_escaped(std::string& out, unsigned character) {
  static constexpr char kDigits[] = "0123456789abcdef";
  if (character == '\n') {
    out += "\\n";
  } else if (character == '\t') {
    out += "\\t";
  } else if (character == '\r') {
    out += "\\r";
  } else {
    out += "\\x";
    out += kDigits[(character >> 4U) & 15U];
    out += kDigits[character & 15U];
  }
}

}  // namespace

std::size_t invalid_utf8_at(std::string_view text) {
  std::size_t at = skip_ascii(text, 0);
  while (at < text.size()) {
    const Sequence found = sequence_at(text, at);
    if (!found.complete) return at;
    at = skip_ascii(text, at + found.bytes);
  }
  return at;
}

std::size_t character_length(std::string_view rest) {
  if (static_cast<unsigned char>(rest.front()) < 0x80) return 1;
  const Sequence found = sequence_at(rest, 0);
  return found.complete ? found.bytes : 0;
}

std::uint32_t code_point(std::string_view rest, std::size_t length) {
  const auto byte = [&rest](std::size_t at) -> std::uint32_t { return static_cast<unsigned char>(rest[at]); };
  if (length == 1) return byte(0);
  std::uint32_t point = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t at = 1; at < length; ++at) point = (point << 6U) | (byte(at) & 0x3FU);
  return point;
}

std::string repaired_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t wrong = at + invalid_utf8_at(text.substr(at));
    out += text.substr(at, wrong - at);
    if (wrong == text.size()) break;
    out += "\xEF\xBF\xBD";
    at = wrong + sequence_at(text, wrong).bytes;
  }
  return out;
}

std::string printable(std::string_view text) {
  const std::string whole = repaired_utf8(text);
  std::string out;
  out.reserve(whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto byte = static_cast<unsigned char>(whole[i]);
    if (byte < 0x20 || byte == 0x7F) {
      append_escaped(out, byte);
    } else if (byte == 0xC2 && i + 1 < whole.size() && static_cast<unsigned char>(whole[i + 1]) < 0xA0) {
      append_escaped(out, static_cast<unsigned char>(whole[++i]));
    } else {
      out += whole[i];
    }
  }
  return out;
}

}  // namespace weir::base
