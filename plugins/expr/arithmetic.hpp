// Arithmetic: + - * / % and unary minus, over integers, decimals and doubles, and days added to dates.
//
//   integer op integer   int64; a result beyond 64 bits rejects the row ("integer overflow"). / cuts off the fraction
//   decimal              exact: + - keep the larger scale, * adds the scales, / rounds half away from zero to at least 6
//                        digits after the point; beyond 38 digits the row is rejected ("decimal overflow")
//   double               if either side is one
//   x / 0, x % 0         rejects the row ("division by zero"), doubles too
//   date ± integer       a date; date - date: the days between, an int64
#pragma once

#include <optional>
#include <string>

#include "operation.hpp"

namespace weir::expr {

// The type of `left op right`, for op in + - * / %; nothing if there is none. `problem` may say why.
std::optional<ValueType> arithmetic_type(char op, const ValueType& left, const ValueType& right, std::string& problem);

// `left op right`, of that type. `source` is its text, for rejects.
OperationPointer arithmetic_operation(char op, ValueType type, OperationPointer left, OperationPointer right,
                                      const std::string& source);

OperationPointer negate_operation(OperationPointer operand, const std::string& source);

}  // namespace weir::expr
