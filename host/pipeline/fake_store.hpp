// Store: a loader over a world in memory, for tests of what opens, fills and commits loads: atomic, in two phases or neither,
// alone or shared by several loads. It takes what is not negative, and rejects the rest. Calls are noted, and fail as the
// world is told to.
#pragma once

#include <weir/ext/draft/shared.h>

#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/fake_world.hpp"

namespace weir::pipeline::fake {

// What a loader over a world got, and what it tells. One at a time, as the world.
struct Store {
  World world;
  std::map<std::uint64_t, std::vector<std::int64_t>> written;  // by input: values that were taken
  std::vector<std::string> opened;                             // links of the contexts
  std::vector<std::string> given;                              // what committers were given
  std::vector<std::string> destinations{"db"};
  std::string fault_option;      // of the error of a shared open
  std::int64_t told_rows = -1;   // in receipts
  std::int32_t ordered = 0;      // what traits tell of the second loader that is asked
  bool takes_selection = false;  // what traits tell
  bool keeps_none = false;       // tells of nothing that is stored

  Store() { current_ = this; }
  ~Store() { current_ = nullptr; }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  static Store& current() { return *current_; }

 private:
  static inline Store* current_ = nullptr;
};

namespace detail::store {

inline weir_status call(const char* function, weir_error* error) {
  return Store::current().world.call(function, error);
}

inline weir_bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline weir_status open(const weir_context* context, const ArrowSchema* const* inputs, const weir_string*,
                        std::uint64_t, const weir_schema_sink* stored, void** self, weir_error* error) {
  Store& store = Store::current();
  if (const auto status = call("open", error); status != WEIR_OK) return status;
  store.opened.push_back(text_of(context->link));
  *self = &store;
  return store.keeps_none ? WEIR_OK : stored->same(stored, {nullptr, 0}, inputs[0]);
}

// Takes what is not negative, and rejects the others.
inline weir_status write(void* self, std::uint64_t input, weir_batch* batch, const weir_next* next, weir_error* error) {
  Store& store = *static_cast<Store*>(self);
  const weir::NumberColumn<std::int64_t> values(*batch->rows.children[0], batch->rows.offset);
  const bool selected = batch->selected != nullptr;
  const auto count = selected ? static_cast<std::int64_t>(batch->selected_count) : batch->rows.length;
  std::vector<std::int64_t> taken;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t row = selected ? std::int64_t{batch->selected[i]} : i;
    if (values[row] >= 0) {
      taken.push_back(values[row]);
      continue;
    }
    weir_reject reject{};
    weir_reject_clear(&reject);
    reject.row = row;
    reject.reason = {"negative", 8};
    if (const auto status = next->reject(next, &reject); status != WEIR_OK) return status;
  }
  if (const auto status = call("write", error); status != WEIR_OK) return status;
  auto& all = store.written[input];
  all.insert(all.end(), taken.begin(), taken.end());
  return WEIR_OK;
}

inline weir_status prepare(void* self, std::uint64_t epoch, const weir_sink* committable, weir_receipt* const* receipts,
                           std::uint64_t count, weir_error* error) {
  const std::string told = "epoch " + std::to_string(epoch);
  if (const auto status = committable->put(committable, bytes_of(told)); status != WEIR_OK) return status;
  for (std::uint64_t i = 0; i < count; ++i) {
    receipts[i]->rows = static_cast<Store*>(self)->told_rows;
    receipts[i]->bytes = 8 * static_cast<std::int64_t>(i + 1);
  }
  return call("prepare", error);  // after it told some
}

inline weir_status commit(void*, std::uint64_t, weir_error* error) { return call("commit", error); }
inline void close(void*) { Store::current().world.calls.emplace_back("close"); }
inline void cancel(void*) { Store::current().world.calls.emplace_back("cancel"); }

inline weir_status open_committer(const weir_context* context, void** self, weir_error* error) {
  *self = &Store::current();
  Store::current().given.push_back("lane " + text_of(context->lane));
  return call("open committer", error);
}

inline weir_status last_committed(void*, std::uint64_t* epoch, weir_error* error) {
  *epoch = 7;
  return call("last_committed", error);
}

inline void note(const std::string& function, const weir_bytes* items, std::uint64_t count) {
  std::string text = function;
  for (std::uint64_t i = 0; i < count; ++i) text += " " + text_of(items[i]);
  Store::current().given.push_back(text);
}

inline weir_status publish(void*, std::uint64_t epoch, const weir_bytes* items, std::uint64_t count,
                           const weir_sink* published, weir_error* error) {
  note("publish " + std::to_string(epoch), items, count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string told = "published " + text_of(items[i]);
    if (const auto status = published->put(published, bytes_of(told)); status != WEIR_OK) return status;
  }
  return call("publish", error);  // after it told some
}

inline weir_status abort(void*, std::uint64_t epoch, const weir_bytes* items, std::uint64_t count, weir_error* error) {
  note("abort " + std::to_string(epoch), items, count);
  return call("abort", error);
}

inline weir_status finish(void*, std::int32_t complete, const weir_bytes* items, std::uint64_t count,
                          weir_error* error) {
  note(complete != 0 ? "finish" : "give up", items, count);
  return call("finish", error);
}

inline void close_committer(void*) { Store::current().world.calls.emplace_back("close committer"); }

inline weir_status traits(const weir_config*, weir_traits* traits, weir_error* error) {
  traits->takes_selection = Store::current().takes_selection ? 1 : 0;
  // Asked of each loader in turn: the second tells it.
  traits->ordered = Store::current().world.count("traits") == 1 ? Store::current().ordered : 0;
  return call("traits", error);
}

inline weir_status destination(const weir_config*, const weir_sink* sink, weir_error* error) {
  for (const auto& name : Store::current().destinations) {
    if (const auto status = sink->put(sink, bytes_of(name)); status != WEIR_OK) return status;
  }
  return call("destination", error);
}

inline weir_status open_shared(const weir_context* const* contexts, const ArrowSchema* const* inputs,
                               std::uint64_t count, const weir_schema_sink* stored, void** self, weir_error* error) {
  Store& store = Store::current();
  const auto status = call("open shared", error);
  if (!store.fault_option.empty()) std::strcpy(error->option, store.fault_option.c_str());
  if (status != WEIR_OK) return status;
  *self = &store;
  for (std::uint64_t i = 0; i < count; ++i) {
    store.opened.push_back(text_of(contexts[i]->link));
    if (const auto told = stored->same(stored, {nullptr, 0}, inputs[i]); told != WEIR_OK) return told;
  }
  return WEIR_OK;
}

inline const weir_shared kShared{sizeof(weir_shared), destination, open_shared};

inline const void* shared_extension(weir_string id) { return text_of(id) == WEIR_SHARED ? &kShared : nullptr; }

inline const weir_writer kAtomicWriter{sizeof(weir_writer), write, prepare, close, commit, cancel};
inline const weir_writer kWriter{sizeof(weir_writer), write, prepare, close, nullptr, cancel};
inline const weir_committer kCommitter{
    sizeof(weir_committer), open_committer, close_committer, last_committed, publish, abort, finish, nullptr};
inline const weir_committer kAsker{
    sizeof(weir_committer), open_committer, close_committer, last_committed, nullptr, nullptr, nullptr, nullptr};

}  // namespace detail::store

inline const weir_loader kAtomic{sizeof(weir_loader), detail::store::traits, detail::store::open,
                                 &detail::store::kAtomicWriter, &detail::store::kAsker};
inline const weir_loader kTwoPhase{sizeof(weir_loader), detail::store::traits, detail::store::open,
                                   &detail::store::kWriter, &detail::store::kCommitter};
inline const weir_loader kPlain{sizeof(weir_loader), nullptr, detail::store::open, &detail::store::kWriter, nullptr};

inline std::shared_ptr<Component> loader(const weir_loader& table, const std::string& link) {
  auto made = component(WEIR_KIND_LOADER, &table, link, detail::store::shared_extension);
  made->name = "store";
  made->place = [link](const std::string& option, TextPart) { return base::Place{link + option, 1, 1, 1, {}}; };
  return made;
}

}  // namespace weir::pipeline::fake
