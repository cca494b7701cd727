// The bzip2 codec: sniffing, decompressing, compressing, and the plugin's description.
#include <bzlib.h>

#include <cctype>
#include <new>
#include <string>

#include <weir/cpp/frames.hpp>
#include <weir/weir.hpp>

#include "weir_plugin_info.h"

namespace weir::bzip2 {
namespace {

// Decompresses one stream after the other: a frame of FrameDecompressor. libbz2 checks the checksums of blocks and stream.
class Stream {
 public:
  static constexpr FrameFormat kFormat{"bzip2", "stream", "42 5a 68 31 to 39", 4};

  explicit Stream(const Context& /*context*/) {}
  ~Stream() { end(); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  bool begins(std::string_view head) const {
    if (head.size() < 4) return std::string_view("BZh").starts_with(head);
    return head.starts_with("BZh") && head[3] >= '1' && head[3] <= '9';
  }

  void begin() {
    end();
    stream_ = {};
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
    begun_ = true;
  }

  bool take(CodecBuffers& buffers, const FramePlace& place) {
    const int code = buffers.lend(stream_, [this] { return BZ2_bzDecompress(&stream_); });
    if (code == BZ_STREAM_END) return true;
    if (code == BZ_MEM_ERROR) throw std::bad_alloc();
    if (code == BZ_OK) return false;
    throw place.damaged("a block that no encoder makes, or another checksum");
  }

  std::string_view where() const { return "in the compressed data"; }

 private:
  void end() {
    if (begun_) BZ2_bzDecompressEnd(&stream_);
    begun_ = false;
  }

  bz_stream stream_{};
  bool begun_ = false;
};

// Makes one stream of everything up to `last`.
class Compressor {
 public:
  explicit Compressor(const Context& context) : level_(static_cast<int>(context.config().integer("/level"))) {}
  ~Compressor() { end(); }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  Codec::Step step(std::string_view in, bool last, std::span<std::uint8_t> out) {
    if (!begun_) begin();
    CodecBuffers buffers(in, last, out);
    if (buffers.room().empty() || (buffers.rest().empty() && !buffers.last())) return buffers.step(false);
    const int action = buffers.last() ? BZ_FINISH : BZ_RUN;
    const int code = buffers.lend(stream_, [&] { return BZ2_bzCompress(&stream_, action); });
    if (code < 0) {
      throw Failure(WEIR_INTERNAL, WEIR_FAULT_PLUGIN,
                    "libbz2: expected to compress, found its code " + std::to_string(code));
    }
    if (code == BZ_STREAM_END) end();
    return buffers.step(code == BZ_STREAM_END);
  }

 private:
  void begin() {
    stream_ = {};
    if (BZ2_bzCompressInit(&stream_, level_, 0, 0) != BZ_OK) throw std::bad_alloc();
    begun_ = true;
  }
  void end() {
    if (begun_) BZ2_bzCompressEnd(&stream_);
    begun_ = false;
  }

  int level_;
  bz_stream stream_{};
  bool begun_ = false;
};

class Bzip2 : public TwoWayCodec<Compressor, FrameDecompressor<Stream>> {
 public:
  using TwoWayCodec::TwoWayCodec;

  static std::int32_t sniff(const weir_sniff& found) {
    const std::string_view name = to_view(found.name), head = to_view(found.head);
    // Four letters could be text: behind them comes a block, or the end of a stream without one.
    const bool begins =
        head.starts_with("BZh") && head.size() >= 10 && std::isdigit(static_cast<unsigned char>(head[3])) != 0;
    const std::string_view block = begins ? head.substr(4, 6) : "";
    if (block == "\x31\x41\x59\x26\x53\x59" || block == "\x17\x72\x45\x38\x50\x90") return 100;
    // By name alone too: so a file that only claims to be bzip2 is told so.
    return name.ends_with(".bz2") || name.ends_with(".bzip2") ? 80 : 0;
  }
};

}  // namespace
}  // namespace weir::bzip2

WEIR_PLUGIN(weir::codec<weir::bzip2::Bzip2>("bzip2"));
