// The plugin dedupe: a transformer that keeps the first row of each key.
#include <cstring>
#include <string>
#include <vector>

#include <weir/cpp/key_set.hpp>
#include <weir/cpp/named_column.hpp>
#include <weir/cpp/shown_size.hpp>
#include <weir/weir.hpp>

#include "row_keys.hpp"
#include "weir_plugin_info.h"

namespace weir::dedupe {
namespace {

constexpr std::uint64_t kAhead = 8;  // rows between asking for memory and looking at it
// Items of a checkpoint.
constexpr std::string_view kSeed = "seed", kKeys = "keys";
constexpr char kSeedVersion = '1';

}  // namespace

// Threads: one caller at a time.
class Dedupe : public Transformer {
 public:
  Dedupe(const Context& context, const Inputs& inputs, const Outputs& outputs)
      : input_(Schema::copy_of(inputs[0])),
        keys_(context.config(), inputs[0]),
        most_bytes_(static_cast<std::uint64_t>(context.config().integer("/memory"))),
        seen_(most_bytes_),
        seed_(seed_of(context.run())) {
    const std::string_view nulls = context.config().text("/nulls");
    nulls_equal_ = nulls.empty() ? !context.config().has("/key") : nulls == "equal";
    outputs.same(inputs[0]);
  }

  static void traits(const Config& /*config*/, weir_traits& traits) {
    traits.scope = WEIR_SCOPE_RUN;
    traits.ordered = 1;  // so that the first row in the source's order is the one that stays
    traits.rows = WEIR_ROWS_ONCE;
    traits.takes_selection = 1;
  }

  void process(std::uint64_t /*input*/, Batch& batch, const Next& next) override {
    keys_.run(batch, seed_);
    const weir_batch& raw = *batch.raw();
    const std::uint64_t live =
        raw.selected == nullptr ? static_cast<std::uint64_t>(batch.length()) : raw.selected_count;
    const auto row_at = [&raw](std::uint64_t i) {
      return raw.selected == nullptr ? static_cast<std::uint32_t>(i) : raw.selected[i];
    };
    first_.clear();
    for (std::uint64_t i = 0; i < live; ++i) {
      if (i + kAhead < live) seen_.prefetch(keys_.key(row_at(i + kAhead)));
      const std::uint32_t row = row_at(i);
      if (is_first(row)) first_.push_back(row);
    }
    if (first_.size() == live) return next.select_all();
    if (!first_.empty()) next.select(first_.data(), first_.size());
    next.drop(live - first_.size(), "duplicate");
  }

  void reads(std::uint64_t /*input*/, const Sink& names) const {
    for (const std::int64_t i : keys_.columns()) names.put(column_name(input_.get(), i));
  }

  void snapshot(const StateSink& changes) {
    if (!seed_kept_) {
      std::string seed(1, kSeedVersion);
      seed.append(reinterpret_cast<const char*>(&seed_), sizeof seed_);
      changes.put(kSeed, seed);
    }
    seen_.snapshot(changes, kKeys);
    seed_kept_ = true;
    seen_.kept();
  }

  void restore(const StateItems& items, bool last) {
    for (std::uint64_t i = 0; i < items.size(); ++i) restore_item(items.key(i), items.value(i));
    if (last) seen_.kept();
  }

 private:
  bool is_first(std::uint32_t row) {
    if (!nulls_equal_ && keys_.has_null(row)) return true;
    const KeySet::Added added = seen_.add(keys_.key(row));
    if (added == KeySet::Added::full) throw full().row(row);
    return added == KeySet::Added::fresh;
  }

  void restore_item(std::string_view key, std::string_view value) {
    if (key == kSeed && value.size() == 1 + sizeof seed_ && value[0] == kSeedVersion) {
      std::memcpy(&seed_, value.data() + 1, sizeof seed_);
      seed_kept_ = true;
      return;
    }
    const KeySet::Restored restored = KeySet::is_item(key, kKeys) ? seen_.restore(value) : KeySet::Restored::foreign;
    if (restored == KeySet::Restored::full) throw full();
    if (restored == KeySet::Restored::all) return;
    throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_UNKNOWN,
                  "expected the keys that a checkpoint keeps, found something else")
        .hint("another release of the plugin wrote them: run it, or start anew with --fresh");
  }

  Failure full() const {
    return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_MANIFEST,
                   "expected at most " + std::to_string(seen_.size()) + " different keys, which fill " +
                       shown_size(most_bytes_) + ", found more")
        .hint("raise memory, by 40 bytes a key, or let the destination's key refuse what is there")
        .option("/memory");
  }

  Schema input_;
  RowKeys keys_;
  std::uint64_t most_bytes_;
  KeySet seen_;
  std::uint64_t seed_;
  bool seed_kept_ = false;  // by a checkpoint
  bool nulls_equal_ = false;
  std::vector<std::uint32_t> first_;
};

}  // namespace weir::dedupe

WEIR_PLUGIN(weir::transformer<weir::dedupe::Dedupe>("dedupe"));
