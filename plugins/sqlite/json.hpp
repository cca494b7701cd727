// Nested values (lists, structs, maps) as JSON text, for a column of TEXT.
#pragma once

#include <weir/weir.hpp>

#include <string>

namespace weir::sqlite {

// Appends the cell of row `row` (counted from the array's offset) as JSON. Bytes are base64; a map is an object if its
// keys are text, else a list of [key, value]. Gives null, or a constant reason why it can't be said in JSON.
const char* append_json(std::string& out, const ArrowSchema& field, const ArrowArray& array, std::int64_t row);

}  // namespace weir::sqlite
