// The text that is being written: memory that grows within a row, and is handed on between rows.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include <weir/arrow.hpp>

namespace weir::json {

// Appends characters. room() first, then write, then advance_to(): so the check stands outside of loops.
// Threads: one caller at a time. Throws std::bad_alloc.
class TextBuffer {
 public:
  explicit TextBuffer(std::size_t capacity) : memory_(capacity) { memory_.resize(capacity); }

  // Gives where to write at most `count` bytes. Valid until the next call.
  char* room(std::size_t count) {
    if (memory_.size() - size_ < count) memory_grow(count);
    return begin() + size_;
  }
  void advance_to(const char* end) { size_ = static_cast<std::size_t>(end - begin()); }

  void put(char letter) {
    *room(1) = letter;
    ++size_;
  }
  void put(std::string_view text) {
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
  }

  std::size_t size() const { return size_; }
  const std::uint8_t* data() const { return memory_.data(); }
  // Forgets what stands behind the first `size` bytes.
  void cut(std::size_t size) { size_ = size; }

 private:
  char* begin() { return reinterpret_cast<char*>(memory_.data()); }
  void memory_grow(std::size_t count) { memory_.resize((size_ + count) * 2); }

  Buffer memory_;
  std::size_t size_ = 0;
};

}  // namespace weir::json
