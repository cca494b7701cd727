// Call: what a text such as `sum(amount)` asks for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <weir/weir.hpp>

namespace weir::aggregate {

enum class Function { count, count_distinct, sum, avg, min, max, first, last };

struct Call {
  Function function = Function::count;
  std::int64_t column = -1;  // of the input; -1: count(), of rows
};

// Reads the text of the option at `option`, by the rules of names that expressions have. Throws a Failure with the place in the
// text where it is no function of a column, or of one whose type it is not for.
Call read_call(std::string_view text, const ArrowSchema& input, const std::string& option);

}  // namespace weir::aggregate
