// Verdict: what a case says of a component; and Step, by which a case comes to it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace weir::conformance {

enum class Outcome { pass, warn, skip, fail, crashed };

// "pass", "warn", "skip", "fail", "crashed".
std::string_view outcome_name(Outcome outcome);
Outcome outcome_from_name(std::string_view name);  // of anything else: crashed

struct Verdict {
  Outcome outcome = Outcome::pass;
  std::string found;  // on one line; empty: nothing to tell
};

// What a part of a case comes to: nothing, or the verdict that ends it.
using Step = base::Result<void>;

base::Unexpected fail(std::string found);
base::Unexpected warn(std::string found);
base::Unexpected skip(std::string why);

// The verdict that a case ended with.
Verdict verdict_of(const Step& step);

}  // namespace weir::conformance
