// The plugin print: a loader that shows rows as a table on standard output.
#include <weir/weir.hpp>

#include "table.hpp"
#include "terminal.hpp"
#include "weir_plugin_info.h"

namespace weir::print {
namespace {

TableStyle style_of(const Config& config, const Terminal& terminal) {
  return {static_cast<std::size_t>(config.integer("/width")), terminal.width, terminal.colours};
}

}  // namespace

// The table comes at the end of the epoch, in one piece: what a run that fails had to show is not shown.
// Threads: one caller at a time, but cancel().
class Print : public Writer {
 public:
  // Nothing is stored, so there is nothing that it would be read back as.
  Print(const Context& context, const Inputs& inputs, const Outputs& /*stored*/)
      : table_(inputs[0], static_cast<std::uint64_t>(context.config().integer("/rows")),
               style_of(context.config(), standard_output())) {}

  static void traits(const Config& /*config*/, weir_traits& traits) {
    traits.commit = WEIR_COMMIT_NONE;
    traits.ordered = 1;
    traits.max_instances = 1;
    traits.takes_selection = 1;
  }

  void write(std::uint64_t /*input*/, Batch& batch, const Next& /*next*/) override {
    const weir_batch& raw = *batch.raw();
    table_.add(raw);
    rows_ += raw.selected == nullptr ? batch.length() : static_cast<std::int64_t>(raw.selected_count);
  }

  void prepare(std::uint64_t /*epoch*/, const Sink& /*committable*/, std::span<weir_receipt* const> receipts) override {
    const std::string table = table_.finish();
    output_.write_all(table);
    weir_receipt& receipt = *receipts[0];
    receipt.rows = rows_;
    receipt.inserted = receipt.updated = receipt.deleted = -1;
    receipt.bytes = static_cast<std::int64_t>(table.size());
    rows_ = 0;
  }

  void cancel() noexcept override { output_.cancel(); }

 private:
  Table table_;
  OutputWriter output_;
  std::int64_t rows_ = 0;  // of the epoch
};

}  // namespace weir::print

WEIR_PLUGIN(weir::loader<weir::print::Print>("print"));
