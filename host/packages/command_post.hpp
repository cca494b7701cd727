// The command of weir-packages that posts a notice.
#pragma once

#include "cli/commands.hpp"

namespace weir::packages {

// Hidden: weir run executes it (cli/run_notices.cpp). [main]
void add_post(CLI::App& program, cli::Action& action);

}  // namespace weir::packages
