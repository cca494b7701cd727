// The plugin aggregate: a transformer that sums rows up, group by group.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/shown_size.hpp>
#include <weir/cpp/value_text.hpp>
#include <weir/weir.hpp>

#include "distinct.hpp"
#include "groups.hpp"
#include "measure.hpp"
#include "weir_plugin_info.h"

namespace weir::aggregate {
namespace {

constexpr std::size_t kGroupsInBatch = 65536;
constexpr std::size_t kGroupsInItem = 256;       // of a checkpoint
constexpr std::size_t kBytesInItem = 8U << 20U;  // of a checkpoint: a longer one is several
// Items of a checkpoint.
constexpr std::string_view kSignature = "s", kGroups = "g";
constexpr char kVersion = '1';

}  // namespace

// Threads: one caller at a time.
class Aggregate : public Transformer {
 public:
  Aggregate(const Context& context, const Inputs& inputs, const Outputs& outputs)
      : input_(Schema::copy_of(inputs[0])),
        most_bytes_(static_cast<std::uint64_t>(context.config().integer("/memory"))),
        groups_(context.config(), input_.get()),
        signature_(1, kVersion) {
    std::vector<Schema> fields;
    for (const std::int64_t column : groups_.columns()) fields.push_back(Schema::copy_of(*input_->children[column]));
    signature_ += groups_.signature();
    const Config config = context.config();
    for (std::uint64_t i = 0; i < config.count("/columns"); ++i) add_measure(config, config.key("/columns", i), fields);
    output_ = Schema::rows(std::move(fields));
    outputs.same(output_.get());
    resize();
  }

  static void traits(const Config& /*config*/, weir_traits& traits) {
    traits.scope = WEIR_SCOPE_RUN;
    traits.ordered = 1;  // so that groups come in the order of their first rows
    traits.rows = WEIR_ROWS_MERGE;
  }

  void process(std::uint64_t /*input*/, Batch& batch, const Next& /*next*/) override {
    const auto groups = groups_.find(batch);
    resize();
    guard([&] {
      for (auto& measure : measures_) measure.of->add(batch, groups);
    });
    changed(groups);
    check_memory();
  }

  void flush(std::uint64_t /*input*/, std::int32_t why, const Next& next) override {
    if (why != WEIR_FLUSH_END) return;
    for (std::size_t from = 0; from < groups_.size(); from += kGroupsInBatch) {
      const std::size_t to = std::min(from + kGroupsInBatch, groups_.size());
      std::vector<Array> columns = groups_.finish(from, to);
      for (const auto& measure : measures_) columns.push_back(finish(measure, from, to));
      next.push(rows_of(static_cast<std::int64_t>(to - from), std::move(columns)));
    }
  }

  void take(const Sink& items) {
    if (untouched()) return;
    std::string item;
    append_value(item, static_cast<std::uint64_t>(groups_.size()));
    pack(0, groups_.size(), For::merge, item);
    items.put(item);
    for (auto& measure : measures_) measure.of->resize(0);
    groups_.clear();
    changed_.clear();
    resize();
  }

  void merge(const PartialItems& items) {
    for (std::uint64_t i = 0; i < items.size(); ++i) {
      Unpacker item(items[i]);
      unpack(item, For::merge);
    }
    check_memory();
  }

  void reads(std::uint64_t /*input*/, const Sink& names) const {
    for (const std::int64_t column : groups_.columns()) names.put(column_name(input_.get(), column));
    for (const auto& measure : measures_) {
      if (measure.column >= 0) names.put(column_name(input_.get(), measure.column));
    }
  }

  void lineage(std::uint64_t /*output*/, std::string_view column, std::uint64_t /*input*/, const Sink& names) const {
    for (const std::int64_t key : groups_.columns()) {
      if (column_name(input_.get(), key) == column) names.put(column);
    }
    for (const auto& measure : measures_) {
      if (measure.name == column && measure.column >= 0) names.put(column_name(input_.get(), measure.column));
    }
  }

  void snapshot(const StateSink& changes) {
    if (!signature_kept_) changes.put(kSignature, signature_);
    for (std::size_t number = 0; number < changed_.size(); ++number) {
      if (changed_[number] != 0) snapshot_item(number, changes);
    }
    for (std::size_t i = 0; i < measures_.size(); ++i) measures_[i].of->snapshot(changes, "d" + std::to_string(i));
    for (auto& measure : measures_) measure.of->kept();
    std::fill(changed_.begin(), changed_.end(), 0);
    signature_kept_ = true;
  }

  // Groups are numbered as they were: their items are read in the order of their numbers, once all are there.
  void restore(const StateItems& items, bool last) {
    for (std::uint64_t i = 0; i < items.size(); ++i) restore_item(items.key(i), items.value(i));
    if (!last) return;
    for (auto& [number, parts] : restored_) {
      std::string whole;
      for (auto& [part, bytes] : parts) whole += bytes;
      Unpacker item(whole);
      unpack(item, For::checkpoint);
      parts_.resize(number + 1);
      parts_[number] = parts.size();
    }
    restored_.clear();
    resize();
    for (auto& measure : measures_) measure.of->kept();
    std::fill(changed_.begin(), changed_.end(), 0);
    check_memory();
  }

 private:
  struct Named {
    std::string name;
    std::string option;
    std::int64_t column;
    std::unique_ptr<Measure> of;
  };

  void add_measure(const Config& config, std::string_view name, std::vector<Schema>& fields) {
    const std::string option = pointer_to("/columns", name);
    for (const auto& field : fields) {
      if (name != field->name) continue;
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected a name of its own, found '" + std::string(name) + "', by which rows are grouped")
          .option(option)
          .hint("give the column another name");
    }
    const std::string_view text = config.text(option);
    const Call call = read_call(text, input_.get(), option);
    auto [measure, field] = make_measure(call, input_.get(), name, most_bytes_);
    signature_ += std::string(text) + "=" + (call.column < 0 ? ";" : cell_signature_of(call.column));
    fields.push_back(std::move(field));
    measures_.push_back({std::string(name), option, call.column, std::move(measure)});
  }

  std::string cell_signature_of(std::int64_t column) const {
    const ArrowSchema& field = *input_->children[column];
    return has_value_bytes(field) ? cell_signature(field) : ";";
  }

  void resize() {
    for (auto& measure : measures_) measure.of->resize(groups_.size());
    changed_.resize((groups_.size() + kGroupsInItem - 1) / kGroupsInItem, 1);
  }
  void changed(std::span<const std::uint32_t> groups) {
    for (const std::uint32_t group : groups) changed_[group / kGroupsInItem] = 1;
    touched_ = touched_ || !groups.empty();
  }
  // An instance for all rows has its group before the first.
  bool untouched() { return !std::exchange(touched_, false); }

  void pack(std::size_t from, std::size_t to, For whom, std::string& bytes) {
    groups_.pack(from, to, bytes);
    for (auto& measure : measures_) measure.of->pack(from, to, whom, bytes);
  }
  void unpack(Unpacker& item, For whom) {
    const auto count = item.take<std::uint64_t>();
    const auto groups = groups_.unpack(item, count);
    resize();
    guard([&] {
      for (auto& measure : measures_) measure.of->unpack(item, groups, whom);
    });
    if (!item.at_end()) Unpacker::refuse();
    changed(groups);
  }

  // Parts of an item have names of their own; those that were there and are not any more are removed.
  void snapshot_item(std::size_t number, const StateSink& changes) {
    const std::size_t from = number * kGroupsInItem, to = std::min(from + kGroupsInItem, groups_.size());
    std::string item;
    append_value(item, static_cast<std::uint64_t>(to - from));
    pack(from, to, For::checkpoint, item);
    parts_.resize(std::max(parts_.size(), number + 1));
    std::size_t part = 0;
    for (std::size_t at = 0; at < item.size(); at += kBytesInItem, ++part)
      changes.put(part_name(number, part), std::string_view(item).substr(at, kBytesInItem));
    for (std::size_t gone = part; gone < parts_[number]; ++gone) changes.remove(part_name(number, gone));
    parts_[number] = part;
  }
  static std::string part_name(std::size_t number, std::size_t part) {
    return std::string(kGroups) + std::to_string(number) + "." + std::to_string(part);
  }
  void restore_item(std::string_view key, std::string_view value) {
    if (key == kSignature) {
      if (value != signature_) Unpacker::refuse();
      signature_kept_ = true;
      return;
    }
    for (std::size_t i = 0; i < measures_.size(); ++i) {
      bool known = false;
      guard([&] { known = measures_[i].of->restore(key, value, "d" + std::to_string(i)); });
      if (known) return;
    }
    const std::size_t dot = key.find('.');
    if (!key.starts_with(kGroups) || dot == std::string_view::npos) Unpacker::refuse();
    const auto number_of = [](std::string_view text) {
      std::size_t number = 0;
      for (const char digit : text) {
        if (digit < '0' || digit > '9' || number > UINT32_MAX) Unpacker::refuse();
        number = 10 * number + static_cast<std::size_t>(digit - '0');
      }
      return number;
    };
    restored_[number_of(key.substr(1, dot - 1))][number_of(key.substr(dot + 1))] = value;
  }

  Array finish(const Named& measure, std::size_t from, std::size_t to) const {
    try {
      return measure.of->finish(from, to);
    } catch (const BeyondRange& beyond) {
      throw Failure(WEIR_OUT_OF_RANGE, WEIR_FAULT_DATA,
                    "column '" + measure.name + "': expected a sum within " + beyond.range + ", found " + beyond.sum +
                        shown_group(beyond.group))
          .option(measure.option)
          .column(measure.name)
          .hint(
              "sum a wider type: in front of it { use: derive, columns: { x: cast(x as decimal(38,0)) } }, or as "
              "double");
    }
  }
  // " where country is "IT"".
  std::string shown_group(std::size_t group) const {
    std::string text;
    const std::vector<Array> keys = groups_.finish(group, group + 1);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::int64_t column = groups_.columns()[i];
      text += (i == 0 ? " where " : " and ") + std::string(column_name(input_.get(), column)) + " is " +
              shown_value(*input_->children[column], keys[i].get(), 0, 0);
    }
    return text;
  }

  template <class Body>
  void guard(const Body& body) const {
    try {
      body();
    } catch (const NoMoreValues&) {
      throw full();
    }
  }
  void check_memory() const {
    std::uint64_t bytes = groups_.bytes();
    for (const auto& measure : measures_) bytes += measure.of->bytes();
    if (bytes > most_bytes_) throw full();
  }
  Failure full() const {
    return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_MANIFEST,
                   "expected groups that fit into " + shown_size(most_bytes_) + ", found more than that with " +
                       std::to_string(groups_.size()))
        .hint("raise memory, or group by columns of fewer different values")
        .option("/memory");
  }

  Schema input_, output_;
  std::uint64_t most_bytes_;
  Groups groups_;
  std::string signature_;  // what the groups of a checkpoint are of
  std::vector<Named> measures_;
  std::vector<std::uint8_t> changed_;  // of kGroupsInItem groups each: whether any did since the last checkpoint
  std::vector<std::size_t> parts_;     // of the items that checkpoints keep
  std::map<std::size_t, std::map<std::size_t, std::string>> restored_;
  bool signature_kept_ = false, touched_ = false;
};

}  // namespace weir::aggregate

WEIR_PLUGIN(weir::transformer<weir::aggregate::Aggregate>("aggregate"));
