// Columns as JSON values that lose nothing and that Python makes just as well: null, booleans, integers as numbers (dates,
// times, timestamps and durations too); floats as the hexadecimal of their bits, or "nan"; decimals as the digits of their
// unscaled value; texts and bytes as hexadecimal; intervals as a list of their parts; lists, structs (values in order) and
// maps (pairs) as lists; of a dictionary the value.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>
#include <weir/arrow.hpp>

namespace weir::bridge {

using Values = std::vector<nlohmann::json>;

// Reads `count` rows of a column from `first` on through the views of the SDK. `outer`: as theirs.
Values read_column(const ArrowArray& column, const ArrowSchema& field, Items rows, std::int64_t outer = 0);

// Builds a column through the builders of the SDK. Its rows, and those of what is in it, begin at offset `pad`.
Array build_column(const ArrowSchema& field, const Values& values, std::int64_t pad);

}  // namespace weir::bridge
