// What an expression reads, and what is known of the rows for which it is true: for weir.reads/1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

#include "compile.hpp"

namespace weir::expr {

// The columns that are named in the expression, each once. Precondition: it compiles.
std::vector<std::string> named_columns(std::string_view expression);

// Tells the conditions that every row meets for which `expression` is true: its parts that are joined by `and`, if they
// compare a column with a constant of its kind. Ends at the first part that is anything else: it may reject a row, and what
// is told after it could take that row away before. Precondition: the expression compiles in `scope`.
void tell_conditions(std::string_view expression, const Scope& scope, const ConditionSink& conditions);

}  // namespace weir::expr
