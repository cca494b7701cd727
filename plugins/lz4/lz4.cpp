// The lz4 codec: sniffing, compressing, and the plugin's description. Decompressing: frame.hpp.
#include <lz4frame.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "frame.hpp"
#include "weir_plugin_info.h"

namespace weir::lz4 {
namespace {

// Makes one frame, with a checksum, of everything up to `last`. Its blocks do not refer to one another: so the bytes depend
// on the content and the level alone, not on the pieces in which it comes.
class Compressor {
 public:
  explicit Compressor(const Context& context) {
    LZ4F_cctx* made = nullptr;
    if (LZ4F_isError(LZ4F_createCompressionContext(&made, LZ4F_VERSION)) != 0) throw std::bad_alloc();
    context_.reset(made);
    preferences_.frameInfo.blockSizeID = LZ4F_max1MB;
    preferences_.frameInfo.blockMode = LZ4F_blockIndependent;
    preferences_.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    preferences_.compressionLevel = static_cast<int>(context.config().integer("/level"));
    // liblz4 wants room for the most that it could make of a piece: more than the host has at hand.
    made_.resize(std::max<std::size_t>(LZ4F_compressBound(kPiece, &preferences_), LZ4F_HEADER_SIZE_MAX));
  }

  Codec::Step step(std::string_view in, bool last, std::span<std::uint8_t> out) {
    CodecBuffers buffers(in, last, out);
    while (true) {
      give(buffers);
      if (given_ < count_ || state_ == State::ended) break;
      if (state_ == State::body && buffers.rest().empty() && !buffers.last()) break;
      make(buffers);
    }
    const bool done = state_ == State::ended && given_ == count_;
    if (done) state_ = State::header;
    return buffers.step(done);
  }

 private:
  enum class State { header, body, ended };
  static constexpr std::size_t kPiece = std::size_t{64} << 10U;
  struct Free {
    void operator()(LZ4F_cctx* context) const { LZ4F_freeCompressionContext(context); }
  };

  // Gives what was made, as far as there is room.
  void give(CodecBuffers& buffers) {
    const std::size_t count = std::min(count_ - given_, buffers.room().size());
    std::copy_n(made_.begin() + static_cast<std::ptrdiff_t>(given_), count, buffers.room().begin());
    buffers.made(count);
    given_ += count;
  }

  // Makes the next of header, pieces and end.
  void make(CodecBuffers& buffers) {
    const std::string_view piece = buffers.rest().substr(0, kPiece);
    given_ = 0;
    if (state_ == State::header) {
      count_ = check(LZ4F_compressBegin(context_.get(), made_.data(), made_.size(), &preferences_));
      state_ = State::body;
    } else if (!piece.empty()) {
      count_ =
          check(LZ4F_compressUpdate(context_.get(), made_.data(), made_.size(), piece.data(), piece.size(), nullptr));
      buffers.take(piece.size());
    } else {
      count_ = check(LZ4F_compressEnd(context_.get(), made_.data(), made_.size(), nullptr));
      state_ = State::ended;
    }
  }

  static std::size_t check(std::size_t code) {
    if (LZ4F_isError(code) == 0) return code;
    throw Failure(WEIR_INTERNAL, WEIR_FAULT_PLUGIN, std::string("liblz4: ") + LZ4F_getErrorName(code));
  }

  std::unique_ptr<LZ4F_cctx, Free> context_;
  LZ4F_preferences_t preferences_{};
  std::vector<std::uint8_t> made_;
  std::size_t given_ = 0, count_ = 0;  // bytes of made_
  State state_ = State::header;
};

class Lz4 : public TwoWayCodec<Compressor, FrameDecompressor<Frame>> {
 public:
  using TwoWayCodec::TwoWayCodec;

  static std::int32_t sniff(const weir_sniff& found) {
    const std::string_view head = to_view(found.head);
    const bool named = to_view(found.name).ends_with(".lz4");
    const std::size_t skipped = skippable_frames(head);
    if (head.substr(skipped).starts_with("\x04\x22\x4D\x18")) return 100;
    // Zstandard has the same skippable frames: the name decides.
    if (skipped > 0) return named ? 100 : 50;
    // By name alone too: so a file that only claims to be LZ4 is told so.
    return named ? 80 : 0;
  }
};

}  // namespace
}  // namespace weir::lz4

WEIR_PLUGIN(weir::codec<weir::lz4::Lz4>("lz4"));
