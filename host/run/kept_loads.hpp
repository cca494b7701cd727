// What a run keeps of its loads, so that it can be looked up later what they loaded.
#pragma once

#include <vector>

#include "recovery/run_history.hpp"
#include "run/plan.hpp"

namespace weir::run {

// A digest of a text, 32 hexadecimal digits.
std::string digest_of(const std::string& text);

// A digest of what a manifest says of a load, but for its secrets.
std::string said_of(const manifest::Use& use);

// Of a settled plan, in the order of its ends.
std::vector<recovery::KeptLoad> kept_loads(const Plan& plan, const manifest::Manifest& manifest);

}  // namespace weir::run
