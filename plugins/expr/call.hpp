// Call: what the maker of a function's operation is given: the arguments of one call, compiled, and the words for mistakes.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler.hpp"
#include "nested.hpp"
#include "rowwise.hpp"

namespace weir::expr {

class Call {
 public:
  Call(const Compiler& compiler, const Syntax& syntax, std::vector<Operand> arguments)
      : compiler_(compiler), syntax_(syntax), arguments_(std::move(arguments)) {}

  std::size_t count() const { return arguments_.size(); }
  Kind kind(std::size_t i) const { return arguments_[i].kind(); }
  const ValueType& type(std::size_t i) const { return arguments_[i].type(); }
  const Syntax& syntax(std::size_t i) const { return *arguments_[i].syntax; }

  // Argument i, once: as it is; as a text, an integer, a condition, a double made of any number. A null becomes one of the
  // type; another type is a mistake.
  OperationPointer take(std::size_t i) { return take_operand(i).operation; }
  Operand take_operand(std::size_t i) {
    compiler_.require_known(arguments_[i]);
    return std::move(arguments_[i]);
  }
  OperationPointer text(std::size_t i);
  OperationPointer integer(std::size_t i);
  OperationPointer truth(std::size_t i);
  OperationPointer real(std::size_t i);
  // An integer, decimal or double, as it is; a null stays one without a type.
  OperationPointer number(std::size_t i);
  // The nested value that argument i is, or null.
  std::unique_ptr<const Nested> nested(std::size_t i) const;
  // Argument i as a value of the type, where no digit is lost; a mistake if it is another.
  OperationPointer as(std::size_t i, const ValueType& wanted);
  // All arguments from `first` on, made one type, which `type` gets; it is Kind::null if all are null.
  Operations unified(std::size_t first, ValueType& type);

  // The constant that argument i must be; `wanted` says so, as in "a part such as 'month'".
  const std::string& constant_text(std::size_t i, std::string_view wanted) const;
  std::int64_t constant_integer(std::size_t i, std::int64_t least, std::int64_t most, std::string_view wanted) const;

  const Compiler& compiler() const { return compiler_; }
  const Syntax& syntax() const { return syntax_; }
  // Argument i in words: "string 'country'".
  std::string described(std::size_t i) const { return compiler_.describe(arguments_[i]); }
  // "in lower()".
  std::string where() const { return "in " + syntax_.word + "()"; }
  std::string source() const { return compiler_.source_of(syntax_); }
  Fault fault(std::string_view reason) const { return fault_in(reason, source()); }
  // "expected `wanted` in name(), found …", at argument i.
  [[noreturn]] void unexpected(std::size_t i, std::string_view wanted, std::string hint = {}) const;
  // The same, of a text that is the wrong one.
  [[noreturn]] void unexpected_word(std::size_t i, std::string_view wanted, std::string hint = {}) const;

 private:
  const Compiler& compiler_;
  const Syntax& syntax_;
  std::vector<Operand> arguments_;
};

}  // namespace weir::expr
