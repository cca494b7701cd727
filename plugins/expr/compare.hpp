// Comparisons: = <> < <= > >= over every pair of types that compare, exactly.
//
// Numbers compare by their value, without rounding: an int64 beyond 2^53 is not equal to the nearest double. NaN is equal
// to nothing, less than nothing, and different from everything. Texts compare byte by byte, which is the order of their
// code points. A date counts as its first instant beside a timestamp. false is less than true.
#pragma once

#include <memory>

#include "operation.hpp"

namespace weir::expr {

enum class Comparison { equal, different, less, less_equal, greater, greater_equal };

// The comparison with its sides exchanged.
Comparison mirrored(Comparison comparison);

// `left comparison right`; null where either is null. The types compare: both numbers; both text; both boolean; both time;
// both duration; or date and timestamp in any combination.
OperationPointer compare_operation(Comparison comparison, OperationPointer left, OperationPointer right);

// -1, 0 or 1, exactly: a × 10^-scale against b, which is not NaN.
int compare_exactly(Int128 value, std::int32_t scale, double real);
int compare_exactly(Int128 a, std::int32_t a_scale, Int128 b, std::int32_t b_scale);

}  // namespace weir::expr
