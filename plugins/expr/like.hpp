// Patterns of like and ilike: % stands for any text, _ for one character, and the escape character takes the meaning from
// the one behind it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "operation.hpp"

namespace weir::expr {

// A pattern, taken apart: what stands between the %s.
class LikePattern {
 public:
  // `escape` 0: none. `ilike`: letters match in either case (as lower() has it).
  LikePattern(std::string_view pattern, char escape, bool ilike);
  bool matches(std::string_view text) const;

 private:
  struct Piece {
    std::string text;
    std::vector<std::size_t> any;  // where in `text` a _ stands: one character there, any
  };
  static std::size_t end_of_match(const Piece& piece, std::string_view text, std::size_t from);
  bool matches_folded(std::string_view text) const;

  std::vector<Piece> pieces_;
  bool ilike_;
};

// `operand like pattern`, both texts.
OperationPointer like_operation(OperationPointer operand, OperationPointer pattern, char escape, bool ilike);

}  // namespace weir::expr
