// Transformer: the base class of everything in the middle of a chain.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "context.hpp"

namespace weir {

// What an instance is made for: the schema of each input and what the manifest calls it. Valid during the constructor.
// Errors: none; i must be below schemas.size().
struct Inputs {
  std::span<const ArrowSchema* const> schemas;
  std::span<const weir_string> names;
  const ArrowSchema& operator[](std::size_t i) const { return *schemas[i]; }
};

// Handles batches of rows. T derives from it and has a constructor T(const Context&, const Inputs&, const Outputs&)
// that tells the schema of each output, or throws a Failure; perhaps `static void traits(const Config&, weir_traits&)`,
// and perhaps, for weir.reads/1 (reads.hpp): `void reads(std::uint64_t input, const Sink& names) const`, which names the
// columns that it reads itself; `void conditions(const ConditionSink&) const`; `void lineage(std::uint64_t output,
// std::string_view column, std::uint64_t input, const Sink& names) const`.
// What remembers over a checkpoint (weir.state/1, state.hpp) has `void snapshot(const StateSink& changes)`, which tells what
// changed since the last one that came to its end (the first: since restore(), or all), and `void restore(const StateItems&
// items, bool last)`, called right after the constructor, in portions; and `static bool remembers(const Config&)` if it has
// something to remember only with some options. What does not must forget everything at a checkpoint.
// What needs all rows of a run but can sum them up chain by chain (weir.partial/1, partial.hpp) has `void take(const Sink& items)`,
// which moves out what it holds, and `void merge(const PartialItems& items)`, which adds what others held.
// Threads: one call at a time, but cancel().
class Transformer {
 public:
  Transformer() = default;
  Transformer(const Transformer&) = delete;
  Transformer& operator=(const Transformer&) = delete;
  virtual ~Transformer() = default;
  // Handles one batch of input `input`: any number of push, select, reject, drop. `batch` is lent, unless take() moved its
  // rows out. Every row must be accounted for by the end. Throws a Failure, which fails the run.
  virtual void process(std::uint64_t input, Batch& batch, const Next& next) = 0;
  // Pushes what is held back of `input`; `why` is WEIR_FLUSH_...: a checkpoint is due, or the end is there. Called only if it is
  // overridden.
  virtual void flush(std::uint64_t /*input*/, std::int32_t /*why*/, const Next& /*next*/) {}
  // Makes a running call return soon, with WEIR_CANCELLED. For good: only the destructor follows. [any]
  virtual void cancel() noexcept {}
};

namespace detail {

template <class T>
weir_status traits_of(const weir_config* config, weir_traits* traits, weir_error* error) {
  return at_edge(error, [&] { T::traits(Config(config), *traits); });
}

template <class T>
constexpr weir_traits_function* traits_or_null() {
  if constexpr (requires(const Config& config, weir_traits& traits) { T::traits(config, traits); }) {
    return traits_of<T>;
  } else {
    return nullptr;
  }
}

template <class T>
T& as(void* self) {
  return *static_cast<T*>(self);
}

template <class T>
void destroy(void* self) {
  delete static_cast<T*>(self);
}

template <class T>
void cancel(void* self) {
  static_cast<T*>(self)->cancel();
}

template <class T>
weir_status create_transformer(const weir_context* context, const ArrowSchema* const* inputs, const weir_string* names,
                               std::uint64_t count, const weir_schema_sink* outputs, void** self, weir_error* error) {
  return at_edge(error, [&] {
    *self = std::make_unique<T>(Context(context), Inputs{{inputs, count}, {names, count}}, Outputs(outputs)).release();
  });
}

template <class T>
weir_status process(void* self, std::uint64_t input, weir_batch* batch, const weir_next* next, weir_error* error) {
  return at_edge(error, [&] {
    Batch in_hand(batch);
    as<T>(self).process(input, in_hand, Next(next));
  });
}

template <class T>
weir_status flush(void* self, std::uint64_t input, std::int32_t why, const weir_next* next, weir_error* error) {
  return at_edge(error, [&] { as<T>(self).flush(input, why, Next(next)); });
}

// A function of T that it does not override stays null in the table, so the host need not call it.
template <class T>
constexpr bool kOverridesFlush = !std::is_same_v<decltype(&T::flush), decltype(&Transformer::flush)>;

template <class T>
inline constexpr weir_transformer kTransformer = {sizeof(weir_transformer),
                                                  traits_or_null<T>(),
                                                  create_transformer<T>,
                                                  process<T>,
                                                  destroy<T>,
                                                  kOverridesFlush<T> ? flush<T> : nullptr,
                                                  cancel<T>};

}  // namespace detail
}  // namespace weir
