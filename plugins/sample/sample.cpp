// The plugin sample: a transformer that keeps a share of the rows, by a hash of their values.
#include <cmath>
#include <string>
#include <vector>

#include <weir/cpp/named_column.hpp>
#include <weir/weir.hpp>

#include "row_hash.hpp"
#include "weir_plugin_info.h"

namespace weir::sample {
namespace {

// The columns that the hash is of.
std::vector<std::int64_t> columns_of(const Config& config, const ArrowSchema& input) {
  std::vector<std::int64_t> columns;
  for (std::uint64_t i = 0; i < config.count("/by"); ++i) {
    const std::string option = "/by/" + std::to_string(i);
    columns.push_back(named_column(input, config.text(option), option));
  }
  for (std::int64_t i = 0; !config.has("/by") && i < input.n_children; ++i) columns.push_back(i);
  return columns;
}

// The hashes below the share are those up to it.
std::uint64_t last_hash(double share) {
  return share >= 1 ? UINT64_MAX : static_cast<std::uint64_t>(std::ldexp(share, 64));
}

}  // namespace

// Threads: one caller at a time.
class Sample : public Transformer {
 public:
  Sample(const Context& context, const Inputs& inputs, const Outputs& outputs)
      : input_(Schema::copy_of(inputs[0])),
        columns_(columns_of(context.config(), inputs[0])),
        begin_(hash_of_seed(context.config().integer("/seed"))),
        last_(last_hash(context.config().number("/share"))) {
    outputs.same(inputs[0]);
  }

  static void traits(const Config& /*config*/, weir_traits& traits) {
    traits.rows = WEIR_ROWS_ONCE;
    traits.takes_selection = 1;
  }

  void process(std::uint64_t /*input*/, Batch& batch, const Next& next) override {
    hashes_.assign(static_cast<std::size_t>(batch.length()), begin_);
    for (const std::int64_t i : columns_) take_column_in(*input_->children[i], batch.column(i), batch.outer(), hashes_);
    const weir_batch& raw = *batch.raw();
    const std::uint64_t live = raw.selected == nullptr ? hashes_.size() : raw.selected_count;
    kept_.clear();
    for (std::uint64_t i = 0; i < live; ++i) {
      const std::uint32_t row = raw.selected == nullptr ? static_cast<std::uint32_t>(i) : raw.selected[i];
      if (hashes_[row] <= last_) kept_.push_back(row);
    }
    if (!kept_.empty()) next.select(kept_.data(), kept_.size());
    if (kept_.size() < live) next.drop(live - kept_.size(), "sample");
  }

  void reads(std::uint64_t /*input*/, const Sink& names) const {
    for (const std::int64_t i : columns_) names.put(column_name(input_.get(), i));
  }

 private:
  Schema input_;
  std::vector<std::int64_t> columns_;
  std::uint64_t begin_, last_;
  Hashes hashes_;
  std::vector<std::uint32_t> kept_;
};

}  // namespace weir::sample

WEIR_PLUGIN(weir::transformer<weir::sample::Sample>("sample"));
