// Values as JSON text: nested ones (lists, structs, maps) for a column of TEXT, and the rows that the extractor rejects.
#pragma once

#include <weir/weir.hpp>

#include <string>
#include <string_view>

#include "value.hpp"

namespace weir::sqlite {

// Appends the cell of row `row` (counted from the array's offset) as JSON. Bytes are base64; a map is an object if its
// keys are text, else a list of [key, value]. Gives null, or a constant reason why it can't be said in JSON.
const char* append_json(std::string& out, const ArrowSchema& field, const ArrowArray& array, std::int64_t row);

// Appends what SQLite holds: bytes as base64, a number that JSON can't say as null.
void append_json_value(std::string& out, const Value& value);

}  // namespace weir::sqlite
