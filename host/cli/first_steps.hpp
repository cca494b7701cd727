// What weir says to somebody who gives it no command.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/output.hpp"

namespace weir::cli {

// Offers the next step, by what the current folder has: manifests, else data to begin with, else rows from nothing.
int first_steps(const CLI::App& program, Output& output);

}  // namespace weir::cli
