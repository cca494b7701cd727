// The plugin discard: a loader that counts rows and keeps none.
#include <weir/weir.hpp>

#include "weir_plugin_info.h"

namespace weir::discard {

// Threads: one caller at a time.
class Discard : public Writer {
 public:
  static void traits(const Config& /*config*/, weir_traits& traits) { traits.commit = WEIR_COMMIT_NONE; }

  // Nothing is stored, so there is nothing that it would be read back as.
  Discard(const Context& /*context*/, const Inputs& /*inputs*/, const Outputs& /*stored*/) {}

  void write(std::uint64_t /*input*/, Batch& batch, const Next& /*next*/) override { rows_ += batch.length(); }

  void prepare(std::uint64_t /*epoch*/, const Sink& /*committable*/, std::span<weir_receipt* const> receipts) override {
    for (weir_receipt* receipt : receipts) {
      receipt->rows = rows_;
      receipt->inserted = receipt->updated = receipt->deleted = receipt->bytes = -1;
    }
    rows_ = 0;
  }

 private:
  std::int64_t rows_ = 0;  // of the epoch
};

}  // namespace weir::discard

WEIR_PLUGIN(weir::loader<weir::discard::Discard>("discard"));
