// The compiler: where two or more values must get along.
#include <algorithm>

#include "arithmetic.hpp"
#include "cast.hpp"
#include "column.hpp"
#include "compiler.hpp"
#include "in_list.hpp"
#include "like.hpp"
#include "moment.hpp"

namespace weir::expr {
namespace {

OperationPointer unknown_condition() { return constant_operation(kBoolean, {.null = true}); }

Comparison comparison_of(std::string_view word) {
  if (word == "=") return Comparison::equal;
  if (word == "<>") return Comparison::different;
  if (word == "<") return Comparison::less;
  if (word == "<=") return Comparison::less_equal;
  return word == ">" ? Comparison::greater : Comparison::greater_equal;
}

std::string example_of(const ValueType& type) {
  if (type.kind == Kind::date) return "2024-01-31";
  if (type.kind == Kind::time) return "12:30:00";
  return type.zoned ? "2024-01-31 12:30:00Z" : "2024-01-31 12:30:00";
}

}  // namespace

// A text in quotes as a date, time or timestamp; a decimal as a double.
Operand Compiler::literal_as(const Operand& literal, const ValueType& type) const {
  Constant value;
  if (type.kind == Kind::real) {
    const std::string& text = literal.syntax->text;
    std::string digits = text.front() == '.' ? "0" + text : text;
    value.real = std::strtod(digits.c_str(), nullptr);
    return {constant_operation(type, std::move(value)), literal.syntax};
  }
  for (const ValueType& tried :
       {type, ValueType{.kind = type.kind, .unit = Unit::nano, .zoned = type.zoned, .zone = type.zone}}) {
    if (read_constant(literal.syntax->text, tried, value))
      return {constant_operation(tried, std::move(value)), literal.syntax};
  }
  if (is_day_like(type.kind)) {
    // Beside a date a whole timestamp will do, and the reverse; UTC needs no offset.
    for (const Kind kind : {Kind::date, Kind::timestamp}) {
      const ValueType tried{.kind = kind, .unit = Unit::nano};
      const bool place = !scope_.naive_zone.empty();
      const bool allowed = !type.zoned || is_utc(type) || place;
      if (allowed && read_constant(literal.syntax->text, tried, value)) {
        ValueType made = tried;
        if (type.zoned && place) {
          OperationPointer there = located({constant_operation(made, std::move(value)), literal.syntax}).operation;
          return {folded(std::move(there), *literal.syntax), literal.syntax};
        }
        if (kind == Kind::timestamp && type.zoned) {
          made.zoned = true;
          made.zone = type.zone;
        }
        return {constant_operation(made, std::move(value)), literal.syntax};
      }
    }
  }
  mistake(*literal.syntax, "expected a " +
                               std::string(type.kind == Kind::date   ? "date"
                                           : type.kind == Kind::time ? "time"
                                                                     : "timestamp") +
                               " such as '" + example_of(type) + "', found '" + literal.syntax->text.substr(0, 60) +
                               "'");
}

// Precondition: neither is null.
void Compiler::make_comparable(Operand& left, Operand& right, const Syntax& syntax) const {
  const auto adapt = [&](Operand& literal, const Operand& other) {
    const Shape shape = literal.syntax->shape;
    if (shape == Shape::text && is_temporal(other.kind()) && other.kind() != Kind::duration) {
      literal = literal_as(literal, other.type());
    } else if (shape == Shape::decimal && other.kind() == Kind::real) {
      literal = literal_as(literal, other.type());
    }
  };
  adapt(left, right);
  adapt(right, left);
  const Kind a = left.kind(), b = right.kind();
  if (is_day_like(a) && is_day_like(b)) return make_comparable_times(left, right, syntax);
  if (a == b || (is_number(a) && is_number(b))) return;
  std::string hint;
  const Operand& literal = is_literal(left) ? left : right;
  const Operand& other = is_literal(left) ? right : left;
  if (is_literal(literal) && other.kind() == Kind::text && is_number(literal.kind())) {
    hint = "put it in quotes: '" + literal.syntax->text + "', or cast the column: cast(" +
           source_of(*other.syntax).substr(0, 60) + " as " + (literal.kind() == Kind::integer ? "int64" : "double") +
           ")";
  } else if (literal.syntax->shape == Shape::text && is_number(other.kind())) {
    hint = "write the number without quotes; names of columns stand in double ones";
  }
  const std::string from = describe(left), to = describe(right);
  mistake(syntax, "can't compare " + from + " with " + to, std::move(hint));
}

OperationPointer Compiler::compared(Comparison comparison, Operand left, Operand right, const Syntax& syntax) const {
  if (left.kind() == Kind::null || right.kind() == Kind::null) return unknown_condition();
  make_comparable(left, right, syntax);
  for (const Operand* side : {&left, &right}) {
    if (side->constant() != nullptr && side->constant()->null) return unknown_condition();
  }
  return compare_operation(comparison, std::move(left.operation), std::move(right.operation));
}

OperationPointer Compiler::compare(const Syntax& syntax) const {
  Operand left = compile(syntax.parts[0]);
  return compared(comparison_of(syntax.word), std::move(left), compile(syntax.parts[1]), syntax);
}

OperationPointer Compiler::between(const Syntax& syntax) const {
  Operand value = compile(syntax.parts[0]);
  Operand low = compile(syntax.parts[1]), high = compile(syntax.parts[2]);
  Operations both;
  if (value.operation->column() >= 0 || value.constant() != nullptr) {
    both.push_back(compared(Comparison::greater_equal, compile(syntax.parts[0]), std::move(low), syntax));
    both.push_back(compared(Comparison::less_equal, std::move(value), std::move(high), syntax));
  } else {
    const Shared shared(std::move(value.operation));
    both.push_back(compared(Comparison::greater_equal, {shared.use(), value.syntax}, std::move(low), syntax));
    both.push_back(compared(Comparison::less_equal, {shared.use(), value.syntax}, std::move(high), syntax));
  }
  OperationPointer made = and_operation(std::move(both));
  return syntax.negated ? not_operation(std::move(made)) : std::move(made);
}

OperationPointer Compiler::in(const Syntax& syntax) const {
  Operand value = compile(syntax.parts[0]);
  if (value.kind() == Kind::null) {
    for (std::size_t i = 1; i < syntax.parts.size(); ++i) compile(syntax.parts[i]);
    return unknown_condition();
  }
  const ValueType type = value.type();
  std::vector<Constant> known;
  std::vector<Operand> others;
  bool with_null = false;
  for (std::size_t i = 1; i < syntax.parts.size(); ++i) {
    Operand item = compile(syntax.parts[i]);
    if (item.kind() == Kind::null || (item.constant() != nullptr && item.constant()->null)) {
      with_null = true;
      continue;
    }
    Operand self{constant_operation(type, {}), value.syntax};
    make_comparable(self, item, syntax.parts[i]);
    const ValueType& found = item.type();
    const bool same = item.constant() != nullptr && (type.kind == Kind::text || is_word(type.kind)) &&
                      found.kind == type.kind && (type.kind == Kind::text || found.unit == type.unit);
    if (same) {
      known.push_back(*item.constant());
    } else {
      others.push_back(std::move(item));
    }
  }
  Operations any;
  if (known.empty() && others.empty()) any.push_back(unknown_condition());
  if (others.empty() && !known.empty()) {
    any.push_back(in_operation(std::move(value.operation), known, with_null));
  } else if (!others.empty()) {
    const Shared shared(std::move(value.operation));
    if (!known.empty()) any.push_back(in_operation(shared.use(), known, with_null));
    for (Operand& item : others)
      any.push_back(compare_operation(Comparison::equal, shared.use(), std::move(item.operation)));
    if (known.empty() && with_null) any.push_back(unknown_condition());
  }
  OperationPointer made = any.size() == 1 ? std::move(any[0]) : or_operation(std::move(any));
  return syntax.negated ? not_operation(std::move(made)) : std::move(made);
}

OperationPointer Compiler::like(const Syntax& syntax) const {
  Operand value = compile(syntax.parts[0]), pattern = compile(syntax.parts[1]);
  if (value.kind() == Kind::null || pattern.kind() == Kind::null) return unknown_condition();
  for (const Operand* side : {&value, &pattern}) {
    if (side->kind() != Kind::text) {
      mistake(*side->syntax, "expected a text " + std::string(side == &value ? "before " : "after ") + syntax.word +
                                 ", found " + describe(*side));
    }
  }
  const char escape = syntax.text.empty() ? '\0' : syntax.text[0];
  OperationPointer made =
      like_operation(std::move(value.operation), std::move(pattern.operation), escape, syntax.word == "ilike");
  return syntax.negated ? not_operation(std::move(made)) : std::move(made);
}

OperationPointer Compiler::arithmetic(const Syntax& syntax) const {
  if (syntax.parts[0].shape == Shape::interval || syntax.parts[1].shape == Shape::interval) return shift(syntax);
  Operand left = compile(syntax.parts[0]);
  return computed(syntax.word[0], std::move(left), compile(syntax.parts[1]), syntax);
}

OperationPointer Compiler::computed(char op, Operand left, Operand right, const Syntax& syntax) const {
  if (left.kind() == Kind::null && right.kind() == Kind::null) return constant_operation({}, {.null = true});
  for (Operand* literal : {&left, &right}) {
    const Operand& other = literal == &left ? right : left;
    if (literal->syntax->shape == Shape::decimal && other.kind() == Kind::real)
      *literal = literal_as(*literal, other.type());
    if (literal->kind() == Kind::null)
      *literal =
          converted(std::move(*literal),
                    other.kind() == Kind::date ? ValueType{.kind = Kind::integer, .precision = 19} : other.type());
  }
  std::string problem;
  const auto type = arithmetic_type(op, left.type(), right.type(), problem);
  if (type)
    return arithmetic_operation(op, *type, std::move(left.operation), std::move(right.operation), source_of(syntax));
  if (!problem.empty()) mistake(syntax, problem, "cast the factors to fewer digits, or to double");
  std::string hint;
  if (op == '+' && left.kind() == Kind::text && right.kind() == Kind::text) hint = "texts are joined by ||";
  mistake(syntax,
          "expected numbers on both sides of " + std::string(1, op) + ", found " + describe(left) + " and " +
              describe(right),
          hint);
}

Operand Compiler::converted(Operand operand, const ValueType& type) const {
  return {cast_operation(std::move(operand.operation), type, source_of(*operand.syntax)), operand.syntax};
}

ValueType Compiler::common_type(const std::vector<Operand>& operands) const {
  const Operand* first = nullptr;
  ValueType type;
  for (const Operand& operand : operands) {
    const ValueType& next = operand.type();
    if (next.kind == Kind::null) continue;
    if (first == nullptr) {
      first = &operand;
      type = next;
      continue;
    }
    if (is_number(type.kind) && is_number(next.kind)) {
      if (next.kind == Kind::real || type.kind == Kind::real) {
        type = {.kind = Kind::real};
      } else if (next.kind == Kind::decimal || type.kind == Kind::decimal) {
        const std::int32_t scale = std::max(type.scale, next.scale);
        const std::int32_t whole = std::max(type.precision - type.scale, next.precision - next.scale);
        type = {.kind = Kind::decimal, .precision = std::min(whole + scale, kMaximumPrecision), .scale = scale};
      }
    } else if (is_day_like(type.kind) && is_day_like(next.kind) && type.zoned == next.zoned) {
      if (next.kind == Kind::timestamp && (type.kind == Kind::date || next.unit > type.unit)) type = next;
    } else if (type != next && !(type.kind == next.kind && type.kind == Kind::time)) {
      mistake(*operand.syntax, "expected values of one type, found " + describe(*first) + " and " + describe(operand),
              "cast one of them: cast(… as " + name_of(type) + ")");
    } else if (type.unit < next.unit) {
      type = next;
    }
  }
  return type;
}

ValueType Compiler::unify(std::vector<Operand>& operands) const {
  const ValueType type = common_type(operands);
  if (type.kind == Kind::null) return type;
  for (Operand& operand : operands) {
    const bool literal =
        operand.syntax->shape == Shape::decimal && type.kind == Kind::real && operand.constant() != nullptr;
    operand = literal ? literal_as(operand, type) : converted(std::move(operand), type);
  }
  return type;
}

}  // namespace weir::expr
