// The first bytes of a file in words: what codecs and formats tell of an input that is not theirs.
#pragma once

#include <string>
#include <string_view>

namespace weir {

// "1f 8b" of these two bytes.
inline std::string hex_bytes(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    if (!text.empty()) text += ' ';
    text += kDigits[value >> 4U];
    text += kDigits[value & 15U];
  }
  return text;
}

// hex_bytes(), and in brackets what such a file is, where two bytes tell: "50 4b (a zip archive)".
inline std::string found_magic(std::string_view head) {
  static constexpr struct {
    std::string_view magic, name;
  } kKnown[] = {{"PK", "a zip archive"},
                {"BZ", "bzip2"},
                {"\xFD"
                 "7",
                 "xz"},
                {"\x28\xB5", "zstd"},
                {"\x04\"", "lz4"},
                {"\x02!", "lz4 of its legacy format"},
                {"\x1F\x8B", "gzip"}};
  std::string text = hex_bytes(head);
  for (const auto& [magic, name] : kKnown) {
    if (head.starts_with(magic)) return text + " (" + std::string(name) + ")";
  }
  return text;
}

}  // namespace weir
