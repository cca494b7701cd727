// What many cases begin with: a life that is led, and what was observed in it.
#pragma once

#include "conformance/lives.hpp"

namespace weir::conformance {

// A life as it should be; a refusal ends the case.
Step observed(Subject& subject);
// The same, and lives that go wrong: with columns, bytes and options that the component need not take, and with a host that
// refuses what it is told. Only what is observed counts.
Step observed_in_failures(Subject& subject);
// What a session observed for the case that is tried.
Step observation(const Session& session, Subject& subject);

// The rows of a whole life, by_output(); a refusal ends the case.
base::Result<std::vector<std::string>> rows_of_life(Subject& subject, Knobs knobs = {});
// Rows of one output behind one another: between outputs there is no order.
std::vector<std::string> by_output(std::vector<std::string> rows);
// Fails if two lives gave other rows, and says where they part.
Step same_rows(const std::vector<std::string>& first, const std::vector<std::string>& second, const std::string& what);

}  // namespace weir::conformance
