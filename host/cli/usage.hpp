// Usage: what is wrong with a command line, in our words; and checks of its values, which speak so too.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace weir::cli {

// Makes an error of what CLI11 found. Precondition: `program` has just refused the words.
base::Error usage_error(const CLI::App& program, const CLI::ParseError& problem, const std::vector<std::string>& words);

// Takes one of `values` alone.
CLI::Validator one_of(std::vector<std::string> values);

// Takes a whole number of at least `least`.
CLI::Validator whole_number(std::uint64_t least = 0);

}  // namespace weir::cli
