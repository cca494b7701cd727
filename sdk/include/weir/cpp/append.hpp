// Append: the table of weir.append/1, of a format whose files can be written on.
#pragma once

#include <string>
#include <string_view>

#include "../ext/draft/append.h"
#include "format.hpp"

namespace weir {
namespace detail {

template <class T>
weir_status append_fits(const weir_context* context, const ArrowSchema* input, weir_bytes head, weir_error* error) {
  return at_edge(error, [&] { T::fits(Context(context), *input, to_view(head)); });
}
template <class T>
weir_status append_between(const weir_context* context, weir_bytes tail, const weir_sink* bytes, weir_error* error) {
  return at_edge(error, [&] {
    const std::string between = T::between(Context(context), to_view(tail));
    if (!between.empty()) Sink(bytes).put(between);
  });
}

}  // namespace detail

// T has static void fits(const Context&, const ArrowSchema& input, std::string_view head), which throws a Failure, and static
// std::string between(const Context&, std::string_view tail), which gives what must stand in between; empty: nothing.
template <class T>
inline constexpr weir_append kAppend = {sizeof(weir_append), detail::append_fits<T>, detail::append_between<T>};

}  // namespace weir
