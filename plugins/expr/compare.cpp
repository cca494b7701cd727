// Kernels of comparisons.
#include "compare.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <type_traits>

#include "cast.hpp"
#include "column.hpp"
#include "in_list.hpp"
#include "logic.hpp"
#include "pack.hpp"

namespace weir::expr {
namespace {

// Calls body(std::less<>()) and so on.
template <class Body>
void with_test(Comparison comparison, Body&& body) {
  switch (comparison) {
    case Comparison::equal: return body(std::equal_to<>());
    case Comparison::different: return body(std::not_equal_to<>());
    case Comparison::less: return body(std::less<>());
    case Comparison::less_equal: return body(std::less_equal<>());
    case Comparison::greater: return body(std::greater<>());
    case Comparison::greater_equal: return body(std::greater_equal<>());
  }
}

template <class T, class Wide, class Test>
struct BesideConstant {
  const T* values;
  Wide constant;
  WEIR_EXPR_INLINE bool operator()(int row) const { return Test()(static_cast<Wide>(values[row]), constant); }
};

template <class T, class Test>
struct BesideValues {
  const T* left;
  const T* right;
  WEIR_EXPR_INLINE bool operator()(int row) const { return Test()(left[row], right[row]); }
};

// Two operands: evaluates both, and what is null where one is.
class Binary : public Operation {
 public:
  Binary(Comparison comparison, OperationPointer left, OperationPointer right)
      : Operation({.kind = Kind::boolean}), comparison_(comparison), left_(std::move(left)), right_(std::move(right)) {}

  void run(Frame& frame, const Bits& live, Vector& out) const final {
    Vector left(frame.scratch), right(frame.scratch);
    left_->run(frame, live, left);
    right_->run(frame, live, right);
    join_validity(left, right, out);
    compare(frame, out.valid_of(live), left, right, out.truth);
    if (!out.all_valid) out.truth = out.truth & out.valid;
  }

 protected:
  // Compares the rows of `wanted`, where neither side is null; other bits of `truth` may be anything.
  virtual void compare(Frame& frame, const Bits& wanted, const Vector& left, const Vector& right,
                       Bits& truth) const = 0;
  Comparison comparison() const { return comparison_; }
  const ValueType& left_type() const { return left_->type(); }
  const ValueType& right_type() const { return right_->type(); }

 private:
  Comparison comparison_;
  OperationPointer left_, right_;
};

template <class T>
class CompareValues final : public Binary {
 public:
  using Binary::Binary;

 protected:
  void compare(Frame& frame, const Bits&, const Vector& left, const Vector& right, Bits& truth) const override {
    with_test(comparison(), [&]<class Test>(Test) {
      pack(frame.count, truth, BesideValues<T, Test>{left.values<T>(), right.values<T>()});
    });
  }
};

// Row by row, by a function that gives the order (-1, 0, 1; 2: not comparable, as NaN is).
template <class Order>
class CompareOrder final : public Binary {
 public:
  CompareOrder(Comparison comparison, OperationPointer left, OperationPointer right, Order order)
      : Binary(comparison, std::move(left), std::move(right)), order_(std::move(order)) {}

 protected:
  void compare(Frame&, const Bits& wanted, const Vector& left, const Vector& right, Bits& truth) const override {
    truth = no_bits();
    with_test(comparison(), [&](auto test) {
      const bool unordered = comparison() == Comparison::different;
      for_each(wanted, [&](int row) {
        const int order = order_(left, right, row);
        if (order == 2 ? unordered : test(order, 0)) set(truth, row);
      });
    });
  }

 private:
  Order order_;
};

template <class Order>
OperationPointer by_order(Comparison comparison, OperationPointer left, OperationPointer right, Order order) {
  return std::make_unique<CompareOrder<Order>>(comparison, std::move(left), std::move(right), std::move(order));
}

class CompareBooleans final : public Binary {
 public:
  using Binary::Binary;

 protected:
  void compare(Frame&, const Bits&, const Vector& left, const Vector& right, Bits& truth) const override {
    const Bits &a = left.truth, &b = right.truth, all = all_bits();
    switch (comparison()) {
      case Comparison::equal: truth = all - ((a - b) | (b - a)); return;
      case Comparison::different: truth = (a - b) | (b - a); return;
      case Comparison::less: truth = b - a; return;
      case Comparison::less_equal: truth = all - (a - b); return;
      case Comparison::greater: truth = a - b; return;
      case Comparison::greater_equal: truth = all - (b - a); return;
    }
  }
};

// A column as it stands in memory beside a constant: the fastest of all, no copy and no load of anything else.
template <class T>
class CompareColumn final : public Operation {
 public:
  using Wide = std::conditional_t<std::is_floating_point_v<T>, double, std::int64_t>;
  CompareColumn(Comparison comparison, std::int64_t column, Wide constant)
      : Operation({.kind = Kind::boolean}), comparison_(comparison), column_(column), constant_(constant) {}

  void run(Frame& frame, const Bits&, Vector& out) const override {
    out.all_valid = load_validity(frame, column_, out.valid);
    const T* values = raw_values<T>(frame, column_);
    with_test(comparison_, [&]<class Test>(Test test) {
      if constexpr (std::is_integral_v<T>) {
        // Beyond T's range every row gives the same; within it T itself is compared, many to a register.
        using Limits = std::numeric_limits<T>;
        if (constant_ < static_cast<Wide>(Limits::min()) || constant_ > static_cast<Wide>(Limits::max())) {
          out.truth = test(Wide{0}, constant_) ? all_bits() : no_bits();
        } else {
          pack(frame.count, out.truth, BesideConstant<T, T, Test>{values, static_cast<T>(constant_)});
        }
      } else {
        pack(frame.count, out.truth, BesideConstant<T, double, Test>{values, constant_});
      }
    });
    if (!out.all_valid) out.truth = out.truth & out.valid;
  }

 private:
  Comparison comparison_;
  std::int64_t column_;
  Wide constant_;
};

// The same answer for every row that is not null.
class Known final : public Operation {
 public:
  Known(OperationPointer operand, bool answer)
      : Operation({.kind = Kind::boolean}), operand_(std::move(operand)), answer_(answer) {}

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    Vector value(frame.scratch);
    operand_->run(frame, live, value);
    out.all_valid = value.all_valid;
    if (!out.all_valid) out.valid = value.valid;
    out.truth = answer_ ? value.valid_of(live) : no_bits();
  }

 private:
  OperationPointer operand_;
  bool answer_;
};

OperationPointer compare_raw(Comparison comparison, const RawColumn& column, const Constant& constant) {
  const auto made = [&]<class T>(T) -> OperationPointer {
    if constexpr (std::is_floating_point_v<T>) {
      return std::make_unique<CompareColumn<T>>(comparison, column.index, constant.real);
    } else {
      return std::make_unique<CompareColumn<T>>(comparison, column.index, constant.word);
    }
  };
  switch (column.type) {
    case Type::int8: return made(std::int8_t{});
    case Type::uint8: return made(std::uint8_t{});
    case Type::int16: return made(std::int16_t{});
    case Type::uint16: return made(std::uint16_t{});
    case Type::uint32: return made(std::uint32_t{});
    case Type::int32:
    case Type::date32:
    case Type::time32: return made(std::int32_t{});
    case Type::int64:
    case Type::timestamp:
    case Type::time64:
    case Type::duration: return made(std::int64_t{});
    case Type::float32: return made(float{});
    case Type::float64: return made(double{});
    default: return nullptr;
  }
}

// Units of the type in a day, for those that count time.
std::int64_t per_day(const ValueType& type) { return type.kind == Kind::date ? 1 : 86'400 * per_second(type.unit); }

int ordered(std::int64_t a, std::int64_t b) { return a < b ? -1 : a > b ? 1 : 0; }

// Coarse units against fine ones, of which `times` make a coarse one; no product that could overflow.
int compare_units(std::int64_t coarse, std::int64_t fine, std::int64_t times) {
  const std::int64_t quotient = fine / times - (fine % times < 0 ? 1 : 0);
  if (coarse != quotient) return ordered(coarse, quotient);
  return fine == quotient * times ? 0 : -1;
}

OperationPointer compare_times(Comparison comparison, OperationPointer left, OperationPointer right) {
  const std::int64_t left_units = per_day(left->type()), right_units = per_day(right->type());
  if (left_units > right_units) return compare_times(mirrored(comparison), std::move(right), std::move(left));
  const std::int64_t times = right_units / left_units;
  return by_order(comparison, std::move(left), std::move(right), [times](const Vector& a, const Vector& b, int row) {
    return compare_units(a.values<std::int64_t>()[row], b.values<std::int64_t>()[row], times);
  });
}

int order_of(std::int64_t value, double real) {
  if (std::isnan(real)) return 2;
  if (real >= 9223372036854775808.0) return -1;
  if (real < -9223372036854775808.0) return 1;
  const auto whole = static_cast<std::int64_t>(real);
  if (value != whole) return value < whole ? -1 : 1;
  const double rest = real - static_cast<double>(whole);
  return rest > 0 ? -1 : rest < 0 ? 1 : 0;
}

// A number that is no integer, beside integers: the integer and the comparison that mean the same. Nothing: every integer
// gives `answer`.
struct Threshold {
  bool known = false, answer = false;
  std::int64_t word = 0;
  Comparison comparison = Comparison::equal;
};

Threshold threshold_of(Comparison comparison, const ValueType& type, const Constant& constant) {
  const auto order = [&](std::int64_t word) {
    return type.kind == Kind::real ? order_of(word, constant.real)
                                   : compare_exactly(word, 0, constant.decimal, type.scale);
  };
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min(),
                         kMost = std::numeric_limits<std::int64_t>::max();
  if (order(0) == 2) return {.known = true, .answer = comparison == Comparison::different};
  const bool upward = comparison == Comparison::greater || comparison == Comparison::greater_equal;
  if (order(kMost) < 0) return {.known = true, .answer = comparison != Comparison::equal && !upward};
  if (order(kLeast) > 0) return {.known = true, .answer = upward || comparison == Comparison::different};
  std::int64_t low = kLeast, high = kMost;  // the greatest integer that is not above the number
  while (low < high) {
    const auto middle = static_cast<std::int64_t>((static_cast<Int128>(low) + high + 1) / 2);
    const std::int64_t probe = middle > low ? middle : high;
    if (order(probe) <= 0) {
      low = probe;
    } else {
      high = probe - 1;
    }
  }
  if (order(low) == 0) return {.word = low, .comparison = comparison};
  if (comparison == Comparison::equal) return {.known = true, .answer = false};
  if (comparison == Comparison::different) return {.known = true, .answer = true};
  return {.word = low, .comparison = upward ? Comparison::greater : Comparison::less_equal};
}

OperationPointer compare_integer_constant(Comparison comparison, OperationPointer left, OperationPointer right) {
  const Threshold threshold = threshold_of(comparison, right->type(), *right->constant());
  if (threshold.known) return std::make_unique<Known>(std::move(left), threshold.answer);
  return compare_operation(threshold.comparison, std::move(left),
                           constant_operation({.kind = Kind::integer, .precision = 19}, {.word = threshold.word}));
}

OperationPointer compare_same(Comparison comparison, OperationPointer left, OperationPointer right) {
  return std::make_unique<CompareValues<Int128>>(comparison, std::move(left), std::move(right));
}

// A decimal or integer in 10^-scale, rounded down; `exact` tells whether it was. False if it does not fit.
bool scaled(const ValueType& type, const Constant& constant, std::int32_t scale, Int128& value, bool& exact) {
  const Int128 given = type.kind == Kind::integer ? constant.word : constant.decimal;
  exact = true;
  if (type.scale <= scale) return !__builtin_mul_overflow(given, power_of_ten(scale - type.scale), &value);
  const Int128 by = power_of_ten(type.scale - scale);
  value = given / by - (given % by < 0 ? 1 : 0);
  exact = given % by == 0;
  return true;
}

// A decimal beside a constant: the constant takes the decimal's scale, once. What lies between two values of that scale is
// told from them by the comparison. Null: it does not fit, and must be compared the long way.
OperationPointer compare_decimal_constant(Comparison comparison, OperationPointer& left, const Operation& right) {
  const std::int32_t scale = left->type().scale;
  Int128 value = 0;
  bool exact = false;
  if (!scaled(right.type(), *right.constant(), scale, value, exact)) return nullptr;
  if (!exact) {
    if (comparison == Comparison::equal || comparison == Comparison::different) {
      return std::make_unique<Known>(std::move(left), comparison == Comparison::different);
    }
    const bool upward = comparison == Comparison::greater || comparison == Comparison::greater_equal;
    comparison = upward ? Comparison::greater : Comparison::less_equal;
  }
  ValueType type{.kind = Kind::decimal, .precision = kMaximumPrecision, .scale = scale};
  return compare_same(comparison, std::move(left), constant_operation(std::move(type), {.decimal = value}));
}

// Decimals, or a decimal and integers: in the finer of the two scales, if all values fit.
OperationPointer compare_decimals(Comparison comparison, OperationPointer left, OperationPointer right) {
  const std::int32_t a = left->type().scale, b = right->type().scale, finer = std::max(a, b);
  if (left->type().kind == Kind::decimal && right->constant() != nullptr && !right->constant()->null) {
    if (auto made = compare_decimal_constant(comparison, left, *right)) return made;
  }
  const auto fits = [finer](const ValueType& type) { return type.precision + finer - type.scale <= kMaximumPrecision; };
  if ((a == b || (fits(left->type()) && fits(right->type()))) && left->type().kind != Kind::integer) {
    const ValueType common{.kind = Kind::decimal, .precision = kMaximumPrecision, .scale = finer};
    if (a != finer) left = cast_operation(std::move(left), common, {});
    if (b != finer || right->type().kind == Kind::integer) right = cast_operation(std::move(right), common, {});
    return compare_same(comparison, std::move(left), std::move(right));
  }
  return by_order(comparison, std::move(left), std::move(right), [a, b](const Vector& x, const Vector& y, int row) {
    return compare_exactly(x.values<Int128>()[row], a, y.values<Int128>()[row], b);
  });
}

OperationPointer compare_numbers(Comparison comparison, OperationPointer left, OperationPointer right) {
  const Kind a = left->type().kind, b = right->type().kind;
  if (b == Kind::integer && right->constant() != nullptr && !right->constant()->null) {
    if (a == Kind::decimal) {
      if (auto made = compare_decimal_constant(comparison, left, *right)) return made;
    }
    constexpr std::int64_t kExact = std::int64_t{1} << 53;
    const std::int64_t word = right->constant()->word;
    if (a == Kind::real && word >= -kExact && word <= kExact) {
      const Constant same{.real = static_cast<double>(word)};
      return compare_operation(comparison, std::move(left), constant_operation({.kind = Kind::real}, same));
    }
  }
  if (a > b) return compare_numbers(mirrored(comparison), std::move(right), std::move(left));
  if (a == Kind::integer && right->constant() != nullptr) {
    return compare_integer_constant(comparison, std::move(left), std::move(right));
  }
  const std::int32_t scale = left->type().scale;
  if (a == Kind::decimal && b == Kind::decimal) return compare_decimals(comparison, std::move(left), std::move(right));
  if (a == Kind::integer && b == Kind::decimal && 19 + right->type().scale <= kMaximumPrecision) {
    return compare_decimals(mirrored(comparison), std::move(right), std::move(left));
  }
  if (a == Kind::integer && b == Kind::decimal) {
    const std::int32_t right_scale = right->type().scale;
    return by_order(comparison, std::move(left), std::move(right),
                    [right_scale](const Vector& x, const Vector& y, int row) {
                      return compare_exactly(x.values<std::int64_t>()[row], 0, y.values<Int128>()[row], right_scale);
                    });
  }
  if (a == Kind::integer) {
    return by_order(comparison, std::move(left), std::move(right), [](const Vector& x, const Vector& y, int row) {
      return order_of(x.values<std::int64_t>()[row], y.values<double>()[row]);
    });
  }
  return by_order(comparison, std::move(left), std::move(right), [scale](const Vector& x, const Vector& y, int row) {
    const double real = y.values<double>()[row];
    return std::isnan(real) ? 2 : compare_exactly(x.values<Int128>()[row], scale, real);
  });
}

int text_order(const Vector& left, const Vector& right, int row) {
  const int order = left.values<std::string_view>()[row].compare(right.values<std::string_view>()[row]);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

OperationPointer compare_texts(Comparison comparison, OperationPointer left, OperationPointer right) {
  const bool equality = comparison == Comparison::equal || comparison == Comparison::different;
  if (!equality || right->constant() == nullptr || right->constant()->null) {
    return by_order(comparison, std::move(left), std::move(right), text_order);
  }
  OperationPointer made = in_operation(std::move(left), {*right->constant()}, false);
  return comparison == Comparison::equal ? std::move(made) : not_operation(std::move(made));
}

}  // namespace

Comparison mirrored(Comparison comparison) {
  switch (comparison) {
    case Comparison::less: return Comparison::greater;
    case Comparison::less_equal: return Comparison::greater_equal;
    case Comparison::greater: return Comparison::less;
    case Comparison::greater_equal: return Comparison::less_equal;
    default: return comparison;
  }
}

OperationPointer compare_operation(Comparison comparison, OperationPointer left, OperationPointer right) {
  if (left->constant() != nullptr && right->constant() == nullptr) {
    return compare_operation(mirrored(comparison), std::move(right), std::move(left));
  }
  const ValueType &a = left->type(), &b = right->type();
  if (a.kind == Kind::text) return compare_texts(comparison, std::move(left), std::move(right));
  if (a.kind == Kind::boolean) return std::make_unique<CompareBooleans>(comparison, std::move(left), std::move(right));
  if (is_temporal(a.kind) && per_day(a) != per_day(b))
    return compare_times(comparison, std::move(left), std::move(right));
  if (a.kind != b.kind || a.kind == Kind::decimal)
    return compare_numbers(comparison, std::move(left), std::move(right));
  if (right->constant() != nullptr && !right->constant()->null) {
    if (auto raw = compare_raw(comparison, raw_column_of(*left), *right->constant())) return raw;
  }
  if (a.kind == Kind::real)
    return std::make_unique<CompareValues<double>>(comparison, std::move(left), std::move(right));
  return std::make_unique<CompareValues<std::int64_t>>(comparison, std::move(left), std::move(right));
}

}  // namespace weir::expr
