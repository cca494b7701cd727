// Expressions as the host sees them.
#include "reading.hpp"

#include <algorithm>
#include <optional>

#include "cast.hpp"
#include "parser.hpp"
#include "result_column.hpp"

namespace weir::expr {
namespace {

void collect(const Syntax& syntax, std::vector<std::string>& names) {
  if (syntax.shape == Shape::column && std::find(names.begin(), names.end(), syntax.text) == names.end())
    names.push_back(syntax.text);
  for (const Syntax& part : syntax.parts) collect(part, names);
}

// A constant as one row.
struct OneRow {
  Schema schema;
  Array value;
};

class Teller {
 public:
  Teller(std::string_view expression, const Scope& scope, const ConditionSink& conditions)
      : text_(expression), scope_(scope), conditions_(conditions) {}

  // Tells what `syntax` says; false: there is more to it.
  bool tell(const Syntax& syntax) const {
    switch (syntax.shape) {
      case Shape::logical_and:
        return std::all_of(syntax.parts.begin(), syntax.parts.end(), [this](const Syntax& part) { return tell(part); });
      case Shape::is_null:
        if (!syntax.negated || syntax.parts[0].shape != Shape::column) return false;
        conditions_.put(0, syntax.parts[0].text, WEIR_IS_NOT_NULL);
        return true;
      case Shape::between: return !syntax.negated && tell_range(syntax);
      case Shape::compare: return tell_comparison(syntax);
      default: return false;
    }
  }

 private:
  struct Operator {
    std::string_view word;
    std::int32_t is, turned;  // with the column on the left, on the right
  };

  bool tell_comparison(const Syntax& syntax) const {
    static constexpr Operator kOperators[] = {{"=", WEIR_IS_EQUAL, WEIR_IS_EQUAL},
                                              {"<", WEIR_IS_LESS, WEIR_IS_GREATER},
                                              {"<=", WEIR_IS_LESS_OR_EQUAL, WEIR_IS_GREATER_OR_EQUAL},
                                              {">", WEIR_IS_GREATER, WEIR_IS_LESS},
                                              {">=", WEIR_IS_GREATER_OR_EQUAL, WEIR_IS_LESS_OR_EQUAL}};
    const auto* found = std::find_if(std::begin(kOperators), std::end(kOperators),
                                     [&](const Operator& one) { return one.word == syntax.word; });
    if (found == std::end(kOperators)) return false;
    if (syntax.parts[0].shape == Shape::column) return tell_comparison(syntax.parts[0], found->is, syntax.parts[1]);
    return tell_comparison(syntax.parts[1], found->turned, syntax.parts[0]);
  }

  bool tell_comparison(const Syntax& column, std::int32_t is, const Syntax& constant) const {
    std::optional<OneRow> row = bound(column, constant);
    if (!row) return false;
    conditions_.put(0, column.text, is, std::move(row->schema), std::move(row->value));
    return true;
  }

  bool tell_range(const Syntax& syntax) const {
    const Syntax& column = syntax.parts[0];
    std::optional<OneRow> low = bound(column, syntax.parts[1]), high = bound(column, syntax.parts[2]);
    if (!low || !high) return false;
    conditions_.put(0, column.text, WEIR_IS_GREATER_OR_EQUAL, std::move(low->schema), std::move(low->value));
    conditions_.put(0, column.text, WEIR_IS_LESS_OR_EQUAL, std::move(high->schema), std::move(high->value));
    return true;
  }

  // What the column is compared with, if it is one, and that is a constant of its kind.
  std::optional<OneRow> bound(const Syntax& column, const Syntax& constant) const {
    if (column.shape != Shape::column) return std::nullopt;
    return one_row(constant, value_type_of(*scope_.find(column.text)->field));
  }

  // The value of a part that is the same for all rows, and of the same kind as a column of `type`.
  std::optional<OneRow> one_row(const Syntax& syntax, const ValueType& type) const {
    std::vector<std::string> names;
    collect(syntax, names);
    if (!names.empty()) return std::nullopt;
    OperationPointer value = compile(text_.substr(syntax.offset, syntax.length), scope_);
    const Constant* constant = value->constant();
    const Kind kind = type.kind, found = value->type().kind;
    if (constant == nullptr || constant->null || !(found == kind || (is_number(found) && is_number(kind))))
      return std::nullopt;
    if (value->type().zoned != type.zoned) return std::nullopt;
    // Beside a double, 0.1 is the double that is nearest to it.
    if (kind == Kind::real && found == Kind::decimal) value = cast_operation(std::move(value), {.kind = kind}, {});
    Frame frame;
    frame.start(0, 1);
    ResultColumn made(value->type(), 1);
    Vector out(frame.scratch);
    value->run(frame, first_bits(1), out);
    made.append(frame, first_bits(1), out);
    return OneRow{result_field(value->type(), ""), made.finish()};
  }

  std::string_view text_;
  const Scope& scope_;
  const ConditionSink& conditions_;
};

}  // namespace

std::vector<std::string> named_columns(std::string_view expression) {
  std::vector<std::string> names;
  collect(parse(expression), names);
  return names;
}

void tell_conditions(std::string_view expression, const Scope& scope, const ConditionSink& conditions) {
  Teller(expression, scope, conditions).tell(parse(expression));
}

}  // namespace weir::expr
