// What weir and the programs that it executes have in common: options of every command, usage errors, the log.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/commands.hpp"

namespace weir::cli {

struct Program {
  std::function<void(CLI::App& program, Action& action)> add_commands;
  // What is done when no command was given.
  std::function<int(const CLI::App& program, Output& output)> without_command;
};

// Reads the command line and does what it asks for; gives the exit code. Nothing is thrown. [main]
int run_program(const Program& program, int argc, char** argv);

}  // namespace weir::cli
