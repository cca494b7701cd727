// Decompresses one xz stream after the other, or one lzma file ("alone": it has no magic bytes, no checksum and no successor).
//
//   lzma = properties, dictionary size(4), content size(8, all ones: unknown), data
#pragma once

#include <lzma.h>

#include <cstdint>
#include <string_view>

#include <weir/cpp/frames.hpp>

namespace weir::xz {

// How many bytes tell an lzma file from something else: properties, dictionary, and one more.
constexpr std::size_t kHeadOfAlone = 6;

// Can an lzma file begin so? Knows more of it the longer the head is, 13 bytes at most: by itself 6 are no proof.
bool begins_alone(std::string_view head);

// A frame of FrameDecompressor. Threads: one call at a time; liblzma starts others by itself if the options say so.
class Stream {
 public:
  static constexpr FrameFormat kFormat{"xz", "stream", "fd 37 7a 58 5a 00", kHeadOfAlone, 4, true};

  explicit Stream(const Context& context);
  ~Stream() { lzma_end(&stream_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  bool begins(std::string_view head) const;
  void begin();
  bool take(CodecBuffers& buffers, const FramePlace& place);
  std::string_view where() const { return "in the compressed data"; }

 private:
  enum class Kind { none, xz, alone };

  void open(std::string_view head);
  [[noreturn]] void refuse(lzma_ret code, const FramePlace& place);

  lzma_stream stream_ = LZMA_STREAM_INIT;
  std::uint64_t memory_bytes_;
  std::uint32_t threads_;
  Kind kind_ = Kind::none;  // of the stream that is read, or was last
  bool opened_ = false;
};

}  // namespace weir::xz
