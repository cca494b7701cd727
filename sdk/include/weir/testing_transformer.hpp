// What a test of a transformer needs of a host: an instance over rows of one input. Threads: a test's one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cpp/value_text.hpp"
#include "ext/partial.h"
#include "ext/state.h"
#include "testing.hpp"

namespace weir::testing {

// The table of the plugin's transformer of this name.
inline const weir_transformer& transformer_of_plugin(std::string_view name) {
  return *static_cast<const weir_transformer*>(component_of(weir_plugin_v1(), name)->table);
}

// The rows that were pushed, in their order, as texts: values with '|' between them. `output`: the schema of all of them.
inline std::vector<std::string> texts_of(const Collected& told, const ArrowSchema& output) {
  std::vector<std::string> texts;
  for (const auto& pushed : told.pushed) {
    for (std::int64_t row = 0; row < pushed.rows->length; ++row) {
      std::string text;
      for (std::int64_t i = 0; i < pushed.rows->n_children; ++i) {
        if (i > 0) text += '|';
        append_value(text, *output.children[i], *pushed.rows->children[i], 0, row);
      }
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

// One instance of it, made with these options for rows of `input`, and destroyed with this. A test may derive from it.
class TransformerInstance {
 public:
  TransformerInstance(std::string_view name, Schema input, Options options)
      : component_(*component_of(weir_plugin_v1(), name)),
        table_(transformer_of_plugin(name)),
        surroundings_(std::move(options)),
        input_(std::move(input)) {
    const ArrowSchema* inputs[] = {&input_.get()};
    const weir_string unnamed[] = {{nullptr, 0}};
    status = table_.create(surroundings_.context(), inputs, unnamed, 1, schemas_.sink(), &self, &error);
  }
  TransformerInstance(const TransformerInstance&) = delete;
  TransformerInstance& operator=(const TransformerInstance&) = delete;
  ~TransformerInstance() {
    if (self != nullptr) table_.destroy(self);
  }

  const weir_transformer& table() const { return table_; }
  // Its functions of weir.state/1; null: it remembers nothing over a checkpoint.
  const weir_state* state() const {
    return static_cast<const weir_state*>(component_.extension(to_weir(std::string_view(WEIR_STATE))));
  }
  // The schema of the first output. Precondition: status is WEIR_OK.
  const ArrowSchema& output() const { return schemas_.kept.at(0).get(); }

  // Calls process() with rows [first, first + length) of these columns; status and error tell how it ended, `collected` what
  // came of this call.
  Collected& process(std::vector<Array> columns, std::int64_t first, std::int64_t length) {
    weir_batch batch = batch_of(rows_of(first + length, std::move(columns)));
    batch.rows.offset = first;
    batch.rows.length = length;
    collected = Collected();
    status = table_.process(self, 0, &batch, collected.next(), &error);
    const Array left(&batch.rows);  // of what did not take it
    return collected;
  }
  // The same of one column from row `first` on; gives the rows that were pushed last, or none.
  Array process(Array column, std::int64_t first = 0) {
    const std::int64_t length = column->length - first;
    std::vector<Array> columns;
    columns.push_back(std::move(column));
    process(std::move(columns), first, length);
    return collected.pushed.empty() ? Array() : std::move(collected.pushed.back().rows);
  }

  // What it holds goes to another (weir.partial/1, which its component must have); the other's status tells how that ended.
  void merge_into(TransformerInstance& other) {
    const auto& partial =
        *static_cast<const weir_partial*>(component_.extension(to_weir(std::string_view(WEIR_PARTIAL))));
    Bytes items;
    other.status = partial.take(self, items.sink(), &other.error);
    if (other.status != WEIR_OK) return;
    std::vector<weir_bytes> lent;
    for (const auto& item : items.kept) lent.push_back(to_bytes(item));
    other.status = partial.merge(other.self, lent.data(), lent.size(), &other.error);
  }

  Collected collected;
  void* self = nullptr;  // null: it was refused, as status and error tell
  weir_status status = WEIR_OK;
  weir_error error = no_error();

 private:
  const weir_component& component_;
  const weir_transformer& table_;
  Surroundings surroundings_;
  Schema input_;
  Schemas schemas_;
};

// What checkpoints keep of an instance: takes in what its snapshots tell, and gives another instance all of it.
class KeptState {
 public:
  // Asks for what changed. If it fails, what is kept stays as it was.
  weir_status snapshot(const weir_state& state, void* self, weir_error& error) {
    changes_.clear();
    table_ = {{sizeof(weir_state_sink), put, remove}, this};
    const weir_status status = state.snapshot(self, &table_.raw, &error);
    if (status != WEIR_OK) return status;
    told = changes_.size();
    for (auto& [key, value] : changes_) {
      items.erase(key);
      if (value) items.emplace(key, std::move(*value));
    }
    return status;
  }
  // Gives all back, in calls of so many items each.
  weir_status restore(const weir_state& state, void* self, weir_error& error, std::size_t items_in_call = 1000) const {
    std::vector<weir_bytes> keys, values;
    const auto give = [&](std::int32_t last) {
      const weir_status status = state.restore(self, keys.data(), values.data(), keys.size(), last, &error);
      keys.clear();
      values.clear();
      return status;
    };
    for (const auto& [key, value] : items) {
      const weir_status status = keys.size() == items_in_call ? give(0) : WEIR_OK;
      if (status != WEIR_OK) return status;
      keys.push_back(to_bytes(key));
      values.push_back(to_bytes(value));
    }
    return give(1);
  }
  // The same of an instance that has a state; its status and error tell how it ended.
  weir_status snapshot(TransformerInstance& instance) {
    return instance.status = snapshot(*instance.state(), instance.self, instance.error);
  }
  weir_status restore(TransformerInstance& instance, std::size_t items_in_call = 1000) const {
    return instance.status = restore(*instance.state(), instance.self, instance.error, items_in_call);
  }

  std::map<std::string, std::string> items;
  std::size_t told = 0;  // changes, by the last snapshot

 private:
  struct Table {
    weir_state_sink raw{};
    KeptState* self = nullptr;
  };
  static KeptState& of(const weir_state_sink* raw) { return *reinterpret_cast<const Table*>(raw)->self; }
  static weir_status put(const weir_state_sink* raw, weir_bytes key, weir_bytes value) {
    return of(raw).take(key, std::string(to_view(value)));
  }
  static weir_status remove(const weir_state_sink* raw, weir_bytes key) { return of(raw).take(key, std::nullopt); }
  // Each key once.
  weir_status take(weir_bytes key, std::optional<std::string> value) {
    return changes_.emplace(to_view(key), std::move(value)).second ? WEIR_OK : WEIR_INTERNAL;
  }

  std::map<std::string, std::optional<std::string>> changes_;  // no value: removed
  Table table_;
};

}  // namespace weir::testing
