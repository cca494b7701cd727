// The compiler: intervals, and moments with and without a zone side by side.
#include <algorithm>
#include <charconv>

#include "cast.hpp"
#include "column.hpp"
#include "compiler.hpp"
#include "letters.hpp"
#include "moment.hpp"

namespace weir::expr {
namespace {

constexpr std::string_view kUnits = "microsecond, millisecond, second, minute, hour, day, week, month, quarter, year";

// One amount of an interval.
struct Step {
  std::int64_t amount;
  DatePart part;
};

std::optional<DatePart> unit_named(std::string_view name) {
  const auto part = date_part_named(lowered(name));
  return part && *part <= DatePart::century ? part : std::nullopt;
}

// '1 year 2 days': nothing if it is not spelt so.
std::vector<Step> steps_of(std::string_view text) {
  std::vector<Step> steps;
  const auto skip = [&] { text.remove_prefix(std::min(text.find_first_not_of(' '), text.size())); };
  for (skip(); !text.empty(); skip()) {
    Step step{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), step.amount);
    if (read.ec != std::errc()) return {};
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    skip();
    const auto unit = unit_named(text.substr(0, text.find(' ')));
    if (!unit) return {};
    step.part = *unit;
    text.remove_prefix(std::min(text.find(' '), text.size()));
    steps.push_back(step);
  }
  // Months first, then days, then hours: a month is as long as the one that it is added to.
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.part > b.part; });
  return steps;
}

OperationPointer integer_constant(std::int64_t value) { return constant_operation(kInteger, {.word = value}); }

}  // namespace

OperationPointer Compiler::shift(const Syntax& syntax) const {
  const bool turned = syntax.parts[0].shape == Shape::interval;
  const Syntax& interval = syntax.parts[turned ? 0 : 1];
  const Syntax& other = syntax.parts[turned ? 1 : 0];
  const bool fine = syntax.word == "+" || (syntax.word == "-" && !turned);
  if (!fine || other.shape == Shape::interval) {
    mistake(syntax, "expected a date or timestamp + or - an interval, found " +
                        std::string(turned ? "an interval " : "") + syntax.word + (turned ? "" : " an interval"));
  }
  return shifted(compile(other), interval, syntax.word == "-" ? -1 : 1);
}

OperationPointer Compiler::shifted(Operand moment, const Syntax& interval, int sign) const {
  if (moment.kind() == Kind::null) return std::move(moment.operation);
  if (!is_day_like(moment.kind()))
    mistake(*moment.syntax, "expected a date or timestamp beside an interval, found " + describe(moment));
  if (!Clock::of(moment.type())) {
    mistake(*moment.syntax,
            "expected a timestamp of a zone that this machine knows beside an interval, found " + describe(moment),
            "install tzdata, or cast it to timestamp(us, UTC)");
  }
  const std::string source = source_of(interval);
  std::vector<Step> steps;
  if (interval.parts.empty()) {
    steps = steps_of(interval.text);
    if (steps.empty())
      mistake(interval, "expected an interval such as '1 month 2 days', found '" + interval.text.substr(0, 60) + "'",
              "the units are " + std::string(kUnits));
  } else {
    const auto unit = unit_named(interval.word);
    if (!unit) {
      throw Mistake{"expected a unit such as 'month', found '" + interval.word.substr(0, 60) + "'",
                    "the units are " + std::string(kUnits), interval.mark, interval.word.size()};
    }
    Operand amount = compile(interval.parts[0]);
    if (amount.kind() == Kind::null) amount.operation = constant_operation(kInteger, {.null = true});
    if (amount.syntax->shape == Shape::text)
      amount.operation = cast_operation(std::move(amount.operation), kInteger, source);
    if (amount.kind() != Kind::integer)
      mistake(*amount.syntax, "expected an integer in an interval, found " + describe(amount));
    return shifted_operation(std::move(moment.operation), std::move(amount.operation), *unit, sign, source);
  }
  OperationPointer made = std::move(moment.operation);
  for (const Step& step : steps)
    made = shifted_operation(std::move(made), integer_constant(step.amount), step.part, sign, source);
  return made;
}

Operand Compiler::located(Operand moment) const {
  const auto zone = Zone::named(scope_.naive_zone);
  return {instant_operation(std::move(moment.operation), *zone, scope_.naive_zone, source_of(*moment.syntax)),
          moment.syntax};
}

void Compiler::make_comparable_times(Operand& left, Operand& right, const Syntax& syntax) const {
  const bool fine = left.type().zoned == right.type().zoned;
  if (fine) return;
  Operand& plain = left.type().zoned ? right : left;
  const ValueType& zoned = left.type().zoned ? left.type() : right.type();
  if (!scope_.naive_zone.empty()) {
    plain = located(std::move(plain));
    return;
  }
  if (plain.kind() == Kind::date && is_utc(zoned)) return;
  mistake(syntax,
          "can't compare " + describe(left) + " with " + describe(right) + ": one is an instant, the other has no zone",
          "name the zone of times without one in the manifest, times: { naive: Europe/Rome }, or write at time zone "
          "'Europe/Rome'");
}

}  // namespace weir::expr
