// Rows as JSON: for reject files and messages. Not fast; exact.
#pragma once

#include <cstdint>
#include <string>

#include <weir/arrow.hpp>

namespace weir::arrow {

// Appends one row as a JSON object on one line. Integers and decimals are written with all their digits; doubles in the
// shortest form that reads back the same, NaN and infinities as texts; dates and times as ISO 8601, timestamps as they
// were spelled (kSpellingKey), else with T and, if they have a zone, in UTC with Z; durations and intervals as ISO 8601
// periods; bytes as base64; JSON texts ("arrow.json") raw; maps as objects if their keys are texts, else as a list of
// {"key", "value"}; texts that are not UTF-8 with U+FFFD for what is wrong. Preconditions: check_shape() passed,
// 0 <= row < rows.length. Threads: [any].
void append_row_as_json(std::string& out, const ArrowArray& rows, const ArrowSchema& schema, std::int64_t row);

// Appends one value of a column alone. `row` counts from the column's own offset (add the offset of its rows).
void append_value_as_json(std::string& out, const ArrowArray& column, const ArrowSchema& field, std::int64_t row);

}  // namespace weir::arrow
