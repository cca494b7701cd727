// weir.state/1 for C++: what a transformer remembers from one checkpoint to the next.
#pragma once

#include <cstdint>
#include <string_view>

#include "../ext/state.h"
#include "transformer.hpp"

namespace weir {

// Receives what changed since the last snapshot: items put anew or in place of what they were, and those that are gone; each
// key once. Throws Stop.
class StateSink {
 public:
  explicit StateSink(const weir_state_sink* raw) : raw_(raw) {}
  void put(std::string_view key, std::string_view value) const {
    check(raw_->put(raw_, to_bytes(key), to_bytes(value)));
  }
  void remove(std::string_view key) const { check(raw_->remove(raw_, to_bytes(key))); }

 private:
  const weir_state_sink* raw_;
};

// Items that are given back, lent for the call. Errors: none; i must be below size().
class StateItems {
 public:
  StateItems(const weir_bytes* keys, const weir_bytes* values, std::uint64_t count)
      : keys_(keys), values_(values), count_(count) {}
  std::uint64_t size() const { return count_; }
  std::string_view key(std::uint64_t i) const { return to_view(keys_[i]); }
  std::string_view value(std::uint64_t i) const { return to_view(values_[i]); }

 private:
  const weir_bytes* keys_;
  const weir_bytes* values_;
  std::uint64_t count_;
};

namespace detail {

template <class T>
concept TakesSnapshots = requires(T& self, const StateSink& changes) { self.snapshot(changes); };
template <class T>
concept IsRestored = requires(T& self, const StateItems& items) { self.restore(items, true); };
// A transformer that remembers has both.
template <class T>
concept Remembers = TakesSnapshots<T> || IsRestored<T>;
template <class T>
concept RemembersByConfig = requires(const Config& config) { static_cast<bool>(T::remembers(config)); };

template <class T>
weir_status take_snapshot(void* self, const weir_state_sink* changes, weir_error* error) {
  return at_edge(error, [&] { as<T>(self).snapshot(StateSink(changes)); });
}

template <class T>
weir_status restore(void* self, const weir_bytes* keys, const weir_bytes* values, std::uint64_t count,
                    std::int32_t last, weir_error* error) {
  return at_edge(error, [&] { as<T>(self).restore(StateItems(keys, values, count), last != 0); });
}

template <class T>
std::int32_t remembers(const weir_config* config) {
  try {
    return T::remembers(Config(config)) ? 1 : 0;
  } catch (...) {
    return 1;
  }
}

template <class T>
constexpr weir_state state_table() {
  static_assert(
      TakesSnapshots<T> && IsRestored<T>,
      "what has void snapshot(const StateSink&) needs void restore(const StateItems&, bool last), and the other way");
  weir_state table{sizeof(weir_state), take_snapshot<T>, restore<T>, nullptr};
  if constexpr (RemembersByConfig<T>) table.remembers = remembers<T>;
  return table;
}

template <class T>
inline constexpr weir_state kState = state_table<T>();

}  // namespace detail
}  // namespace weir
