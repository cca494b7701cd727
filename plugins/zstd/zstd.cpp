// The zstd codec: sniffing, compressing, and the plugin's description. Decompressing: frame.hpp.
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <memory>
#include <new>

#include <weir/weir.hpp>

#include "frame.hpp"
#include "weir_plugin_info.h"

namespace weir::zstd {
namespace {

// Makes one frame, with a checksum, of everything up to `last`. The bytes depend on the content, the level and whether there
// are several threads, not on the pieces in which it comes: so the end is always told apart from the last input, whose size
// would else be in the header.
class Compressor {
 public:
  explicit Compressor(const Context& context) : context_(ZSTD_createCCtx()) {
    if (context_ == nullptr) throw std::bad_alloc();
    const auto level = static_cast<int>(context.config().integer("/level"));
    check(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level));
    check(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1));
    // One thread is the caller's. A libzstd that was built without threads allows no others.
    const auto threads = static_cast<int>(context.config().integer("/threads"));
    const int most = ZSTD_cParam_getBounds(ZSTD_c_nbWorkers).upperBound;
    if (threads > 1 && most > 0)
      check(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_nbWorkers, std::min(threads, most)));
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

class Zstd : public TwoWayCodec<Compressor, FrameDecompressor<Frame>> {
 public:
  using TwoWayCodec::TwoWayCodec;

  static std::int32_t sniff(const weir_sniff& found) {
    const std::string_view name = to_view(found.name), head = to_view(found.head);
    const bool named = name.ends_with(".zst") || name.ends_with(".zstd");
    const std::size_t skipped = skippable_frames(head);
    if (head.substr(skipped).starts_with("\x28\xB5\x2F\xFD")) return 100;
    // LZ4 has the same skippable frames: the name decides.
    if (skipped > 0) return named ? 100 : 50;
    // By name alone too: so a file that only claims to be zstd is told so.
    return named ? 80 : 0;
  }
};

}  // namespace
}  // namespace weir::zstd

WEIR_PLUGIN(weir::codec<weir::zstd::Zstd>("zstd"));
