// Reader and extractor: the base class of what brings rows in.
#pragma once

#include <algorithm>
#include <memory>

#include "../ext/pushdown.h"
#include "discover.hpp"
#include "transformer.hpp"

namespace weir {

// Reads the rows of a split (an extractor's) or of an input (a format's). Threads: one call at a time, but cancel().
class Reader {
 public:
  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  virtual ~Reader() = default;
  // Pushes rows, as a rule one batch; gives WEIR_READ_...: what to expect next. Waits no longer than `deadline`, in the host's
  // nanoseconds (Context::now()). Throws a Failure, which fails the run or is retried, as its status says.
  virtual std::int32_t read(std::int64_t deadline, const Next& next) = 0;
  // Tells what a constructor needs to go on after the last read(). Called only if it is overridden.
  virtual void position(const Sink& /*position*/) {}
  // Everything before `position` is committed, and need not be kept by the source. Called only if it is overridden.
  virtual void acknowledge(std::string_view /*position*/) {}
  // Makes a running call return soon. [any]
  virtual void cancel() noexcept {}
};

// Receives splits. Throws Stop. Lent for one call.
class Plan {
 public:
  explicit Plan(const weir_plan* raw) : raw_(raw) {}
  // Tells a split: `id` is the same at each plan; rows and bytes are estimates, -1 unknown.
  void add(std::string_view id, std::string_view token = {}, std::int64_t rows = -1, std::int64_t bytes = -1) const {
    weir_split split{};
    split.size = sizeof split;
    split.id = to_weir(id);
    split.token = to_bytes(token);
    split.rows = rows;
    split.bytes = bytes;
    check(raw_->add(raw_, &split));
  }
  // Takes back a split of an earlier plan that nobody has begun.
  void remove(std::string_view id) const { check(raw_->remove(raw_, to_weir(id))); }
  // Tells what the next plan() of this pipeline, perhaps in another process, gets as its `state`.
  void state(std::string_view state) const { check(raw_->state(raw_, to_bytes(state))); }

 private:
  const weir_plan* raw_;
};

// True if something reads the column. `wanted`: what a reader was opened with.
inline bool is_wanted(const weir_wanted* wanted, std::string_view column) {
  if (wanted == nullptr || wanted->column_count == 0) return true;
  return std::any_of(wanted->columns, wanted->columns + wanted->column_count,
                     [&](const weir_string& name) { return to_view(name) == column; });
}

namespace detail {

template <class T>
weir_status read(void* self, std::int64_t deadline, const weir_next* next, std::int32_t* outcome, weir_error* error) {
  return at_edge(error, [&] { *outcome = as<T>(self).read(deadline, Next(next)); });
}

template <class T>
weir_status position(void* self, const weir_sink* sink, weir_error* error) {
  return at_edge(error, [&] { as<T>(self).position(Sink(sink)); });
}

template <class T>
weir_status acknowledge(void* self, weir_bytes where, weir_error* error) {
  return at_edge(error, [&] { as<T>(self).acknowledge(to_view(where)); });
}

template <class T>
constexpr bool kOverridesPosition = !std::is_same_v<decltype(&T::position), decltype(&Reader::position)>;
template <class T>
constexpr bool kOverridesAcknowledge = !std::is_same_v<decltype(&T::acknowledge), decltype(&Reader::acknowledge)>;

template <class T>
inline constexpr weir_reader kReader = {sizeof(weir_reader),
                                        read<T>,
                                        kOverridesPosition<T> ? position<T> : nullptr,
                                        destroy<T>,
                                        kOverridesAcknowledge<T> ? acknowledge<T> : nullptr,
                                        cancel<T>};

// T: static bool plan(const Context&, std::string_view state, const Plan&), which gives true if there will be more;
// T(const Context&, const weir_split&, std::string_view position, const Outputs&), which tells the schema.
template <class T>
weir_status plan(const weir_context* context, weir_bytes state, const weir_plan* plan, std::int32_t* more,
                 weir_error* error) {
  return at_edge(error, [&] { *more = T::plan(Context(context), to_view(state), Plan(plan)) ? 1 : 0; });
}

template <class T>
weir_status open_split(const weir_context* context, const weir_split* split, weir_bytes position,
                       const weir_schema_sink* schema, void** self, weir_error* error) {
  return at_edge(error, [&] {
    *self = std::make_unique<T>(Context(context), *split, to_view(position), Outputs(schema)).release();
  });
}

template <class T>
inline constexpr weir_extractor kExtractor = {sizeof(weir_extractor), traits_or_null<T>(), plan<T>, open_split<T>,
                                              &kReader<T>};

// An extractor's reader that can leave columns out takes one argument more.
template <class T>
concept SelectsColumns =
    std::is_constructible_v<T, const Context&, const weir_split&, std::string_view, const Outputs&, const weir_wanted*>;

template <class T>
weir_status open_narrow_split(const weir_context* context, const weir_split* split, weir_bytes position,
                              const weir_wanted* const* wanted, std::uint64_t /*count*/, const weir_schema_sink* schema,
                              void** self, weir_error* error) {
  return at_edge(error, [&] {
    *self = std::make_unique<T>(Context(context), *split, to_view(position), Outputs(schema), wanted[0]).release();
  });
}

template <class T>
inline constexpr weir_pushdown kSplitPushdown = {sizeof(weir_pushdown), open_narrow_split<T>, nullptr};

template <class T>
const void* split_extension(weir_string id) {
  if constexpr (SelectsColumns<T>) {
    if (to_view(id) == WEIR_PUSHDOWN) return &kSplitPushdown<T>;
  }
  if constexpr (Discovers<T>) {
    if (to_view(id) == WEIR_DISCOVER) return &kDiscover<T>;
  }
  return nullptr;
}

}  // namespace detail
}  // namespace weir
