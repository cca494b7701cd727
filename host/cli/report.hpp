// The ledger of a run, as people and programs read it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "run/run.hpp"

namespace weir::cli {

// The pipeline and a table of rows, a line for each thing that became of them.
std::string ledger_text(const run::RunReport& report);
// What the destinations have said of their rows, and what the rows were: "rows confirmed by the destination, digest 8f3a…e1".
std::string confirmation(const integrity::Ledger& ledger);
std::string report_text(const run::RunReport& report);
nlohmann::ordered_json report_json(const run::RunReport& report);

// What each link makes of the guarantee.
nlohmann::ordered_json guarantees_json(const run::Guarantee& guarantee);

}  // namespace weir::cli
