// Reads `{ use: NAME, … }`.
#pragma once

#include <string>
#include <string_view>

#include "manifest/fields.hpp"
#include "manifest/manifest.hpp"

namespace weir::manifest {

// Reads a component's use; errors are added, and what could be read is given. `what` names it in messages: "extract".
Use read_use(const Node& node, const std::string& what, Errors& errors);

// Whether a text can name a link or a branch: 1 to 64 of [0-9A-Za-z_-].
bool is_link_name(std::string_view name);

}  // namespace weir::manifest
