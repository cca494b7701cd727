// Reader: the host's own part of a manifest, from a tree that is interpolated already.
#pragma once

#include "manifest/fields.hpp"
#include "manifest/manifest.hpp"

namespace weir::manifest {

// Fills what the tree says into `manifest`, whose file and folder are known; adds all errors.
void read_manifest(const Node& tree, Manifest& manifest, Errors& errors);

}  // namespace weir::manifest
