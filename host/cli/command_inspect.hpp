// weir plugin inspect, a command below `plugin`; and the hidden ones that open plugins in processes of their own.
#pragma once

#include "cli/commands.hpp"

namespace weir::cli {

// From here on a plugin that is new is loaded in such a process first (plugins::try_first_loads()). [main]
void try_what_is_new();

void add_plugin_inspect(CLI::App& plugin, Action& action);

}  // namespace weir::cli
