// Completion: scripts by which a shell completes command lines of weir.
#pragma once

#include <string>

#include "cli/command_tree.hpp"

namespace weir::cli {

std::string bash_completion(const CommandInfo& tree);
std::string zsh_completion(const CommandInfo& tree);
std::string fish_completion(const CommandInfo& tree);

}  // namespace weir::cli
