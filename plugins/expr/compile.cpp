// The compiler: leaves, logic, case and cast; folding of what is constant.
#include "compile.hpp"

#include <algorithm>
#include <charconv>

#include <weir/cpp/suggest.hpp>

#include "arithmetic.hpp"
#include "cast.hpp"
#include "column.hpp"
#include "compiler.hpp"
#include "moment.hpp"
#include "nested.hpp"
#include "parser.hpp"

namespace weir::expr {
namespace {

std::string quoted_short(std::string_view name) {
  constexpr std::size_t kShown = 80;
  return "'" + std::string(name.substr(0, kShown)) + (name.size() > kShown ? "…'" : "'");
}

// Computes an operation without columns.
Constant value_of(const Operation& operation, const Syntax& syntax) {
  Frame frame;
  frame.start(0, 1);
  Vector value(frame.scratch);
  operation.run(frame, first_bits(1), value);
  if (frame.has_failures()) {
    throw Mistake{"expected a value, found " + std::string(frame.fault_of(0).reason), {}, syntax.offset, syntax.length};
  }
  Constant made{.null = !test(value.valid_of(first_bits(1)), 0)};
  if (made.null) return made;
  switch (operation.type().kind) {
    case Kind::boolean: made.boolean = test(value.truth, 0); break;
    case Kind::real: made.real = value.values<double>()[0]; break;
    case Kind::decimal: made.decimal = value.values<Int128>()[0]; break;
    case Kind::text: made.text = std::string(value.values<std::string_view>()[0]); break;
    case Kind::null: break;
    default: made.word = value.values<std::int64_t>()[0]; break;
  }
  return made;
}

// Types that cast() knows, and what they are called.
struct CastType {
  std::string_view name;
  ValueType type;
};

const std::vector<CastType>& named_types() {
  static const std::vector<CastType> kTypes = {{"int64", {.kind = Kind::integer, .precision = 19}},
                                               {"integer", {.kind = Kind::integer, .precision = 19}},
                                               {"int", {.kind = Kind::integer, .precision = 19}},
                                               {"bigint", {.kind = Kind::integer, .precision = 19}},
                                               {"double", {.kind = Kind::real}},
                                               {"float64", {.kind = Kind::real}},
                                               {"real", {.kind = Kind::real}},
                                               {"decimal", {.kind = Kind::decimal, .precision = 18, .scale = 3}},
                                               {"numeric", {.kind = Kind::decimal, .precision = 18, .scale = 3}},
                                               {"string", {.kind = Kind::text}},
                                               {"text", {.kind = Kind::text}},
                                               {"varchar", {.kind = Kind::text}},
                                               {"bool", kBoolean},
                                               {"boolean", kBoolean},
                                               {"date", {.kind = Kind::date}},
                                               {"timestamp", {.kind = Kind::timestamp, .unit = Unit::micro}},
                                               {"time", {.kind = Kind::time, .unit = Unit::micro}}};
  return kTypes;
}

// What stands in a type's parentheses, at its commas.
std::vector<std::string> arguments_of(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

bool set_decimal(ValueType& type, const std::vector<std::string>& arguments) {
  std::int32_t numbers[2] = {type.precision, arguments.empty() ? type.scale : 0};
  for (std::size_t i = 0; i < arguments.size() && i < 2; ++i) {
    const char* end = arguments[i].data() + arguments[i].size();
    const auto read = std::from_chars(arguments[i].data(), end, numbers[i]);
    if (read.ec != std::errc() || read.ptr != end) return false;
  }
  type.precision = numbers[0];
  type.scale = numbers[1];
  return arguments.size() <= 2 && type.precision >= 1 && type.precision <= kMaximumPrecision && type.scale >= 0 &&
         type.scale <= type.precision;
}

bool set_time(ValueType& type, const std::vector<std::string>& arguments) {
  static constexpr std::string_view kUnits[] = {"s", "ms", "us", "ns"};
  if (!arguments.empty()) {
    const auto* found = std::find(std::begin(kUnits), std::end(kUnits), arguments[0]);
    if (found == std::end(kUnits)) return false;
    type.unit = static_cast<Unit>(found - std::begin(kUnits));
  }
  if (arguments.size() > 1) {
    if (!Zone::named(arguments[1])) return false;
    type.zoned = true;
    type.zone = is_utc({.zone = arguments[1]}) || arguments[1] == "utc" ? "UTC" : arguments[1];
  }
  return arguments.size() <= (type.kind == Kind::timestamp ? 2U : 1U);
}

ValueType cast_type_named(const Syntax& syntax) {
  std::vector<std::string_view> names;
  for (const CastType& named : named_types()) {
    names.push_back(named.name);
    if (named.name != syntax.word) continue;
    ValueType type = named.type;
    const std::vector<std::string> arguments = arguments_of(syntax.text);
    const bool fine = type.kind == Kind::decimal                                ? set_decimal(type, arguments)
                      : type.kind == Kind::timestamp || type.kind == Kind::time ? set_time(type, arguments)
                                                                                : arguments.empty();
    if (fine) return type;
    throw Mistake{
        "expected a type, found '" + syntax.word + "(" + syntax.text + ")'",
        "decimal(38,2), timestamp(us), timestamp(us, Europe/Rome) and time(ms) are such types; digits 1 to 38, "
        "units s, ms, us, ns, zones of IANA",
        syntax.mark, syntax.word.size()};
  }
  throw Mistake{"expected a type, found '" + syntax.word + "'", name_hint(syntax.word, names, "types"), syntax.mark,
                syntax.word.size()};
}

}  // namespace

Scope Scope::of(const ArrowSchema& rows) {
  Scope scope;
  for (std::int64_t i = 0; i < rows.n_children; ++i) {
    const char* name = rows.children[i]->name;
    scope.entries.push_back({name == nullptr ? "" : name, rows.children[i], i});
  }
  return scope;
}

const Scope::Entry* Scope::find(std::string_view name) const {
  for (const Entry& entry : entries) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

void Compiler::mistake(const Syntax& at, std::string message, std::string hint) {
  throw Mistake{std::move(message), std::move(hint), at.offset, at.length};
}

bool Compiler::is_literal(const Operand& operand) {
  switch (operand.syntax->shape) {
    case Shape::integer:
    case Shape::decimal:
    case Shape::real:
    case Shape::text:
    case Shape::boolean: return true;
    default: return false;
  }
}

// "string 'country'", "an integer", "int64".
std::string Compiler::describe(const Operand& operand) const {
  switch (operand.syntax->shape) {
    case Shape::integer: return "an integer";
    case Shape::decimal:
    case Shape::real: return "a number";
    case Shape::text: return "a text";
    case Shape::boolean: return operand.syntax->negated ? "false" : "true";
    case Shape::typed_text: return "a " + operand.syntax->word;
    case Shape::interval: return "an interval";
    case Shape::column: {
      const Scope::Entry* entry = scope_.find(operand.syntax->text);
      return type_name(*entry->field) + " " + quoted_short(entry->name);
    }
    default: {
      const auto* nested = dynamic_cast<const Nested*>(operand.operation.get());
      return nested == nullptr ? name_of(operand.type()) : type_name(nested->field());
    }
  }
}

void Compiler::require_known(const Operand& operand) const {
  if (operand.kind() != Kind::other) return;
  const bool nested = dynamic_cast<const Nested*>(operand.operation.get()) != nullptr;
  const std::string name = describe(operand);
  mistake(*operand.syntax,
          "expected a " + std::string(nested ? "value" : "column") + " that expressions can look into, found " + name,
          name.starts_with("struct") ? "its members are reached with a point: name.member"
          : name.starts_with("list") ? "its items are reached with brackets: name[1]"
                                     : "of binary and interval columns they know only is null");
}

Operand Compiler::compile(const Syntax& syntax) const {
  Operand operand{made(syntax), &syntax};
  require_known(operand);
  return operand;
}

OperationPointer Compiler::condition(const Syntax& syntax) const {
  Operand operand = compile(syntax);
  if (operand.kind() == Kind::null) return null_of(kBoolean);
  if (operand.kind() != Kind::boolean) {
    mistake(syntax, "expected a condition that is true or false, found " + describe(operand),
            operand.kind() == Kind::integer ? "compare it with something: " + source_of(syntax).substr(0, 60) + " <> 0"
                                            : std::string());
  }
  return std::move(operand.operation);
}

OperationPointer Compiler::made(const Syntax& syntax) const {
  switch (syntax.shape) {
    case Shape::column: return column(syntax);
    case Shape::integer:
    case Shape::decimal:
    case Shape::real: return number(syntax);
    case Shape::text: return constant_operation({.kind = Kind::text}, {.text = syntax.text});
    case Shape::boolean: return constant_operation(kBoolean, {.boolean = !syntax.negated});
    case Shape::null: return null_of({});
    case Shape::typed_text: return typed_text(syntax);
    case Shape::logical_not:
    case Shape::logical_and:
    case Shape::logical_or: return logic(syntax);
    case Shape::is_null: return is_null(syntax);
    case Shape::choose: return folded(choose(syntax), syntax);
    case Shape::cast: return folded(cast(syntax), syntax);
    case Shape::negate: return folded(negate(syntax), syntax);
    case Shape::compare: return folded(compare(syntax), syntax);
    case Shape::between: return folded(between(syntax), syntax);
    case Shape::in: return folded(in(syntax), syntax);
    case Shape::like: return folded(like(syntax), syntax);
    case Shape::arithmetic: return folded(arithmetic(syntax), syntax);
    case Shape::concat: return folded(concat(syntax), syntax);
    case Shape::call: return folded(call(syntax), syntax);
    case Shape::interval:
      mistake(syntax, "expected a value, found an interval", "add it to a date or timestamp: day + interval 1 month");
  }
  mistake(syntax, "expected an expression, found none");
}

// True if a column stands in it, so that its value differs from row to row.
bool Compiler::has_column(const Syntax& syntax) const {
  return syntax.shape == Shape::column ||
         std::any_of(syntax.parts.begin(), syntax.parts.end(), [&](const Syntax& part) { return has_column(part); });
}

OperationPointer Compiler::folded(OperationPointer operation, const Syntax& syntax) const {
  if (operation->constant() != nullptr || operation->type().kind == Kind::other || has_column(syntax)) return operation;
  Constant value = value_of(*operation, syntax);
  return constant_operation(operation->type(), std::move(value));
}

OperationPointer Compiler::column(const Syntax& syntax) const {
  const Scope::Entry* entry = scope_.find(syntax.text);
  if (entry == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& known : scope_.entries) names.push_back(known.name);
    std::string hint = name_hint(syntax.text, names, "columns");
    const auto dotted = std::find_if(names.begin(), names.end(),
                                     [&](std::string_view name) { return name.starts_with(syntax.text + "."); });
    if (dotted != names.end())
      hint = "a column whose name holds a dot stands in double quotes: \"" + std::string(*dotted) + "\"";
    if (!syntax.word.empty() && !hint.starts_with("did you mean"))
      hint = "texts stand in single quotes, names of columns in double ones; " + hint;
    mistake(syntax, "no column " + quoted_short(syntax.text) + " in the input", std::move(hint));
  }
  if (value_type_of(*entry->field).kind == Kind::null) return null_of({});
  return column_operation(*entry->field, entry->column);
}

OperationPointer Compiler::number(const Syntax& syntax) const {
  const std::string& text = syntax.text;
  const char *begin = text.data(), *end = text.data() + text.size();
  Constant value;
  if (syntax.shape == Shape::real) {
    const auto read = std::from_chars(begin, end, value.real);
    if (read.ec != std::errc()) mistake(syntax, "expected a number that a double can hold, found " + text);
    return constant_operation({.kind = Kind::real}, std::move(value));
  }
  if (syntax.shape == Shape::integer) {
    const auto read = std::from_chars(begin, end, value.word);
    if (read.ec == std::errc()) return constant_operation({.kind = Kind::integer, .precision = 19}, std::move(value));
  }
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::int32_t scale = point == text.size() ? 0 : static_cast<std::int32_t>(text.size() - point - 1);
  std::string digits = text;
  if (scale == 0 && point < text.size()) digits.pop_back();
  if (digits.find_first_of("0123456789") > digits.find('.')) digits.insert(digits.find('.'), 1, '0');
  if (scale > kMaximumPrecision ||
      !text::parse_decimal(digits.data(), digits.data() + digits.size(), kMaximumPrecision, scale, value.decimal)) {
    mistake(syntax, "expected a number of at most 38 digits, found " + std::to_string(text.size()),
            "write it with an exponent: 1e40");
  }
  std::int32_t precision = std::max(1, scale);
  while (precision < kMaximumPrecision &&
         (value.decimal >= power_of_ten(precision) || value.decimal <= -power_of_ten(precision)))
    ++precision;
  return constant_operation({.kind = Kind::decimal, .precision = precision, .scale = scale}, std::move(value));
}

OperationPointer Compiler::typed_text(const Syntax& syntax) const {
  const bool day = syntax.word == "date";
  ValueType type{.kind = day ? Kind::date : syntax.word == "time" ? Kind::time : Kind::timestamp};
  if (!day) type.unit = Unit::nano;
  Constant value;
  // The finest unit that holds it; years beyond what 64 bits of nanoseconds hold need a coarser one.
  for (const bool zoned : {false, true}) {
    if (zoned && type.kind != Kind::timestamp) break;
    type.zoned = zoned;
    type.zone = zoned ? "UTC" : "";
    for (const Unit unit : {Unit::micro, Unit::nano, Unit::milli, Unit::second}) {
      type.unit = day ? Unit::second : unit;
      if (read_constant(syntax.text, type, value)) return constant_operation(type, std::move(value));
    }
  }
  mistake(syntax, "expected a " + syntax.word + " in quotes, found '" + syntax.text.substr(0, 60) + "'",
          day ? "write date '2024-01-31'"
          : type.kind == Kind::time
              ? "write time '12:30:00'"
              : "write timestamp '2024-01-31 12:30:00', with an offset for an instant: '2024-01-31 12:30:00Z'");
}

OperationPointer Compiler::logic(const Syntax& syntax) const {
  Operations parts;
  for (const Syntax& part : syntax.parts) parts.push_back(condition(part));
  if (syntax.shape == Shape::logical_not) return folded(not_operation(std::move(parts[0])), syntax);
  const bool either = syntax.shape == Shape::logical_or;
  return folded(either ? or_operation(std::move(parts)) : and_operation(std::move(parts)), syntax);
}

OperationPointer Compiler::is_null(const Syntax& syntax) const {
  const Syntax& inner = syntax.parts[0];
  Operand operand{made(inner), &inner};
  if (inner.shape == Shape::column && operand.kind() != Kind::null) {
    const Scope::Entry* entry = scope_.find(inner.text);
    return column_is_null(*entry->field, entry->column, syntax.negated);
  }
  if (operand.kind() == Kind::null) return constant_operation(kBoolean, {.boolean = !syntax.negated});
  return folded(is_null_operation(std::move(operand.operation), syntax.negated), syntax);
}

OperationPointer Compiler::choose(const Syntax& syntax) const {
  const std::size_t first = syntax.word.empty() ? 0 : 1;
  Operations conditions;
  std::vector<Operand> values;
  std::vector<Operand> subject;  // of one element, or none
  if (first == 1) subject.push_back(compile(syntax.parts[0]));
  std::vector<Shared> shared;
  if (first == 1 && subject[0].constant() == nullptr) shared.emplace_back(std::move(subject[0].operation));
  for (std::size_t i = first; i + 1 < syntax.parts.size(); i += 2) {
    if (first == 0) {
      conditions.push_back(condition(syntax.parts[i]));
    } else {
      Operand again{shared.empty() ? made(syntax.parts[0]) : shared[0].use(), &syntax.parts[0]};
      conditions.push_back(compared(Comparison::equal, std::move(again), compile(syntax.parts[i]), syntax.parts[i]));
    }
    values.push_back(compile(syntax.parts[i + 1]));
  }
  static const Syntax kNothing{};
  if ((syntax.parts.size() - first) % 2 == 1) {
    values.push_back(compile(syntax.parts.back()));
  } else {
    values.push_back({null_of({}), &kNothing});
  }
  const ValueType type = unify(values);
  if (type.kind == Kind::null) return null_of({});
  Operations operations;
  for (Operand& value : values) operations.push_back(std::move(value.operation));
  return choose_operation(type, std::move(conditions), std::move(operations));
}

OperationPointer Compiler::cast(const Syntax& syntax) const {
  ValueType type = cast_type_named(syntax);
  Operand operand = compile(syntax.parts[0]);
  const ValueType& from = operand.type();
  if (from.kind == Kind::timestamp && type.kind == Kind::timestamp && syntax.text.empty()) type.unit = from.unit;
  if (type.zoned && is_day_like(from.kind) && !from.zoned && !scope_.naive_zone.empty())
    operand = located(std::move(operand));
  if (const auto refusal = refused_cast(operand.type(), type))
    mistake(syntax, "can't cast " + describe(operand) + " to " + name_of(type) + refusal->why, refusal->hint);
  if (syntax.negated) return try_cast_operation(std::move(operand.operation), type);
  return cast_operation(std::move(operand.operation), type, source_of(syntax));
}

OperationPointer Compiler::negate(const Syntax& syntax) const {
  Operand operand = compile(syntax.parts[0]);
  if (operand.kind() == Kind::null) return null_of({});
  if (!is_number(operand.kind())) mistake(syntax, "expected a number after -, found " + describe(operand));
  return negate_operation(std::move(operand.operation), source_of(syntax));
}

OperationPointer compile(std::string_view text, const Scope& scope) {
  const Syntax syntax = parse(text);
  return std::move(Compiler(text, scope).compile(syntax).operation);
}

OperationPointer compile_condition(std::string_view text, const Scope& scope) {
  const Syntax syntax = parse(text);
  return Compiler(text, scope).condition(syntax);
}

}  // namespace weir::expr
