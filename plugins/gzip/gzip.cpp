// The gzip codec: sniffing, compressing, and the plugin's description. Decompressing: member.hpp.
#include <new>

#include <weir/weir.hpp>

#include "member.hpp"
#include "weir_plugin_info.h"

namespace weir::gzip {
namespace {

constexpr int kWithGzipHeader = MAX_WBITS + 16;

// Makes one member of everything up to `last`; deterministic: no name, no time.
class Compressor {
 public:
  explicit Compressor(const Context& context) {
    const auto level = static_cast<int>(context.config().integer("/level"));
    if (deflateInit2(&stream_, level, Z_DEFLATED, kWithGzipHeader, 8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  ~Compressor() { deflateEnd(&stream_); }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  Codec::Step step(std::string_view in, bool last, std::span<std::uint8_t> out) {
    if (ended_) {
      deflateReset(&stream_);
      ended_ = false;
    }
    CodecBuffers buffers(in, last, out);
    const int flush = buffers.last() ? Z_FINISH : Z_NO_FLUSH;
    ended_ = buffers.lend(stream_, [&] { return deflate(&stream_, flush); }) == Z_STREAM_END;
    return buffers.step(ended_);
  }

 private:
  z_stream stream_{};
  bool ended_ = false;
};

class Gzip : public TwoWayCodec<Compressor, FrameDecompressor<Member>> {
 public:
  using TwoWayCodec::TwoWayCodec;

  static std::int32_t sniff(const weir_sniff& found) {
    const std::string_view name = to_view(found.name), head = to_view(found.head);
    if (head.starts_with("\x1f\x8b")) return 100;
    // By name alone too: so a file that only claims to be gzip is told so.
    return name.ends_with(".gz") || name.ends_with(".gzip") ? 80 : 0;
  }
};

}  // namespace
}  // namespace weir::gzip

WEIR_PLUGIN(weir::codec<weir::gzip::Gzip>("gzip"));
