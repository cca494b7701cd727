// Reads `{ use: NAME, … }`.
#pragma once

#include <string>

#include "manifest/fields.hpp"
#include "manifest/manifest.hpp"

namespace weir::manifest {

// Reads a component's use; errors are added, and what could be read is given. `what` names it in messages: "extract".
Use read_use(const Node& node, const std::string& what, Errors& errors);

}  // namespace weir::manifest
