// Reports: what the kit came to, for people, and for what reads JUnit or JSON.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "conformance/kit.hpp"

namespace weir::conformance {

// What did not pass, each with what to change and the header's rule; then how many there were of what.
std::string as_text(const Report& report);
// A test suite for each component, and one for the file. A warning passes, with its text as output. No durations if not `timed`.
std::string as_junit(const Report& report, bool timed = true);
// Every trial.
nlohmann::ordered_json as_json(const Report& report);

// The cases: group by group.
std::string cases_as_text();
nlohmann::ordered_json cases_as_json();

}  // namespace weir::conformance
