// weir plugin test, a command below `plugin`; and the hidden one that tries a single case.
#pragma once

#include "cli/commands.hpp"

namespace weir::cli {

void add_plugin_test(CLI::App& plugin, Action& action);

}  // namespace weir::cli
