// What partial instances hold (weir.partial/1), as the host carries it from the chains to the one instance behind the gather.
#pragma once

#include <string>
#include <vector>

#include <weir/ext/partial.h>

#include "pipeline/component.hpp"

namespace weir::pipeline {

// The component's functions; null: it has none.
const weir_partial* partial_of(const Component& component);

// Moves what an instance holds out of it. Precondition: partial_of(component).
base::Result<std::vector<std::string>> take_partial(const Component& component, void* self);

// Adds to an instance what others held. Precondition: partial_of(component).
base::Result<void> merge_partial(const Component& component, void* self, const std::vector<std::string>& items);

}  // namespace weir::pipeline
