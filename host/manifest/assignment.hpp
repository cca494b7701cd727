// Assignments: `--set PATH=VALUE` changes one value of a manifest before it is read.
//
//   assignment = path "=" value
//   path       = segment { "." segment }
//   segment    = name | index | '"' any text without a quote '"'
//   value      = a YAML scalar, or a list or object in brackets; nothing: null, which takes the key away
#pragma once

#include <string>

#include "manifest/fields.hpp"
#include "manifest/tree.hpp"

namespace weir::manifest {

// Does what the assignment says. All of a path but its last segment must be there, or begin with a key of the host's own;
// an index must be there. Errors point into the assignment, as will later ones about the value.
void apply_assignment(Node& tree, const std::string& text, Errors& errors);

}  // namespace weir::manifest
