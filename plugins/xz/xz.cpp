// The xz codec: sniffing, compressing, and the plugin's description. Decompressing: stream.hpp.
#include <lzma.h>

#include <new>
#include <string>

#include <weir/weir.hpp>

#include "stream.hpp"
#include "weir_plugin_info.h"

namespace weir::xz {
namespace {

// Makes one stream of everything up to `last`, in blocks of three dictionaries. The coder with threads makes the same bytes
// with any number of them; the one without makes others.
class Compressor {
 public:
  explicit Compressor(const Context& context) {
    options_.threads = static_cast<std::uint32_t>(context.config().integer("/threads"));
    options_.preset = static_cast<std::uint32_t>(context.config().integer("/level"));
    options_.check = LZMA_CHECK_CRC64;
  }
  ~Compressor() { lzma_end(&stream_); }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  Codec::Step step(std::string_view in, bool last, std::span<std::uint8_t> out) {
    if (!begun_) check(lzma_stream_encoder_mt(&stream_, &options_));
    begun_ = true;
    CodecBuffers buffers(in, last, out);
    const lzma_action action = buffers.last() ? LZMA_FINISH : LZMA_RUN;
    const lzma_ret code = buffers.lend(stream_, [&] { return lzma_code(&stream_, action); });
    if (code != LZMA_STREAM_END && code != LZMA_BUF_ERROR) check(code);
    begun_ = code != LZMA_STREAM_END;
    return buffers.step(!begun_);
  }

 private:
  static void check(lzma_ret code) {
    if (code == LZMA_MEM_ERROR) throw std::bad_alloc();
    if (code != LZMA_OK) {
      throw Failure(WEIR_INTERNAL, WEIR_FAULT_PLUGIN,
                    "liblzma: expected to compress, found its code " + std::to_string(code));
    }
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
  lzma_mt options_{};
  bool begun_ = false;
};

class Xz : public TwoWayCodec<Compressor, FrameDecompressor<Stream>> {
 public:
  using TwoWayCodec::TwoWayCodec;

  static std::int32_t sniff(const weir_sniff& found) {
    const std::string_view name = to_view(found.name), head = to_view(found.head);
    if (head.starts_with(std::string_view("\xFD\x37\x7A\x58\x5A\x00", 6))) return 100;
    // An lzma file has no magic bytes; its header has so much that must fit that by the 13th byte it is hardly another. Its
    // data begins with a zero.
    if (head.size() >= 14 && head[13] == 0 && begins_alone(head.substr(0, 13)))
      return name.ends_with(".lzma") ? 100 : 70;
    // By name alone too: so a file that only claims to be xz is told so.
    return name.ends_with(".xz") || name.ends_with(".lzma") ? 80 : 0;
  }
};

}  // namespace
}  // namespace weir::xz

WEIR_PLUGIN(weir::codec<weir::xz::Xz>("xz"));
