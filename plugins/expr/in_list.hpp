// `x in (…)` with a list of constants.
#pragma once

#include <vector>

#include "operation.hpp"

namespace weir::expr {

// True if the operand equals one of `values`; if it does not, null where `with_null` (a null stands in the list), else
// false. The operand is an integer or of another type held as int64 (values in `word`), or a text (values in `text`).
OperationPointer in_operation(OperationPointer operand, const std::vector<Constant>& values, bool with_null);

}  // namespace weir::expr
