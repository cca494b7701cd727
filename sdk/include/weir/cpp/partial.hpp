// weir.partial/1 for C++: a transformer of scope run that each chain has an instance of, and what those hold merged into one.
#pragma once

#include <cstdint>
#include <string_view>

#include "../ext/partial.h"
#include "transformer.hpp"

namespace weir {

// What partial instances held, lent for the call. Errors: none; i must be below size().
class PartialItems {
 public:
  PartialItems(const weir_bytes* items, std::uint64_t count) : items_(items), count_(count) {}
  std::uint64_t size() const { return count_; }
  std::string_view operator[](std::uint64_t i) const { return to_view(items_[i]); }

 private:
  const weir_bytes* items_;
  std::uint64_t count_;
};

namespace detail {

template <class T>
concept TakesPartials = requires(T& self, const Sink& items) { self.take(items); };
template <class T>
concept MergesPartials = requires(T& self, const PartialItems& items) { self.merge(items); };
// A transformer that works in parts has both.
template <class T>
concept WorksInParts = TakesPartials<T> || MergesPartials<T>;

template <class T>
weir_status take_partial(void* self, const weir_sink* items, weir_error* error) {
  return at_edge(error, [&] { as<T>(self).take(Sink(items)); });
}

template <class T>
weir_status merge_partial(void* self, const weir_bytes* items, std::uint64_t count, weir_error* error) {
  return at_edge(error, [&] { as<T>(self).merge(PartialItems(items, count)); });
}

template <class T>
constexpr weir_partial partial_table() {
  static_assert(TakesPartials<T> && MergesPartials<T>,
                "what has void take(const Sink&) needs void merge(const PartialItems&), and the other way");
  return {sizeof(weir_partial), take_partial<T>, merge_partial<T>};
}

template <class T>
inline constexpr weir_partial kPartial = partial_table<T>();

}  // namespace detail
}  // namespace weir
