// Checks of a plugin's description (struct weir_plugin) against the ABI and against what its file says of it.
#pragma once

#include <weir/weir.h>

#include "base/result.hpp"
#include "plugins/info.hpp"

namespace weir::plugins {

// Checks the description: size fields, ABI, functions, names, component tables with the functions that their kind
// requires, and that names and version are those of `info`. Components of kinds that this host does not know are left
// alone. Errors as Library::load() says.
base::Result<void> check_description(const weir_plugin* plugin, const PluginInfo& info);

}  // namespace weir::plugins
