// What a component, configured in some way, needs and promises, as far as the host knows by itself.
#pragma once

#include <weir/weir.h>

namespace weir::conformance {

// What the host fills in from the component's table, before it asks.
weir_traits default_traits(const weir_component& component);
// Whom it asks then; null: nobody, the component's kind has none, or it has no such function.
weir_traits_function* traits_of(const weir_component& component);

}  // namespace weir::conformance
