// Decompresses one LZ4 frame, or skippable frame, after the other. liblz4 takes both apart; what it does not look at, a
// dictionary that a frame needs, is looked at here.
#pragma once

#include <lz4frame.h>

#include <memory>
#include <string_view>

#include <weir/cpp/frames.hpp>

namespace weir::lz4 {

// A frame of FrameDecompressor. Threads: one call at a time.
class Frame {
 public:
  static constexpr FrameFormat kFormat{"lz4", "frame", "04 22 4d 18", 4};

  explicit Frame(const Context& context);

  bool begins(std::string_view head) const;
  void begin();
  bool take(CodecBuffers& buffers, const FramePlace& place);
  std::string_view where() const;

 private:
  struct Free {
    void operator()(LZ4F_dctx* context) const { LZ4F_freeDecompressionContext(context); }
  };
  // Looks at what is taken of the head and the byte behind it.
  void look_at(std::string_view in, const FramePlace& place);

  std::unique_ptr<LZ4F_dctx, Free> context_;
  std::size_t seen_ = 0;  // bytes of the frame, as far as look_at() needs to know
  bool skippable_ = false;
};

}  // namespace weir::lz4
