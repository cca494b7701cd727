// The plugin limit: a transformer that passes the first rows of a run.
#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "weir_plugin_info.h"

namespace weir::limit {

// Threads: one caller at a time.
class Limit : public Transformer {
 public:
  Limit(const Context& context, const Inputs& inputs, const Outputs& outputs)
      : first_(context.config().integer("/offset")), rows_(context.config().integer("/rows")) {
    outputs.same(inputs[0]);
  }

  static void traits(const Config& /*config*/, weir_traits& traits) {
    traits.scope = WEIR_SCOPE_RUN;
    traits.ordered = 1;
    traits.rows = WEIR_ROWS_ONCE;
    traits.takes_selection = 1;
  }

  void process(std::uint64_t /*input*/, Batch& batch, const Next& next) override {
    const std::uint32_t* selected = batch.raw()->selected;
    const std::int64_t live =
        selected == nullptr ? batch.length() : static_cast<std::int64_t>(batch.raw()->selected_count);
    // Live rows [begin, end) of this batch pass.
    const std::int64_t begin = std::min(live, std::max<std::int64_t>(first_ - seen_, 0));
    const std::int64_t end = begin + std::min(live - begin, rows_ - passed_);
    seen_ += live;
    passed_ += end - begin;
    if (begin > 0) next.drop(static_cast<std::uint64_t>(begin), "offset");
    if (end > begin) pass(batch, begin, end, next);
    if (end < live) next.drop(static_cast<std::uint64_t>(live - end), "limit");
  }

  void reads(std::uint64_t /*input*/, const Sink& /*names*/) const {}  // rows are counted, not looked at

  // What a checkpoint keeps: "1", the format's version, then the counts of rows seen and passed.
  void snapshot(const StateSink& changes) const {
    changes.put(kKey, "1 " + std::to_string(seen_) + " " + std::to_string(passed_));
  }
  void restore(const StateItems& items, bool /*last*/) {
    for (std::uint64_t i = 0; i < items.size(); ++i) {
      if (items.key(i) == kKey) go_on_from(items.value(i));
    }
  }

 private:
  static constexpr std::string_view kKey = "counts";

  void go_on_from(std::string_view counts) {
    const std::size_t blank = counts.find(' ', 2);
    const bool known = counts.starts_with("1 ") && blank != std::string_view::npos;
    const char* end = counts.data() + counts.size();
    if (!known || !text::parse_int64(counts.data() + 2, counts.data() + blank, seen_) ||
        !text::parse_int64(counts.data() + blank + 1, end, passed_)) {
      throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_UNKNOWN,
                    "expected the counts of rows that a checkpoint keeps, found something else")
          .hint("another release of the plugin wrote them: run it, or start anew with --fresh");
    }
  }

  void pass(Batch& batch, std::int64_t begin, std::int64_t end, const Next& next) {
    const weir_batch& raw = *batch.raw();
    const auto count = static_cast<std::uint64_t>(end - begin);
    if (raw.selected != nullptr) return next.select(raw.selected + begin, count);
    if (begin == 0 && end == batch.length()) return next.select_all();
    numbers_.resize(count);
    std::iota(numbers_.begin(), numbers_.end(), static_cast<std::uint32_t>(begin));
    next.select(numbers_.data(), count);
  }

  std::int64_t first_, rows_;
  std::int64_t seen_ = 0, passed_ = 0;
  std::vector<std::uint32_t> numbers_;
};

}  // namespace weir::limit

WEIR_PLUGIN(weir::transformer<weir::limit::Limit>("limit"));
