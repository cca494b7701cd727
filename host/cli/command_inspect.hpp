// weir plugin inspect, a command below `plugin`; and the hidden one that asks what only running tells.
#pragma once

#include "cli/commands.hpp"

namespace weir::cli {

void add_plugin_inspect(CLI::App& plugin, Action& action);

}  // namespace weir::cli
