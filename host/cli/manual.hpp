// Manual: the page weir(1).
#pragma once

#include <string>

#include "cli/command_tree.hpp"

namespace weir::cli {

// Writes the page as roff, for man(1).
std::string manual_page(const CommandInfo& tree);

}  // namespace weir::cli
