// Arguments of calls, as functions want them.
#include "call.hpp"

#include "cast.hpp"
#include "column.hpp"

namespace weir::expr {
namespace {

[[noreturn]] void mistake_of(const Call& call, std::size_t i, std::string_view wanted, const std::string& found,
                             std::string hint = {}) {
  Compiler::mistake(call.syntax(i), "expected " + std::string(wanted) + " " + call.where() + ", found " + found,
                    std::move(hint));
}

}  // namespace

OperationPointer Call::text(std::size_t i) { return compiler_.text_of(std::move(arguments_[i]), where()); }

OperationPointer Call::integer(std::size_t i) {
  if (kind(i) == Kind::null) return null_of(kInteger);
  if (kind(i) != Kind::integer) unexpected(i, "an integer");
  return take(i);
}

OperationPointer Call::truth(std::size_t i) {
  if (kind(i) == Kind::null) return null_of(kBoolean);
  if (kind(i) != Kind::boolean) unexpected(i, "a condition that is true or false");
  return take(i);
}

OperationPointer Call::number(std::size_t i) {
  if (kind(i) != Kind::null && !is_number(kind(i))) unexpected(i, "a number");
  return take(i);
}

OperationPointer Call::real(std::size_t i) {
  if (kind(i) == Kind::null) return null_of(kReal);
  return cast_operation(number(i), kReal, source());
}

std::unique_ptr<const Nested> Call::nested(std::size_t i) const {
  const Operand& operand = arguments_[i];
  if (const auto* known = dynamic_cast<const Nested*>(operand.operation.get()))
    return std::make_unique<Nested>(known->field(), known->source(), known->steps());
  if (operand.syntax->shape != Shape::column) return nullptr;
  const Scope::Entry* entry = compiler_.scope().find(operand.syntax->text);
  return std::make_unique<Nested>(*entry->field, entry->column, std::vector<NestedStep>());
}

OperationPointer Call::as(std::size_t i, const ValueType& wanted) {
  const ValueType& has = type(i);
  if (has.kind == Kind::null) return null_of(wanted);
  const bool literal = syntax(i).shape == Shape::text && is_temporal(wanted.kind);
  if (literal) return cast_operation(compiler_.literal_as(arguments_[i], wanted).operation, wanted, source());
  const bool widens = is_number(has.kind) && is_number(wanted.kind) &&
                      (wanted.kind == Kind::real || (has.kind != Kind::real && has.scale <= wanted.scale));
  const bool fine = has.kind == wanted.kind && has.zoned == wanted.zoned && has.scale <= wanted.scale;
  if (!widens && !fine) unexpected(i, "a value of type " + name_of(wanted));
  return cast_operation(take(i), wanted, source());
}

Operations Call::unified(std::size_t first, ValueType& type) {
  std::vector<Operand> operands;
  for (std::size_t i = first; i < arguments_.size(); ++i) operands.push_back(take_operand(i));
  type = compiler_.unify(operands);
  Operations operations;
  for (Operand& operand : operands) operations.push_back(std::move(operand.operation));
  return operations;
}

const std::string& Call::constant_text(std::size_t i, std::string_view wanted) const {
  const Constant* constant = arguments_[i].constant();
  if (kind(i) != Kind::text || constant == nullptr || constant->null) unexpected(i, wanted);
  return constant->text;
}

std::int64_t Call::constant_integer(std::size_t i, std::int64_t least, std::int64_t most,
                                    std::string_view wanted) const {
  const Constant* constant = arguments_[i].constant();
  const bool fine = kind(i) == Kind::integer && constant != nullptr && !constant->null && constant->word >= least &&
                    constant->word <= most;
  if (!fine && kind(i) == Kind::integer && constant != nullptr && !constant->null)
    mistake_of(*this, i, wanted, std::to_string(constant->word));
  if (!fine) unexpected(i, wanted);
  return constant->word;
}

void Call::unexpected(std::size_t i, std::string_view wanted, std::string hint) const {
  mistake_of(*this, i, wanted, described(i), std::move(hint));
}

void Call::unexpected_word(std::size_t i, std::string_view wanted, std::string hint) const {
  mistake_of(*this, i, wanted, "'" + arguments_[i].constant()->text.substr(0, 60) + "'", std::move(hint));
}

}  // namespace weir::expr
