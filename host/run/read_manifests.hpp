// What a manifest says, for whoever wants to know it beside a run.
#pragma once

#include <vector>

#include "manifest/manifest.hpp"
#include "run/run.hpp"

namespace weir::run {

// The pipelines that are asked for, as far as they can be read; nothing is told of what is wrong. Without `secrets` nobody is asked for
// any: in their place stands "***".
std::vector<manifest::Manifest> read_manifests(const RunOptions& options, const RunWatch& watch, bool secrets);

}  // namespace weir::run
