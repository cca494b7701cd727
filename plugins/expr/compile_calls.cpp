// The compiler: calls of functions, which the table of functions knows.
#include <algorithm>

#include <weir/cpp/suggest.hpp>

#include "call.hpp"
#include "column.hpp"
#include "function.hpp"
#include "texts.hpp"

namespace weir::expr {

OperationPointer Compiler::text_of(Operand operand, std::string_view what) const {
  if (operand.kind() == Kind::null) return constant_operation(kText, {.null = true});
  if (operand.kind() == Kind::text) return std::move(operand.operation);
  if (operand.kind() == Kind::other)
    mistake(*operand.syntax, "expected a text " + std::string(what) + ", found " + describe(operand));
  mistake(*operand.syntax, "expected a text " + std::string(what) + ", found " + describe(operand),
          "cast(" + source_of(*operand.syntax).substr(0, 60) + " as string) makes one" +
              (what.ends_with("||") ? "; || joins texts, or joins conditions" : ""));
}

OperationPointer Compiler::concat(const Syntax& syntax) const {
  Operations texts;
  for (const Syntax& part : syntax.parts) texts.push_back(text_of(compile(part), "on both sides of ||"));
  return concat_operation(std::move(texts), source_of(syntax));
}

OperationPointer Compiler::call(const Syntax& syntax) const {
  const Function* function = find_function(syntax.word);
  if (function == nullptr) {
    const std::vector<std::string_view> names = function_names();
    mistake(syntax, "no function '" + syntax.word.substr(0, 60) + "'", name_hint(syntax.word, names, "functions"));
  }
  const Arity arity = arity_of(*function);
  const std::size_t count = syntax.parts.size();
  if (count < arity.least || count > arity.most) {
    mistake(syntax, "expected " + words_of(arity) + " for " + syntax.word + "(), found " + std::to_string(count),
            "it is called as " + syntax.word + "(" + std::string(function->parameters) + ")");
  }
  std::vector<Operand> arguments;
  for (const Syntax& part : syntax.parts) {
    // An interval stands for itself, and so does what is nested: functions that want none say so.
    const bool interval = part.shape == Shape::interval;
    arguments.push_back({interval ? constant_operation({.kind = Kind::other}, {}) : made(part), &part});
  }
  Call made(*this, syntax, std::move(arguments));
  return function->make(made);
}

}  // namespace weir::expr
