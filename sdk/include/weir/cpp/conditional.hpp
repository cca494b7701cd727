// Conditional: the table of weir.conditional/1, of a storage that replaces an object only if nobody else was faster.
#pragma once

#include "../ext/draft/conditional.h"
#include "storage.hpp"

namespace weir {
namespace detail {

template <class T>
weir_status replace_object(void* self, weir_string name, weir_bytes bytes, weir_string expected,
                           const weir_object_sink* object, weir_error* error) {
  return at_edge(error,
                 [&] { as<T>(self).replace(to_view(name), to_view(bytes), to_view(expected), Objects(object)); });
}

template <class T>
inline constexpr weir_conditional kConditional = {sizeof(weir_conditional), replace_object<T>};

}  // namespace detail

// The extension of such a storage: storage<T>("name", replaces_objects<T>). T has
//   void replace(std::string_view name, std::string_view bytes, std::string_view expected, const Objects& object);
// which does what weir_conditional says, and throws a Failure with WEIR_FAILED_PRECONDITION where somebody was faster.
template <class T>
const void* replaces_objects(weir_string id) {
  return to_view(id) == WEIR_CONDITIONAL ? &detail::kConditional<T> : nullptr;
}

}  // namespace weir
