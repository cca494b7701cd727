// weir plugin test, a command below `plugin`; and the hidden one that tries a single case.
#pragma once

#include <string>
#include <vector>

#include "cli/commands.hpp"

namespace weir::cli {

// The program and the first words of the process that tries one case of the kit.
std::vector<std::string> try_case_command();

void add_plugin_test(CLI::App& plugin, Action& action);

}  // namespace weir::cli
