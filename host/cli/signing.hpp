// What the commands that sign have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace weir::cli {

// What private keys are encrypted by: $WEIR_KEY_PASSPHRASE; empty: they are not. [main]
std::string key_passphrase();

// A day such as 2028-11-27.
CLI::Validator a_day();

}  // namespace weir::cli
