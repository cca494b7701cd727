// Installed: which plugins a manifest has to choose from, and how it names a component of one.
#pragma once

#include <string>

#include "manifest/manifest.hpp"
#include "plugins/registry.hpp"

namespace weir::run {

// Looks for plugins where the manifest may have them, and takes those that it requires, as weir.lock beside it says if it is there.
// Errors: those of plugins::read_lock(). What is not as it is locked is among the registry's problems.
base::Result<plugins::Registry> find_plugins(const manifest::Manifest& manifest);

// What a manifest says after `use:`, "csv" or "PLUGIN:csv".
std::string use_text(const manifest::Use& use);

}  // namespace weir::run
