// Reads what a manifest says of its streams.
#pragma once

#include "manifest/fields.hpp"
#include "manifest/manifest.hpp"

namespace weir::manifest {

// Reads `streams` of the extract, which is taken out of its options, and `streams:` of the manifest, whose member `overrides` is
// (null: there is none). An extract whose path has {stream}, {schema} or {name} picks streams too. Errors are added.
void read_streams(const Node& tree, const Node* overrides, Manifest& manifest, Errors& errors);

}  // namespace weir::manifest
