// What a frame begins with (RFC 8878, 3.1), taken apart as its bytes come:
//
//   zstd       28 b5 2f fd  descriptor  [window]  [dictionary id, 1 2 4 bytes]  [content size, 1 2 4 8 bytes]
//   skippable  5x 2a 4d 18  content size, 4 bytes
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::zstd {

// The header of one frame. Threads: as a value.
class FrameHeader {
 public:
  // Consumes bytes of `in` from `at` on, and moves `at`, up to the end of the header or the first four bytes that no frame
  // begins with.
  void consume(std::string_view in, std::size_t& at);

  std::string_view bytes() const { return {bytes_.data(), count_}; }
  // False once what was consumed can't be the beginning of a frame.
  bool plausible() const;
  bool complete() const { return count_ >= 4 && count_ == size(); }

  // All of a complete header only.
  bool skippable() const;
  std::uint64_t content_size() const;  // of a skippable frame; a zstd frame's is libzstd's to check
  bool reserved() const;               // it sets what this version of the format does not know
  std::uint64_t dictionary() const;    // 0: none
  std::uint64_t window_bytes() const;  // what a decoder must remember

 private:
  static constexpr std::size_t kLongest = 18;
  // Of the whole header, as far as its bytes tell.
  std::size_t size() const;
  unsigned descriptor() const { return static_cast<unsigned char>(bytes_[4]); }
  bool single_segment() const { return (descriptor() & 0x20U) != 0; }
  std::size_t dictionary_size() const;
  std::size_t content_size_size() const;
  std::uint64_t number(std::size_t from, std::size_t count) const;

  std::array<char, kLongest> bytes_{};
  std::size_t count_ = 0;
};

}  // namespace weir::zstd
