// The compiler's parts: one class, whose functions stand in compile.cpp (leaves, logic), compile_pairs.cpp (comparisons, in,
// arithmetic: what makes two types one) and compile_calls.cpp (functions).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compare.hpp"
#include "compile.hpp"
#include "logic.hpp"
#include "syntax.hpp"

namespace weir::expr {

// An operation and what it was made from.
struct Operand {
  OperationPointer operation;
  const Syntax* syntax;

  const ValueType& type() const { return operation->type(); }
  Kind kind() const { return operation->type().kind; }
  const Constant* constant() const { return operation->constant(); }
};

class Compiler {
 public:
  Compiler(std::string_view text, const Scope& scope) : text_(text), scope_(scope) {}

  Operand compile(const Syntax& syntax);
  // Boolean, or a mistake; null becomes a boolean that is null.
  OperationPointer condition(const Syntax& syntax);

 private:
  // compile.cpp
  OperationPointer made(const Syntax& syntax);
  OperationPointer column(const Syntax& syntax) const;
  OperationPointer number(const Syntax& syntax) const;
  OperationPointer typed_text(const Syntax& syntax) const;
  OperationPointer logic(const Syntax& syntax);
  OperationPointer is_null(const Syntax& syntax);
  OperationPointer choose(const Syntax& syntax);
  OperationPointer cast(const Syntax& syntax);
  OperationPointer negate(const Syntax& syntax);
  OperationPointer folded(OperationPointer operation, const Syntax& syntax) const;
  bool has_column(const Syntax& syntax) const;
  // Whether the operation can be looked into; throws if it is a column of which nothing but `is null` is known.
  void require_known(const Operand& operand) const;

  // compile_pairs.cpp
  OperationPointer compare(const Syntax& syntax);
  OperationPointer between(const Syntax& syntax);
  OperationPointer in(const Syntax& syntax);
  OperationPointer like(const Syntax& syntax);
  OperationPointer arithmetic(const Syntax& syntax);
  OperationPointer compared(Comparison comparison, Operand left, Operand right, const Syntax& syntax);
  void make_comparable(Operand& left, Operand& right, const Syntax& syntax) const;
  void make_comparable_times(Operand& left, Operand& right, const Syntax& syntax) const;
  Operand literal_as(const Operand& literal, const ValueType& type) const;
  // Makes all operands one type, and gives it.
  ValueType unify(std::vector<Operand>& operands) const;
  ValueType common_type(const std::vector<Operand>& operands) const;
  Operand converted(Operand operand, const ValueType& type) const;

  // compile_calls.cpp
  OperationPointer call(const Syntax& syntax);
  OperationPointer concat(const Syntax& syntax);
  OperationPointer coalesce(std::vector<Operand> operands);
  OperationPointer nullif(const Syntax& syntax, std::vector<Operand> arguments);
  OperationPointer substring(const Syntax& syntax, std::vector<Operand> arguments);
  OperationPointer numeric(const Syntax& syntax, std::vector<Operand> arguments);
  OperationPointer date_part(const Syntax& syntax, Operand operand);
  OperationPointer integer_of(Operand operand, std::string_view what) const;
  // A text, or a mistake; null becomes a text that is null.
  OperationPointer text_of(Operand operand, std::string_view what) const;

  // Words for mistakes.
  std::string source_of(const Syntax& syntax) const { return std::string(text_.substr(syntax.offset, syntax.length)); }
  std::string describe(const Operand& operand) const;
  static bool is_literal(const Operand& operand);
  [[noreturn]] static void mistake(const Syntax& at, std::string message, std::string hint = {});

  std::string_view text_;
  const Scope& scope_;
};

}  // namespace weir::expr
