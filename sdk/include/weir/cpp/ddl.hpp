// Ddl: the table of weir.ddl/1, of a loader that tells what it would change at its destination.
#pragma once

#include <string>
#include <vector>

#include "../ext/draft/ddl.h"
#include "context.hpp"

namespace weir {
namespace detail {

template <class T>
weir_status ddl_statements(const weir_context* context, const ArrowSchema* input, const weir_sink* statements,
                           weir_error* error) {
  return at_edge(error, [&] {
    for (const std::string& statement : T::statements(Context(context), *input)) Sink(statements).put(statement);
  });
}

template <class T>
inline constexpr weir_ddl kDdl = {sizeof(weir_ddl), ddl_statements<T>};

}  // namespace detail

// The extension of a loader that tells its statements. T has static std::vector<std::string> statements(const Context&, const
// ArrowSchema& input), which changes nothing, and throws a Failure as its constructor would.
template <class T>
const void* tells_ddl(weir_string id) {
  return to_view(id) == WEIR_DDL ? &detail::kDdl<T> : nullptr;
}

}  // namespace weir
