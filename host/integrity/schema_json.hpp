// Schemas of rows as JSON, to be kept: what was sent, for whoever reads it back.
#pragma once

#include <nlohmann/json.hpp>

#include <weir/arrow.hpp>

namespace weir::integrity {

// {"name", "format", "nullable", "metadata", "children"}; a dictionary is kept as what its words are.
nlohmann::ordered_json to_json(const ArrowSchema& field);
// Of to_json(). Throws what nlohmann throws for anything else.
weir::Schema schema_of(const nlohmann::ordered_json& value);

}  // namespace weir::integrity
