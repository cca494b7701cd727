// The zstd codec: sniffing, compressing, and the plugin's description. Decompressing: decompressor.hpp.
#include <zstd.h>
#include <zstd_errors.h>

#include <memory>
#include <new>

#include <weir/weir.hpp>

#include "decompressor.hpp"
#include "weir_plugin_info.h"

namespace weir::zstd {
namespace {

// Makes one frame, with a checksum, of everything up to `last`. The bytes depend on the content and the level alone, not on
// the pieces in which it comes: so the end is always told apart from the last input, whose size would else be in the header.
class Compressor {
 public:
  explicit Compressor(const Context& context) : context_(ZSTD_createCCtx()) {
    if (context_ == nullptr) throw std::bad_alloc();
    const auto level = static_cast<int>(context.config().integer("/level"));
    check(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level));
    check(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1));
  }

  Codec::Step step(std::string_view in, bool last, std::span<std::uint8_t> out) {
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    if (!ending_) check(ZSTD_compressStream2(context_.get(), &to, &from, ZSTD_e_continue));
    ending_ = ending_ || (last && from.pos == from.size);
    bool done = false;
    if (ending_) {
      done = check(ZSTD_compressStream2(context_.get(), &to, &from, ZSTD_e_end)) == 0;
      ending_ = !done;
    }
    return {from.pos, to.pos, done};
  }

 private:
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  static std::size_t check(std::size_t code) {
    if (ZSTD_isError(code) == 0) return code;
    if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation) throw std::bad_alloc();
    throw Failure(WEIR_INTERNAL, WEIR_FAULT_PLUGIN, std::string("libzstd: ") + ZSTD_getErrorName(code));
  }

  std::unique_ptr<ZSTD_CCtx, Free> context_;
  bool ending_ = false;  // the end was told, and is not all written yet
};

class Zstd : public TwoWayCodec<Compressor, Decompressor> {
 public:
  using TwoWayCodec::TwoWayCodec;

  static std::int32_t sniff(const weir_sniff& found) {
    const std::string_view name = to_view(found.name), head = to_view(found.head);
    FrameHeader header;
    std::size_t at = 0;
    header.consume(head, at);
    if (at >= 4 && header.plausible()) return 100;
    // By name alone too: so a file that only claims to be zstd is told so.
    return name.ends_with(".zst") || name.ends_with(".zstd") ? 80 : 0;
  }
};

}  // namespace
}  // namespace weir::zstd

WEIR_PLUGIN(weir::codec<weir::zstd::Zstd>("zstd"));
