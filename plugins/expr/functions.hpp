// Functions over texts, numbers and dates. What they mean is told in schema.json, for those who write expressions.
#pragma once

#include "operation.hpp"

namespace weir::expr {

// Texts to texts. Characters are those of Unicode; positions count from 1.
OperationPointer case_operation(OperationPointer text, bool upper);
OperationPointer trim_operation(OperationPointer text, bool left, bool right);
OperationPointer length_operation(OperationPointer text);
// `length` null: to the end. A position below 1 begins before the text, as SQL has it; a length below 0 rejects the row.
OperationPointer substring_operation(OperationPointer text, OperationPointer position, OperationPointer length,
                                     const std::string& source);
OperationPointer concat_operation(std::vector<OperationPointer> texts, const std::string& source);
OperationPointer replace_operation(OperationPointer text, OperationPointer from, OperationPointer to,
                                   const std::string& source);

enum class Contained { prefix, suffix, anywhere };
OperationPointer contains_operation(OperationPointer text, OperationPointer part, Contained where);

// Numbers, of the same type but where a decimal's scale becomes `digits`.
OperationPointer absolute_operation(OperationPointer number, const std::string& source);
enum class Rounding { nearest, down, up };
OperationPointer round_operation(OperationPointer number, Rounding rounding, int digits, const std::string& source);

// A part of a date or timestamp, as an integer. `offset_minutes`: of the zone whose calendar counts.
enum class DatePart { year, month, day, hour, minute, second };
OperationPointer date_part_operation(OperationPointer date, DatePart part, int offset_minutes,
                                     const std::string& source);

}  // namespace weir::expr
