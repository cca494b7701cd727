// A ledger as JSON, to be kept and read back.
#pragma once

#include <nlohmann/json.hpp>

#include "integrity/ledger.hpp"

namespace weir::integrity {

nlohmann::ordered_json to_json(const Account& account);
nlohmann::ordered_json to_json(const Ledger& ledger);

// Of to_json(). Throw what nlohmann throws, of anything else.
Account account_of(const nlohmann::ordered_json& value);
Ledger ledger_of(const nlohmann::ordered_json& value);

}  // namespace weir::integrity
