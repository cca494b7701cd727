// What the functions over texts share: characters are those of Unicode, and what is made stands in the frame's arena until
// the chunk is done.
#pragma once

#include <cstring>
#include <string_view>

#include "letters.hpp"
#include "logic.hpp"

namespace weir::expr {

using View = std::string_view;
using Word = std::int64_t;

inline constexpr std::size_t kLongestText = 64 * 1024 * 1024;  // that a function makes
inline constexpr std::string_view kTooLong = "a text beyond 64 MiB";

// The byte behind `count` characters from byte `at` on.
inline std::size_t skip_characters(View text, std::size_t at, Word count) {
  for (; count > 0 && at < text.size(); --count) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return at;
}

// Appends to room in the arena.
class Pen {
 public:
  Pen(Frame& frame, std::size_t most) : frame_(frame), room_(frame.arena.take(most)), at_(room_) {}
  void put(View part) {
    if (!part.empty()) std::memcpy(at_, part.data(), part.size());
    at_ += part.size();
  }
  void put(char byte) { *at_++ = byte; }
  void put_character(char32_t character) { at_ += write_character(character, at_); }
  // What was written; the rest of the room is given back.
  View done() {
    const auto size = static_cast<std::size_t>(at_ - room_);
    frame_.arena.trim(room_, size);
    return {room_, size};
  }

 private:
  Frame& frame_;
  char* room_;
  char* at_;
};

// Any number of texts, one behind the other; null where one is.
OperationPointer concat_operation(Operations texts, const std::string& source);

// True if `count` texts of `size` bytes are not too long together.
inline bool fits(std::size_t size, std::size_t count) { return size == 0 || count <= kLongestText / size; }

}  // namespace weir::expr
