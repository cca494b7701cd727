// Decompresses one zstd frame after the other:
//
//   header -> body ----> header ...
//        '--> skipped -> header ...
#pragma once

#include <zstd.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include <weir/cpp/frames.hpp>

#include "frame_header.hpp"

namespace weir::zstd {

// A frame of FrameDecompressor. Threads: one call at a time.
class Frame {
 public:
  static constexpr FrameFormat kFormat{"zstd", "frame", "28 b5 2f fd", 4};

  // Refuses frames that need a window of more than the option says.
  explicit Frame(const Context& context);

  bool begins(std::string_view head) const;
  void begin();
  bool take(CodecBuffers& buffers, const FramePlace& place);
  std::string_view where() const;

 private:
  enum class State { header, skipped, body };
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  // Takes the header to its end, and begins what it announces.
  void header(CodecBuffers& buffers, const FramePlace& place);
  bool skipped(CodecBuffers& buffers);
  bool body(CodecBuffers& buffers, const FramePlace& place);
  void check_header(const FramePlace& place) const;

  std::unique_ptr<ZSTD_DCtx, Free> context_;
  std::uint64_t window_bytes_;
  FrameHeader header_;
  State state_ = State::header;
  std::size_t fed_ = 0;     // bytes of header_ that libzstd has
  std::uint64_t left_ = 0;  // bytes of a skippable frame that are to come
};

}  // namespace weir::zstd
