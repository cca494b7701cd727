// The compiler: functions, their arguments and types.
#include <algorithm>
#include <array>

#include <weir/cpp/suggest.hpp>

#include "cast.hpp"
#include "column.hpp"
#include "compiler.hpp"
#include "functions.hpp"

namespace weir::expr {
namespace {

const ValueType kText{.kind = Kind::text};
const ValueType kInteger{.kind = Kind::integer, .precision = 19};

enum class Name {
  abs,
  ceil,
  coalesce,
  concat,
  contains,
  day,
  ends_with,
  floor,
  hour,
  length,
  lower,
  ltrim,
  minute,
  month,
  nullif,
  replace,
  round,
  rtrim,
  second,
  starts_with,
  substr,
  trim,
  upper,
  year
};

struct Function {
  std::string_view name;
  Name id;
  std::size_t least, most;  // arguments
};

constexpr std::size_t kAny = 1000;

constexpr Function kFunctions[] = {{"abs", Name::abs, 1, 1},
                                   {"ceil", Name::ceil, 1, 1},
                                   {"ceiling", Name::ceil, 1, 1},
                                   {"coalesce", Name::coalesce, 1, kAny},
                                   {"concat", Name::concat, 1, kAny},
                                   {"contains", Name::contains, 2, 2},
                                   {"day", Name::day, 1, 1},
                                   {"ends_with", Name::ends_with, 2, 2},
                                   {"floor", Name::floor, 1, 1},
                                   {"hour", Name::hour, 1, 1},
                                   {"length", Name::length, 1, 1},
                                   {"lower", Name::lower, 1, 1},
                                   {"ltrim", Name::ltrim, 1, 1},
                                   {"minute", Name::minute, 1, 1},
                                   {"month", Name::month, 1, 1},
                                   {"nullif", Name::nullif, 2, 2},
                                   {"replace", Name::replace, 3, 3},
                                   {"round", Name::round, 1, 2},
                                   {"rtrim", Name::rtrim, 1, 1},
                                   {"second", Name::second, 1, 1},
                                   {"starts_with", Name::starts_with, 2, 2},
                                   {"substr", Name::substr, 2, 3},
                                   {"substring", Name::substr, 2, 3},
                                   {"trim", Name::trim, 1, 1},
                                   {"upper", Name::upper, 1, 1},
                                   {"year", Name::year, 1, 1}};

std::string number_of(const Function& function) {
  if (function.most == kAny) return "one argument or more";
  const std::string least = std::to_string(function.least);
  const std::string counts = function.least == function.most ? least : least + " or " + std::to_string(function.most);
  return counts + (function.most == 1 ? " argument" : " arguments");
}

DatePart part_of(Name name) {
  switch (name) {
    case Name::year: return DatePart::year;
    case Name::month: return DatePart::month;
    case Name::day: return DatePart::day;
    case Name::hour: return DatePart::hour;
    case Name::minute: return DatePart::minute;
    default: return DatePart::second;
  }
}

// The minutes of a zone that is an offset, as "+02:00"; false for zones with a name, whose rules are not known here.
bool fixed_offset(const ValueType& type, int& minutes) {
  minutes = 0;
  if (!type.zoned || is_utc(type)) return true;
  const std::string& zone = type.zone;
  text::ReadTimestamp read;
  const std::string probe = "2000-01-01T00:00:00" + zone;
  if (!text::parse_timestamp(probe.data(), probe.data() + probe.size(), read)) return false;
  minutes = read.spelling.offset_minutes;
  return true;
}

// The argument as it is used where nothing but a null was given.
Operand typed(Operand operand, const ValueType& type) {
  if (operand.kind() != Kind::null) return operand;
  return {constant_operation(type, {.null = true}), operand.syntax};
}

}  // namespace

OperationPointer Compiler::text_of(Operand operand, std::string_view what) const {
  operand = typed(std::move(operand), kText);
  if (operand.kind() == Kind::text) return std::move(operand.operation);
  mistake(*operand.syntax, "expected a text " + std::string(what) + ", found " + describe(operand),
          "cast(" + source_of(*operand.syntax).substr(0, 60) + " as string) makes one" +
              (what.ends_with("||") ? "; || joins texts, or joins conditions" : ""));
}

OperationPointer Compiler::concat(const Syntax& syntax) {
  std::vector<OperationPointer> texts;
  for (const Syntax& part : syntax.parts) {
    texts.push_back(text_of(compile(part), syntax.shape == Shape::call ? "in concat()" : "on both sides of ||"));
  }
  return concat_operation(std::move(texts), source_of(syntax));
}

OperationPointer Compiler::coalesce(std::vector<Operand> operands) {
  const ValueType type = unify(operands);
  if (type.kind == Kind::null) return constant_operation({}, {.null = true});
  Operations operations;
  for (Operand& operand : operands) operations.push_back(std::move(operand.operation));
  return coalesce_operation(type, std::move(operations));
}

OperationPointer Compiler::call(const Syntax& syntax) {
  const auto* function = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& known) { return known.name == syntax.word; });
  if (function == std::end(kFunctions)) {
    std::vector<std::string_view> names;
    for (const Function& known : kFunctions) names.push_back(known.name);
    mistake(syntax, "no function '" + syntax.word.substr(0, 60) + "'", name_hint(syntax.word, names, "functions"));
  }
  const std::size_t count = syntax.parts.size();
  if (count < function->least || count > function->most) {
    mistake(syntax, "expected " + number_of(*function) + " for " + syntax.word + "(), found " + std::to_string(count));
  }
  const std::string source = source_of(syntax);
  const std::string where = "in " + syntax.word + "()";
  if (function->id == Name::concat) return concat(syntax);
  std::vector<Operand> arguments;
  for (const Syntax& part : syntax.parts) arguments.push_back(compile(part));
  const auto text = [&](std::size_t i) { return text_of(std::move(arguments[i]), where); };
  switch (function->id) {
    case Name::coalesce: return coalesce(std::move(arguments));
    case Name::nullif: return nullif(syntax, std::move(arguments));
    case Name::lower: return case_operation(text(0), false);
    case Name::upper: return case_operation(text(0), true);
    case Name::trim: return trim_operation(text(0), true, true);
    case Name::ltrim: return trim_operation(text(0), true, false);
    case Name::rtrim: return trim_operation(text(0), false, true);
    case Name::length: return length_operation(text(0));
    case Name::starts_with:
    case Name::ends_with:
    case Name::contains: {
      const Contained contained = function->id == Name::starts_with ? Contained::prefix
                                  : function->id == Name::ends_with ? Contained::suffix
                                                                    : Contained::anywhere;
      OperationPointer all = text(0);
      return contains_operation(std::move(all), text(1), contained);
    }
    case Name::replace: {
      OperationPointer all = text(0), from = text(1);
      return replace_operation(std::move(all), std::move(from), text(2), source);
    }
    case Name::substr: return substring(syntax, std::move(arguments));
    case Name::abs:
    case Name::round:
    case Name::floor:
    case Name::ceil: return numeric(syntax, std::move(arguments));
    default: return date_part(syntax, std::move(arguments[0]));
  }
}

OperationPointer Compiler::nullif(const Syntax& syntax, std::vector<Operand> arguments) {
  if (arguments[0].kind() == Kind::null) return std::move(arguments[0].operation);
  const ValueType type = arguments[0].type();
  const Shared shared(std::move(arguments[0].operation));
  Operations conditions, values;
  conditions.push_back(compared(Comparison::equal, {shared.use(), &syntax.parts[0]}, std::move(arguments[1]), syntax));
  values.push_back(constant_operation(type, {.null = true}));
  values.push_back(shared.use());
  return choose_operation(type, std::move(conditions), std::move(values));
}

OperationPointer Compiler::integer_of(Operand operand, std::string_view what) const {
  operand = typed(std::move(operand), kInteger);
  if (operand.kind() == Kind::integer) return std::move(operand.operation);
  mistake(*operand.syntax, "expected an integer " + std::string(what) + ", found " + describe(operand));
}

OperationPointer Compiler::substring(const Syntax& syntax, std::vector<Operand> arguments) {
  const std::string where = "in " + syntax.word + "()";
  OperationPointer all = text_of(std::move(arguments[0]), where);
  OperationPointer position = integer_of(std::move(arguments[1]), where);
  OperationPointer length;
  if (arguments.size() == 3) length = integer_of(std::move(arguments[2]), where);
  return substring_operation(std::move(all), std::move(position), std::move(length), source_of(syntax));
}

OperationPointer Compiler::numeric(const Syntax& syntax, std::vector<Operand> arguments) {
  if (arguments[0].kind() == Kind::null) return std::move(arguments[0].operation);
  if (!is_number(arguments[0].kind())) {
    mistake(*arguments[0].syntax, "expected a number in " + syntax.word + "(), found " + describe(arguments[0]));
  }
  const std::string source = source_of(syntax);
  if (syntax.word == "abs") return absolute_operation(std::move(arguments[0].operation), source);
  int digits = 0;
  if (arguments.size() == 2) {
    const Constant* constant = arguments[1].constant();
    const bool fine = arguments[1].kind() == Kind::integer && constant != nullptr && !constant->null &&
                      constant->word >= -38 && constant->word <= 38;
    if (!fine)
      mistake(*arguments[1].syntax,
              "expected a number of digits from -38 to 38 in round(), found " + describe(arguments[1]));
    digits = static_cast<int>(constant->word);
  }
  const Rounding rounding = syntax.word == "round"   ? Rounding::nearest
                            : syntax.word == "floor" ? Rounding::down
                                                     : Rounding::up;
  return round_operation(std::move(arguments[0].operation), rounding, digits, source);
}

OperationPointer Compiler::date_part(const Syntax& syntax, Operand operand) {
  if (operand.kind() == Kind::null) return constant_operation(kInteger, {.null = true});
  const bool clock = syntax.word == "hour" || syntax.word == "minute" || syntax.word == "second";
  if (operand.kind() != Kind::timestamp && (clock || operand.kind() != Kind::date)) {
    mistake(*operand.syntax,
            "expected a " + std::string(clock ? "" : "date or ") + "timestamp in " + syntax.word + "(), found " +
                describe(operand),
            operand.kind() == Kind::text ? "cast it: cast(" + source_of(*operand.syntax).substr(0, 60) + " as date)"
                                         : std::string());
  }
  int minutes = 0;
  if (!fixed_offset(operand.type(), minutes)) {
    mistake(*operand.syntax,
            "expected a timestamp in UTC or at a fixed offset in " + syntax.word + "(), found " + describe(operand),
            "cast it to timestamp(us, UTC): then the calendar of UTC counts");
  }
  const Name id = std::find_if(std::begin(kFunctions), std::end(kFunctions), [&](const Function& known) {
                    return known.name == syntax.word;
                  })->id;
  return date_part_operation(std::move(operand.operation), part_of(id), minutes, source_of(syntax));
}

}  // namespace weir::expr
