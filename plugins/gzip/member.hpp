// Decompresses one gzip member after the other:
//
//   header -> body -> trailer -> header ...
#pragma once

#include <zlib.h>

#include <array>
#include <cstdint>
#include <string_view>

#include <weir/cpp/frames.hpp>

#include "header.hpp"

namespace weir::gzip {

// A frame of FrameDecompressor. Threads: one call at a time.
class Member {
 public:
  static constexpr FrameFormat kFormat{"gzip", "member", "1f 8b", 2, 1};

  explicit Member(const Context& context);
  ~Member();
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  bool begins(std::string_view head) const { return std::string_view("\x1F\x8B").starts_with(head); }
  void begin();
  bool take(CodecBuffers& buffers, const FramePlace& place);
  std::string_view where() const;

 private:
  enum class State { header, body, trailer };

  void body(CodecBuffers& buffers, const FramePlace& place);
  bool trailer(CodecBuffers& buffers);
  void check_trailer() const;

  z_stream stream_{};
  Header header_;
  State state_ = State::header;
  std::array<std::uint8_t, 8> trailer_{};
  std::size_t trailer_count_ = 0;
  std::uint32_t crc_ = 0;
  std::uint64_t length_ = 0;  // decompressed
};

}  // namespace weir::gzip
