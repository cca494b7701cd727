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

  Operand compile(const Syntax& syntax) const;
  // Boolean, or a mistake; null becomes a boolean that is null.
  OperationPointer condition(const Syntax& syntax) const;

  // For the functions of the table, too.
  OperationPointer compared(Comparison comparison, Operand left, Operand right, const Syntax& syntax) const;
  // `left op right`, op being one of + - * / %.
  OperationPointer computed(char op, Operand left, Operand right, const Syntax& syntax) const;
  // `moment` moved by an interval, times `sign`.
  OperationPointer shifted(Operand moment, const Syntax& interval, int sign) const;
  // Makes all operands one type, and gives it.
  ValueType unify(std::vector<Operand>& operands) const;
  // A text, or a mistake; null becomes a text that is null.
  OperationPointer text_of(Operand operand, std::string_view what) const;
  // A text in quotes as a date, time or timestamp; a decimal as a double.
  Operand literal_as(const Operand& literal, const ValueType& type) const;
  // Throws if it is a value that can't be looked into, of which nothing but `is null` is known.
  void require_known(const Operand& operand) const;
  const Scope& scope() const { return scope_; }
  // Words for mistakes.
  std::string source_of(const Syntax& syntax) const { return std::string(text_.substr(syntax.offset, syntax.length)); }
  std::string describe(const Operand& operand) const;
  [[noreturn]] static void mistake(const Syntax& at, std::string message, std::string hint = {});

 private:
  // compile.cpp
  OperationPointer made(const Syntax& syntax) const;
  OperationPointer column(const Syntax& syntax) const;
  OperationPointer number(const Syntax& syntax) const;
  OperationPointer typed_text(const Syntax& syntax) const;
  OperationPointer logic(const Syntax& syntax) const;
  OperationPointer is_null(const Syntax& syntax) const;
  OperationPointer choose(const Syntax& syntax) const;
  OperationPointer cast(const Syntax& syntax) const;
  OperationPointer negate(const Syntax& syntax) const;
  OperationPointer folded(OperationPointer operation, const Syntax& syntax) const;
  bool has_column(const Syntax& syntax) const;

  // compile_pairs.cpp
  OperationPointer compare(const Syntax& syntax) const;
  OperationPointer between(const Syntax& syntax) const;
  OperationPointer in(const Syntax& syntax) const;
  OperationPointer like(const Syntax& syntax) const;
  OperationPointer arithmetic(const Syntax& syntax) const;
  void make_comparable(Operand& left, Operand& right, const Syntax& syntax) const;
  ValueType common_type(const std::vector<Operand>& operands) const;
  Operand converted(Operand operand, const ValueType& type) const;

  // compile_moments.cpp
  OperationPointer shift(const Syntax& syntax) const;
  // A date or timestamp without zone as an instant, by the zone that `times: naive` names. Precondition: it names one.
  Operand located(Operand moment) const;
  void make_comparable_times(Operand& left, Operand& right, const Syntax& syntax) const;

  // compile_calls.cpp
  OperationPointer call(const Syntax& syntax) const;
  OperationPointer concat(const Syntax& syntax) const;

  static bool is_literal(const Operand& operand);

  std::string_view text_;
  const Scope& scope_;
};

}  // namespace weir::expr
