// The gzip codec: sniffing, compressing, and the plugin's description. Decompressing: decompressor.hpp.
#include <algorithm>
#include <new>

#include <weir/weir.hpp>

#include "decompressor.hpp"
#include "weir_plugin_info.h"

namespace weir::gzip {
namespace {

constexpr int kWithGzipHeader = MAX_WBITS + 16;
constexpr std::size_t kLargestStep = std::size_t{1} << 30U;

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
    const std::size_t taken = std::min(in.size(), kLargestStep), room = std::min(out.size(), kLargestStep);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(taken);
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(room);
    const int code = deflate(&stream_, last && taken == in.size() ? Z_FINISH : Z_NO_FLUSH);
    ended_ = code == Z_STREAM_END;
    return {taken - stream_.avail_in, room - stream_.avail_out, ended_};
  }

 private:
  z_stream stream_{};
  bool ended_ = false;
};

class Gzip : public TwoWayCodec<Compressor, Decompressor> {
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
