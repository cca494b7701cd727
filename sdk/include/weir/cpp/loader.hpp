// Loader: the base classes of a writer, which takes rows, and of a committer, which publishes them. The protocol of
// epochs stands in weir.h, above weir_receipt.
#pragma once

#include <memory>
#include <span>

#include "../ext/draft/shared.h"
#include "transformer.hpp"

namespace weir {

// Who the loads are that share a writer. Valid during the constructor; the contexts themselves as long as the writer.
using Contexts = std::span<const weir_context* const>;

// Writes rows. T derives from it and has T(const Context&, const Inputs&, const Outputs& stored). An atomic one (see
// weir_traits::commit) overrides commit(). Threads: one call at a time, but cancel().
class Writer {
 public:
  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  virtual ~Writer() = default;
  // Writes rows of input `input` into the current epoch; `next` is for reject() alone. Nothing of them may be seen by others
  // before the commit, if traits promise so. Throws a Failure, which fails the run.
  virtual void write(std::uint64_t input, Batch& batch, const Next& next) = 0;
  // Ends the epoch; fills in one receipt for each input, tells a two-phase writer's committable.
  virtual void prepare(std::uint64_t epoch, const Sink& committable, std::span<weir_receipt* const> receipts) = 0;
  // Atomic only: makes the epoch's rows and its token visible in one step.
  virtual void commit(std::uint64_t /*epoch*/) {}
  // Makes a running call return soon. [any]
  virtual void cancel() noexcept {}
};

// Publishes what writers prepared, in this process or in one that comes after it. T derives from it and has
// T(const Context&). Threads: one call at a time, but cancel(). Every function may be called again, after a crash, with the
// same arguments, and must then come to the same end. Errors: a Failure.
class Committer {
 public:
  Committer() = default;
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;
  virtual ~Committer() = default;
  // Atomic only: the last epoch whose token (run, link, lane) the destination holds; 0: none.
  virtual std::uint64_t last_committed() { return 0; }
  // Two-phase only: publishes the committables of the epoch; tells for each what finish() needs.
  virtual void commit(std::uint64_t /*epoch*/, std::span<const weir_bytes> /*committables*/,
                      const Sink& /*published*/) {}
  // Two-phase only: discards them, and what else this lane's writers made in that epoch or later.
  virtual void abort(std::uint64_t /*epoch*/, std::span<const weir_bytes> /*committables*/) {}
  // The run is at its end; `complete`: all of it is published. Sweeps what is left over.
  virtual void finish(bool /*complete*/, std::span<const weir_bytes> /*published*/) {}
  virtual void cancel() noexcept {}
};

namespace detail {

template <class T>
weir_status open_writer(const weir_context* context, const ArrowSchema* const* inputs, const weir_string* streams,
                        std::uint64_t count, const weir_schema_sink* stored, void** self, weir_error* error) {
  return create_transformer<T>(context, inputs, streams, count, stored, self, error);
}

template <class T>
weir_status write(void* self, std::uint64_t input, weir_batch* batch, const weir_next* next, weir_error* error) {
  return at_edge(error, [&] {
    Batch in_hand(batch);
    as<T>(self).write(input, in_hand, Next(next));
  });
}

template <class T>
weir_status prepare(void* self, std::uint64_t epoch, const weir_sink* committable, weir_receipt* const* receipts,
                    std::uint64_t count, weir_error* error) {
  return at_edge(error, [&] { as<T>(self).prepare(epoch, Sink(committable), {receipts, count}); });
}

template <class T>
weir_status commit_writer(void* self, std::uint64_t epoch, weir_error* error) {
  return at_edge(error, [&] { as<T>(self).commit(epoch); });
}

template <class T>
constexpr bool kOverridesCommit = !std::is_same_v<decltype(&T::commit), decltype(&Writer::commit)>;

template <class T>
inline constexpr weir_writer kWriter = {
    sizeof(weir_writer), write<T>, prepare<T>, destroy<T>, kOverridesCommit<T> ? commit_writer<T> : nullptr, cancel<T>};

template <class T>
weir_status open_committer(const weir_context* context, void** self, weir_error* error) {
  return at_edge(error, [&] { *self = std::make_unique<T>(Context(context)).release(); });
}

template <class T>
weir_status last_committed(void* self, std::uint64_t* epoch, weir_error* error) {
  return at_edge(error, [&] { *epoch = as<T>(self).last_committed(); });
}

template <class T>
weir_status commit(void* self, std::uint64_t epoch, const weir_bytes* committables, std::uint64_t count,
                   const weir_sink* published, weir_error* error) {
  return at_edge(error, [&] { as<T>(self).commit(epoch, {committables, count}, Sink(published)); });
}

template <class T>
weir_status abort(void* self, std::uint64_t epoch, const weir_bytes* committables, std::uint64_t count,
                  weir_error* error) {
  return at_edge(error, [&] { as<T>(self).abort(epoch, {committables, count}); });
}

template <class T>
weir_status finish(void* self, std::int32_t complete, const weir_bytes* published, std::uint64_t count,
                   weir_error* error) {
  return at_edge(error, [&] { as<T>(self).finish(complete != 0, {published, count}); });
}

template <class T>
inline constexpr weir_committer kCommitter = {sizeof(weir_committer),
                                              open_committer<T>,
                                              destroy<T>,
                                              last_committed<T>,
                                              commit<T>,
                                              abort<T>,
                                              finish<T>,
                                              cancel<T>};

template <class W, class C>
constexpr weir_loader loader_table() {
  if constexpr (std::is_void_v<C>) {
    return {sizeof(weir_loader), traits_or_null<W>(), open_writer<W>, &kWriter<W>, nullptr};
  } else {
    return {sizeof(weir_loader), traits_or_null<W>(), open_writer<W>, &kWriter<W>, &kCommitter<C>};
  }
}

template <class W, class C>
inline constexpr weir_loader kLoader = loader_table<W, C>();

template <class T>
weir_status shared_destination(const weir_config* config, const weir_sink* destination, weir_error* error) {
  return at_edge(error, [&] { Sink(destination).put(T::destination(Config(config))); });
}

template <class T>
weir_status open_shared(const weir_context* const* contexts, const ArrowSchema* const* inputs, std::uint64_t count,
                        const weir_schema_sink* stored, void** self, weir_error* error) {
  return at_edge(error, [&] {
    const std::vector<weir_string> names(count, weir_string{nullptr, 0});
    *self = std::make_unique<T>(Contexts{contexts, count}, Inputs{{inputs, count}, names}, Outputs(stored)).release();
  });
}

template <class T>
inline constexpr weir_shared kShared = {sizeof(weir_shared), shared_destination<T>, open_shared<T>};

}  // namespace detail

// The extension of a loader whose loads share a writer where they write to one destination (ext/draft/shared.h):
// weir::loader<T, C>("name", weir::shares_writer<T>). T has, beside what a Writer has, a constructor
// T(Contexts, const Inputs&, const Outputs&), and `static std::string destination(const Config&)`.
template <class T>
const void* shares_writer(weir_string id) {
  return to_view(id) == WEIR_SHARED ? &detail::kShared<T> : nullptr;
}

}  // namespace weir
