// Functions that choose among their arguments.
#include <cmath>

#include "call.hpp"
#include "cast.hpp"
#include "column.hpp"
#include "compare.hpp"
#include "function.hpp"

namespace weir::expr {
namespace {

OperationPointer untyped_null() { return constant_operation({}, {.null = true}); }

OperationPointer make_coalesce(Call& call) {
  ValueType type;
  Operations operations = call.unified(0, type);
  return type.kind == Kind::null ? untyped_null() : coalesce_operation(type, std::move(operations));
}

OperationPointer make_nullif(Call& call) {
  if (call.kind(0) == Kind::null) return call.take(0);
  const ValueType type = call.type(0);
  const Shared shared(call.take(0));
  Operations conditions, values;
  conditions.push_back(call.compiler().compared(Comparison::equal, {shared.use(), &call.syntax(0)},
                                                call.take_operand(1), call.syntax()));
  values.push_back(constant_operation(type, {.null = true}));
  values.push_back(shared.use());
  return choose_operation(type, std::move(conditions), std::move(values));
}

OperationPointer make_if(Call& call) {
  ValueType type;
  Operations conditions;
  conditions.push_back(call.truth(0));
  Operations values = call.unified(1, type);
  if (type.kind == Kind::null) return untyped_null();
  if (values.size() == 1) values.push_back(constant_operation(type, {.null = true}));
  return choose_operation(type, std::move(conditions), std::move(values));
}

// The least or greatest of several values, of those that are not null. NaN is greater than all numbers.
template <class T>
class Extreme final : public Operation {
 public:
  Extreme(ValueType type, Operations operands, bool greatest)
      : Operation(std::move(type)), operands_(std::move(operands)), greatest_(greatest) {}

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    T* to = out.make<T>();
    if constexpr (!std::is_same_v<T, std::string_view>) std::memset(to, 0, sizeof(T) * kChunkRows);
    Bits known = no_bits();
    for (const auto& operand : operands_) {
      Vector value(frame.scratch);
      operand->run(frame, live, value);
      const Bits rows = value.valid_of(live);
      const T* from = value.values<T>();
      for_each(rows - known, [&](int row) { to[row] = from[row]; });
      for_each(rows & known, [&](int row) {
        if (greatest_ ? before(to[row], from[row]) : before(from[row], to[row])) to[row] = from[row];
      });
      known = known | rows;
    }
    out.set_valid(known);
  }

 private:
  static bool before(const T& a, const T& b) {
    if constexpr (std::is_same_v<T, double>) {
      if (std::isnan(a)) return false;
      return std::isnan(b) || a < b;
    } else {
      return a < b;
    }
  }

  Operations operands_;
  bool greatest_;
};

// Of booleans: as 0 and 1.
OperationPointer extreme_of_truths(Operations operands, bool greatest) {
  for (OperationPointer& operand : operands) operand = cast_operation(std::move(operand), kInteger, {});
  auto number = std::make_unique<Extreme<std::int64_t>>(kInteger, std::move(operands), greatest);
  return rowwise<std::int64_t, bool>(kBoolean, std::move(number), {}, [](std::int64_t value, bool& result, Frame&) {
    result = value != 0;
    return true;
  });
}

OperationPointer make_extreme(Call& call, bool greatest) {
  ValueType type;
  Operations operands = call.unified(0, type);
  switch (type.kind) {
    case Kind::null: return untyped_null();
    case Kind::boolean: return extreme_of_truths(std::move(operands), greatest);
    case Kind::real: return std::make_unique<Extreme<double>>(type, std::move(operands), greatest);
    case Kind::decimal: return std::make_unique<Extreme<Int128>>(type, std::move(operands), greatest);
    case Kind::text: return std::make_unique<Extreme<std::string_view>>(type, std::move(operands), greatest);
    default: return std::make_unique<Extreme<std::int64_t>>(type, std::move(operands), greatest);
  }
}

OperationPointer make_least(Call& call) { return make_extreme(call, false); }
OperationPointer make_greatest(Call& call) { return make_extreme(call, true); }

OperationPointer make_typeof(Call& call) {
  const auto nested = call.kind(0) == Kind::other ? call.nested(0) : nullptr;
  if (call.kind(0) == Kind::other && nested == nullptr) call.unexpected(0, "a value");
  std::string name = nested != nullptr ? type_name(nested->field()) : name_of(call.type(0));
  return constant_operation(kText, {.text = std::move(name)});
}

}  // namespace

std::span<const Function> choice_functions() {
  static const std::vector<Function> kFunctions = {
      {"coalesce, ifnull",
       "value, …",
       "The first argument that is not null. Those behind it are not computed.",
       {{"coalesce(null, 2, 3)", "2"}, {"ifnull('a', 'b')", "'a'"}, {"coalesce(null, null)", "null"}},
       make_coalesce},
      {"greatest",
       "value, …",
       "The greatest argument; nulls don't count, and NaN is greater than any number.",
       {{"greatest(1, 2.5, null)", "2.5"}, {"greatest('a', 'B')", "'a'"}, {"greatest(null, null)", "null"}},
       make_greatest},
      {"if, iif",
       "condition, value [, else]",
       "The value if the condition is true; if it is false or null, the other one, or null where there is none.",
       {{"if(1 < 2, 'yes', 'no')", "'yes'"}, {"iif(null, 1, 2)", "2"}, {"if(false, 1)", "null"}},
       make_if},
      {"least",
       "value, …",
       "The least argument; nulls don't count.",
       {{"least(3, 1, null)", "1"}, {"least(date '2024-02-01', date '2024-01-31')", "2024-01-31"}},
       make_least},
      {"nullif",
       "value, other",
       "Null if the two are equal, else the value: turns a word that means nothing into null.",
       {{"nullif('-', '-')", "null"}, {"nullif(5, 0)", "5"}},
       make_nullif},
      {"typeof",
       "value",
       "The name of the argument's type.",
       {{"typeof(1.50)", "'decimal(3,2)'"}, {"typeof(length('a'))", "'int64'"}, {"typeof(item)", "'struct'"}},
       make_typeof}};
  return kFunctions;
}

}  // namespace weir::expr
