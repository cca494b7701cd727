// Mistake: what is wrong with an expression, and where in its text.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

namespace weir::expr {

// Thrown by the lexer, the parser and the compiler. `offset` and `length` are bytes of the expression's text.
struct Mistake {
  std::string message;
  std::string hint;
  std::size_t offset = 0;
  std::size_t length = 0;
};

}  // namespace weir::expr
