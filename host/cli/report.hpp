// The ledger of a run, as people and programs read it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "run/run.hpp"

namespace weir::cli {

std::string report_text(const run::RunReport& report);
nlohmann::ordered_json report_json(const run::RunReport& report);

}  // namespace weir::cli
