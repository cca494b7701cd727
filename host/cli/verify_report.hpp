// What weir runs verify found, as people and programs read it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "run/verify.hpp"

namespace weir::cli {

// "equal", "differs", "not comparable".
const char* verdict_name(integrity::Verdict verdict);
std::string verify_text(const run::VerifyReport& report);
nlohmann::ordered_json verify_json(const run::VerifyReport& report);

}  // namespace weir::cli
