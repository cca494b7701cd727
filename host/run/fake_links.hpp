// FakeLinks: transformers without a plugin behind them, and a run over plans of fakes, for the tests of Execution and
// settle().
#pragma once

#include <atomic>
#include <cstring>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <weir/ext/partial.h>

#include "run/execution.hpp"
#include "run/fake_plan.hpp"

namespace weir::run::fake {

// A link is what its name begins with: "pass" selects all, "odd" rejects odd values, "hold" keeps every batch until it is
// flushed, "route" sends even values to its first output and odd ones to its second, "tee" all to both, "broken" fails,
// "lossy" loses all, "picky" refuses its input, "state" passes the first row of each key_of() and knows it over a cut, "parts"
// holds all values, knows them over a cut, and passes them on at the end, in the order in which chains gave them, "among" passes
// values that its side input has, "early" passes on what comes of its side input.
struct Link {
  std::string name;
  std::vector<weir::Array> held;
  std::set<std::int64_t> seen = {}, kept = {};
  std::vector<std::int64_t> values = {};
  bool ended = false;  // its side input

  bool is(std::string_view what) const { return name.starts_with(what); }
  bool forks() const { return is("route") || is("tee"); }
};

// How often links "parts" were given what others held. [any]
inline std::atomic<int> merges = 0;

inline std::int64_t key_of(std::int64_t value) { return value / 1000 % 5 * 10 + value % 10; }

namespace detail {

inline weir_status create(const weir_context* context, const ArrowSchema* const* inputs, const weir_string*,
                          std::uint64_t, const weir_schema_sink* outputs, void** self, weir_error* error) {
  Link made{std::string(context->link.data, context->link.length), {}};
  if (made.is("picky"))
    return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "no column 'm' in the input");
  const bool forks = made.forks();
  *self = new Link(std::move(made));
  if (!forks) return outputs->same(outputs, {nullptr, 0}, inputs[0]);
  outputs->same(outputs, {"first", 5}, inputs[0]);
  return outputs->same(outputs, {"second", 6}, inputs[0]);
}

inline weir_status route(const weir_batch& batch, const weir_next* next) {
  const weir::NumberColumn<std::int64_t> column(*batch.rows.children[0], batch.rows.offset);
  std::vector<std::uint32_t> rows[2];
  for (std::int64_t row = 0; row < batch.rows.length; ++row)
    rows[column[row] % 2].push_back(static_cast<std::uint32_t>(row));
  for (const std::uint64_t output : {0U, 1U}) {
    const auto& chosen = rows[output];
    if (chosen.empty()) continue;  // null would be all
    if (const auto status = next->select(next, output, chosen.data(), chosen.size()); status != WEIR_OK) return status;
  }
  return WEIR_OK;
}

inline weir_status reject_odd(const weir_batch& batch, const weir_next* next) {
  const weir::NumberColumn<std::int64_t> column(*batch.rows.children[0], batch.rows.offset);
  std::vector<std::uint32_t> even;
  for (std::int64_t row = 0; row < batch.rows.length; ++row) {
    if (column[row] % 2 == 0) {
      even.push_back(static_cast<std::uint32_t>(row));
      continue;
    }
    weir_reject reject{};
    weir_reject_clear(&reject);
    reject.row = row;
    reject.reason = {"odd", 3};
    if (const weir_status status = next->reject(next, &reject); status != WEIR_OK) return status;
  }
  return next->select(next, 0, even.data(), even.size());
}

inline weir_status pass_first(Link& link, const weir_batch& batch, const weir_next* next) {
  const weir::NumberColumn<std::int64_t> column(*batch.rows.children[0], batch.rows.offset);
  std::vector<std::uint32_t> first;
  for (std::int64_t row = 0; row < batch.rows.length; ++row) {
    if (link.seen.insert(key_of(column[row])).second) first.push_back(static_cast<std::uint32_t>(row));
  }
  const auto dropped = static_cast<std::uint64_t>(batch.rows.length) - first.size();
  if (const weir_status status = next->drop(next, dropped, {"seen", 4}); status != WEIR_OK) return status;
  return first.empty() ? WEIR_OK : next->select(next, 0, first.data(), first.size());
}

inline std::vector<std::int64_t> values_in(const weir_batch& batch) {
  const weir::NumberColumn<std::int64_t> column(*batch.rows.children[0], batch.rows.offset);
  std::vector<std::int64_t> values;
  for (std::int64_t row = 0; row < batch.rows.length; ++row) values.push_back(column[row]);
  return values;
}

inline weir_status pass_among(const Link& link, const weir_batch& batch, const weir_next* next) {
  const auto values = values_in(batch);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < values.size(); ++row) {
    if (link.ended && link.seen.contains(values[row])) rows.push_back(row);
  }
  const std::uint64_t dropped = values.size() - rows.size();
  if (const weir_status status = next->drop(next, dropped, {"other", 5}); status != WEIR_OK) return status;
  return rows.empty() ? WEIR_OK : next->select(next, 0, rows.data(), rows.size());
}

inline weir_status process(void* self, std::uint64_t input, weir_batch* batch, const weir_next* next,
                           weir_error* error) {
  auto& link = *static_cast<Link*>(self);
  if (link.is("early")) return next->select(next, 0, nullptr, 0);
  if (input == 1) {
    for (const std::int64_t value : values_in(*batch)) link.seen.insert(value);
    return WEIR_OK;
  }
  if (link.is("among")) return pass_among(link, *batch, next);
  if (link.is("route")) return route(*batch, next);
  if (link.is("odd")) return reject_odd(*batch, next);
  if (link.is("state")) return pass_first(link, *batch, next);
  if (link.is("broken")) return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_PLUGIN, "broke");
  if (link.is("lossy")) return WEIR_OK;
  if (link.is("parts")) {
    for (const std::int64_t value : values_in(*batch)) link.values.push_back(value);
    return WEIR_OK;
  }
  if (link.is("hold")) {
    link.held.emplace_back(&batch->rows);
    return WEIR_OK;
  }
  if (link.is("tee")) {
    if (const auto status = next->select(next, 1, nullptr, 0); status != WEIR_OK) return status;
  }
  return next->select(next, 0, nullptr, 0);
}

inline weir_status flush(void* self, std::uint64_t, std::int32_t, const weir_next* next, weir_error*) {
  for (auto& rows : static_cast<Link*>(self)->held) {
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.rows = rows.release();
    if (const weir_status status = next->push(next, 0, &batch); status != WEIR_OK) return status;
  }
  static_cast<Link*>(self)->held.clear();
  return WEIR_OK;
}

// Hears that the side input has ended.
inline weir_status flush_among(void* self, std::uint64_t input, std::int32_t why, const weir_next*, weir_error*) {
  if (why == WEIR_FLUSH_INPUT && input == 1) static_cast<Link*>(self)->ended = true;
  return WEIR_OK;
}

inline void destroy(void* self) { delete static_cast<Link*>(self); }

inline weir_status tee_traits(const weir_config*, weir_traits* traits, weir_error*) {
  traits->rows = WEIR_ROWS_MULTIPLY;
  return WEIR_OK;
}

inline weir_status run_traits(const weir_config*, weir_traits* traits, weir_error*) {
  traits->scope = WEIR_SCOPE_RUN;
  return WEIR_OK;
}

inline weir_status no_traits(const weir_config*, weir_traits*, weir_error* error) {
  return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected a key, found none");
}

inline const weir_transformer kLink{sizeof(weir_transformer), nullptr, create, process, destroy, nullptr, nullptr};
inline const weir_transformer kHold{sizeof(weir_transformer), nullptr, create, process, destroy, flush, nullptr};
inline const weir_transformer kAmong{sizeof(weir_transformer), nullptr, create, process, destroy, flush_among, nullptr};
inline const weir_transformer kTee{sizeof(weir_transformer), tee_traits, create, process, destroy, nullptr, nullptr};
inline const weir_transformer kRun{sizeof(weir_transformer), run_traits, create, process, destroy, nullptr, nullptr};
inline const weir_transformer kOdd{sizeof(weir_transformer), no_traits, create, process, destroy, nullptr, nullptr};

// An item for each key that was seen.
inline weir_status snapshot(void* self, const weir_state_sink* changes, weir_error*) {
  auto& link = *static_cast<Link*>(self);
  for (const std::int64_t key : link.seen) {
    if (link.kept.contains(key)) continue;
    const std::string text = std::to_string(key);
    const weir_bytes bytes{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    if (const weir_status status = changes->put(changes, bytes, bytes); status != WEIR_OK) return status;
  }
  link.kept = link.seen;
  return WEIR_OK;
}

inline weir_status restore(void* self, const weir_bytes* keys, const weir_bytes*, std::uint64_t count, std::int32_t,
                           weir_error*) {
  auto& link = *static_cast<Link*>(self);
  for (std::uint64_t i = 0; i < count; ++i)
    link.seen.insert(std::stoll(std::string(reinterpret_cast<const char*>(keys[i].data), keys[i].length)));
  link.kept = link.seen;
  return WEIR_OK;
}

inline const weir_state kState{sizeof(weir_state), snapshot, restore, nullptr};

inline const void* state(weir_string id) { return weir_string_is(id, WEIR_STATE) != 0 ? &kState : nullptr; }

inline weir_bytes bytes_of(const std::vector<std::int64_t>& values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(std::int64_t)};
}

inline weir_status flush_parts(void* self, std::uint64_t, std::int32_t why, const weir_next* next, weir_error*) {
  auto& link = *static_cast<Link*>(self);
  if (why != WEIR_FLUSH_END || link.values.empty()) return WEIR_OK;
  weir_batch batch{};
  weir_batch_clear(&batch);
  batch.rows = fakes::rows(std::exchange(link.values, {})).release();
  return next->push(next, 0, &batch);
}

inline weir_status take(void* self, const weir_sink* items, weir_error*) {
  const auto values = std::exchange(static_cast<Link*>(self)->values, {});
  return values.empty() ? WEIR_OK : items->put(items, bytes_of(values));
}

inline weir_status merge(void* self, const weir_bytes* items, std::uint64_t count, weir_error*) {
  auto& values = static_cast<Link*>(self)->values;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::size_t before = values.size();
    values.resize(before + items[i].length / sizeof(std::int64_t));
    std::memcpy(values.data() + before, items[i].data, items[i].length);
  }
  ++merges;
  return WEIR_OK;
}

inline weir_status snapshot_parts(void* self, const weir_state_sink* changes, weir_error*) {
  return changes->put(changes, {reinterpret_cast<const std::uint8_t*>("v"), 1},
                      bytes_of(static_cast<Link*>(self)->values));
}

inline weir_status restore_parts(void* self, const weir_bytes*, const weir_bytes* values, std::uint64_t count,
                                 std::int32_t, weir_error* error) {
  return merge(self, values, count, error);
}

inline const weir_transformer kParts{sizeof(weir_transformer), nullptr, create, process, destroy, flush_parts, nullptr};
inline const weir_partial kPartial{sizeof(weir_partial), take, merge};
inline const weir_state kPartsState{sizeof(weir_state), snapshot_parts, restore_parts, nullptr};

inline const void* parts(weir_string id) {
  if (weir_string_is(id, WEIR_STATE) != 0) return &kPartsState;
  return weir_string_is(id, WEIR_PARTIAL) != 0 ? &kPartial : nullptr;
}

inline const weir_transformer* table(std::string_view name) {
  if (name.starts_with("hold")) return &kHold;
  if (name.starts_with("tee")) return &kTee;
  if (name.starts_with("run")) return &kRun;
  if (name.starts_with("parts")) return &kParts;
  if (name.starts_with("among")) return &kAmong;
  return name.starts_with("traitless") ? &kOdd : &kLink;
}

}  // namespace detail

// The component of a link of that name; "run…" passes all on and is of scope run, "state…" has a state, "traitless…" can't tell
// its traits.
inline std::shared_ptr<pipeline::Component> link(const std::string& name) {
  const auto extension = name.starts_with("state")   ? detail::state
                         : name.starts_with("parts") ? detail::parts
                                                     : nullptr;
  return fakes::component(WEIR_KIND_TRANSFORMER, detail::table(name), name, extension);
}

// A link as settle() would have made it.
inline PlannedLink planned(const std::string& name, Port from, std::int32_t scope = WEIR_SCOPE_CHAIN) {
  PlannedLink made;
  made.component = link(name);
  made.traits.scope = scope;
  made.from = from;
  const Link what{name, {}};
  made.traits.rows = what.is("tee") ? WEIR_ROWS_MULTIPLY : what.is("parts") ? WEIR_ROWS_MERGE : WEIR_ROWS_ONCE;
  if (what.is("parts")) made.traits.scope = WEIR_SCOPE_RUN;
  for (int output = what.forks() ? 2 : 1; output > 0; --output) made.outputs.push_back(fakes::schema());
  return made;
}

// All values of a source, in their order.
inline std::vector<std::int64_t> values_of(const Shape& shape) {
  std::vector<std::int64_t> values;
  for (std::size_t split = 0; split < shape.pieces.size(); ++split) {
    for (std::int64_t piece = 0; piece < shape.pieces[split]; ++piece) {
      for (std::int64_t row = 0; row < shape.rows; ++row)
        values.push_back(static_cast<std::int64_t>(split) * 1'000'000 + piece * 1'000 + row);
    }
  }
  return values;
}

inline Shape random_shape(std::mt19937& random) {
  Shape shape;
  shape.pieces.resize(random() % 5);
  for (auto& pieces : shape.pieces) pieces = static_cast<std::int64_t>(random() % 12);
  shape.rows = static_cast<std::int64_t>(random() % 6);
  shape.apart = random() % 2 == 0;
  return shape;
}

// To the end of the epoch and its balance, nothing committed.
inline base::Result<void> run(Execution& execution) {
  WEIR_TRY(execution.open());
  WEIR_TRY(execution.flow());
  WEIR_TRY(execution.cut(1, true));
  return execution.ledger().balance();
}

}  // namespace weir::run::fake
