// Kernels of arithmetic.
#include "arithmetic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cast.hpp"
#include "pack.hpp"
#include "rowwise.hpp"

namespace weir::expr {
namespace {

constexpr std::string_view kIntegerOverflow = "integer overflow";
constexpr std::string_view kDecimalOverflow = "decimal overflow";
constexpr std::string_view kDivisionByZero = "division by zero";
constexpr std::string_view kDateOverflow = "date out of range";
constexpr std::int32_t kLeastDivisionScale = 6;

// Two operands of one layout. Kernel: see the classes below; `bad` collects the rows that have no result.
template <class T, class Kernel>
class Arithmetic final : public Operation {
 public:
  Arithmetic(ValueType type, OperationPointer left, OperationPointer right, const std::string& source, Kernel kernel)
      : Operation(std::move(type)),
        left_(std::move(left)),
        right_(std::move(right)),
        overflow_(fault_in(kernel.overflow, source)),
        zero_(fault_in(kDivisionByZero, source)),
        kernel_(kernel) {}

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    Vector left(frame.scratch), right(frame.scratch);
    left_->run(frame, live, left);
    right_->run(frame, live, right);
    join_validity(left, right, out);
    const T *a = left.values<T>(), *b = right.values<T>();
    T* to = out.make<T>();
    const Bits rows = out.valid_of(live);
    Bits overflown = no_bits(), zero = no_bits();
    kernel_(frame.count, a, b, to, rows, overflown, zero);
    reject(frame, rows & zero, zero_, out);
    reject(frame, rows & overflown, overflow_, out);
  }

 private:
  static void reject(Frame& frame, const Bits& rows, const Fault& fault, Vector& out) {
    if (!any(rows)) return;
    frame.fail(rows, fault);
    out.set_valid((out.all_valid ? first_bits(frame.count) : out.valid) - rows);
  }

  OperationPointer left_, right_;
  Fault overflow_, zero_;
  Kernel kernel_;
};

using Word = std::int64_t;
using Unsigned = std::uint64_t;

// Sums wrap; a result has overflown if its sign differs from both operands' (of a - b: from a's, where b's differs too).
template <bool kMinus>
struct Sum {
  const Word *a, *b;
  const Word* to;
  WEIR_EXPR_INLINE bool operator()(int row) const {
    const Word other = kMinus ? ~b[row] : b[row];
    return ((a[row] ^ to[row]) & (other ^ to[row])) < 0;
  }
};

template <bool kMinus>
struct WordSum {
  std::string_view overflow = kIntegerOverflow;
  void operator()(int count, const Word* a, const Word* b, Word* to, const Bits&, Bits& overflown, Bits&) const {
    for (int i = 0; i < count; ++i) {
      const auto x = static_cast<Unsigned>(a[i]), y = static_cast<Unsigned>(b[i]);
      to[i] = static_cast<Word>(kMinus ? x - y : x + y);
    }
    pack(count, overflown, Sum<kMinus>{a, b, to});
  }
};

struct WordProduct {
  std::string_view overflow = kIntegerOverflow;
  void operator()(int count, const Word* a, const Word* b, Word* to, const Bits&, Bits& overflown, Bits&) const {
    bool some = false;
    for (int i = 0; i < count; ++i) some |= __builtin_mul_overflow(a[i], b[i], &to[i]);
    if (!some) return;
    for (int i = 0; i < count; ++i) {
      Word ignored = 0;
      if (__builtin_mul_overflow(a[i], b[i], &ignored)) set(overflown, i);
    }
  }
};

template <bool kRest>
struct WordQuotient {
  std::string_view overflow = kIntegerOverflow;
  void operator()(int count, const Word* a, const Word* b, Word* to, const Bits& rows, Bits& overflown,
                  Bits& zero) const {
    std::memset(to, 0, sizeof(Word) * static_cast<std::size_t>(count));
    for_each(rows, [&](int i) {
      if (b[i] == 0) return set(zero, i);
      if (b[i] == -1) {  // the one quotient that overflows is there
        if (!kRest && a[i] == std::numeric_limits<Word>::min()) return set(overflown, i);
        to[i] = kRest ? 0 : -a[i];
        return;
      }
      to[i] = kRest ? a[i] % b[i] : a[i] / b[i];
    });
  }
};

template <char kOp>
struct RealKernel {
  std::string_view overflow = kIntegerOverflow;  // never: doubles have infinity
  void operator()(int count, const double* a, const double* b, double* to, const Bits& rows, Bits&, Bits& zero) const {
    for (int i = 0; i < count; ++i) {
      if constexpr (kOp == '+') to[i] = a[i] + b[i];
      if constexpr (kOp == '-') to[i] = a[i] - b[i];
      if constexpr (kOp == '*') to[i] = a[i] * b[i];
      if constexpr (kOp == '/') to[i] = a[i] / b[i];
    }
    if constexpr (kOp == '%') {
      std::memset(to, 0, sizeof(double) * static_cast<std::size_t>(count));
      for_each(rows, [&](int i) { to[i] = std::fmod(a[i], b[i]); });
    }
    if constexpr (kOp == '/' || kOp == '%') pack(count, zero, IsZero{b});
  }
  struct IsZero {
    const double* values;
    WEIR_EXPR_INLINE bool operator()(int row) const { return values[row] == 0; }
  };
};

bool fits_decimal(Int128 value) {
  return value < power_of_ten(kMaximumPrecision) && value > -power_of_ten(kMaximumPrecision);
}

// a × 10^up / b, rounded half away from zero; false if something does not fit.
bool divide(Int128 a, std::int32_t up, Int128 b, Int128& result) {
  Int128 scaled = 0;
  if (__builtin_mul_overflow(a, power_of_ten(up), &scaled)) return false;
  result = scaled / b;
  const Int128 rest = scaled % b;
  const Int128 magnitude = rest < 0 ? -rest : rest, whole = b < 0 ? -b : b;
  if (magnitude >= whole - magnitude) result += (scaled < 0) == (b < 0) ? 1 : -1;
  return true;
}

struct DecimalKernel {
  char op;
  std::int32_t up;  // of a division: powers of ten that the dividend gains
  std::string_view overflow = kDecimalOverflow;
  void operator()(int count, const Int128* a, const Int128* b, Int128* to, const Bits& rows, Bits& overflown,
                  Bits& zero) const {
    std::memset(to, 0, sizeof(Int128) * static_cast<std::size_t>(count));
    for_each(rows, [&](int i) {
      if ((op == '/' || op == '%') && b[i] == 0) return set(zero, i);
      Int128 result = 0;
      bool fine = true;
      switch (op) {
        case '+': fine = !__builtin_add_overflow(a[i], b[i], &result); break;
        case '-': fine = !__builtin_sub_overflow(a[i], b[i], &result); break;
        case '*': fine = !__builtin_mul_overflow(a[i], b[i], &result); break;
        case '/': fine = divide(a[i], up, b[i], result); break;
        default: result = a[i] % b[i]; break;
      }
      if (!fine || !fits_decimal(result)) return set(overflown, i);
      to[i] = result;
    });
  }
};

// Days are added as integers are, and must stay within what date32 holds.
template <bool kMinus>
struct DateSum {
  std::string_view overflow = kDateOverflow;
  void operator()(int count, const Word* a, const Word* b, Word* to, const Bits& rows, Bits& overflown,
                  Bits& zero) const {
    WordSum<kMinus>{}(count, a, b, to, rows, overflown, zero);
    for_each(rows, [&](int i) {
      if (to[i] < std::numeric_limits<std::int32_t>::min() || to[i] > std::numeric_limits<std::int32_t>::max())
        set(overflown, i);
    });
  }
};

ValueType decimal(std::int32_t precision, std::int32_t scale) {
  return {.kind = Kind::decimal, .precision = std::min(precision, kMaximumPrecision), .scale = scale};
}

std::optional<ValueType> decimal_type(char op, const ValueType& a, const ValueType& b, std::string& problem) {
  const std::int32_t scale = std::max(a.scale, b.scale);
  const std::int32_t whole = std::max(a.precision - a.scale, b.precision - b.scale);
  switch (op) {
    case '+':
    case '-': return decimal(whole + scale + 1, scale);
    case '%': return decimal(whole + scale, scale);
    case '/': return decimal(kMaximumPrecision, std::max(kLeastDivisionScale, a.scale));
    default: break;
  }
  if (a.scale + b.scale > kMaximumPrecision) {
    problem = "expected a product with at most 38 digits after the point, found " + std::to_string(a.scale + b.scale);
    return std::nullopt;
  }
  return decimal(a.precision + b.precision, a.scale + b.scale);
}

template <class T, class Kernel>
OperationPointer made(ValueType type, OperationPointer left, OperationPointer right, const std::string& source,
                      Kernel kernel) {
  return std::make_unique<Arithmetic<T, Kernel>>(std::move(type), std::move(left), std::move(right), source, kernel);
}

OperationPointer word_operation(char op, ValueType type, OperationPointer left, OperationPointer right,
                                const std::string& source) {
  switch (op) {
    case '+': return made<Word>(std::move(type), std::move(left), std::move(right), source, WordSum<false>());
    case '-': return made<Word>(std::move(type), std::move(left), std::move(right), source, WordSum<true>());
    case '*': return made<Word>(std::move(type), std::move(left), std::move(right), source, WordProduct());
    case '/': return made<Word>(std::move(type), std::move(left), std::move(right), source, WordQuotient<false>());
    default: return made<Word>(std::move(type), std::move(left), std::move(right), source, WordQuotient<true>());
  }
}

OperationPointer real_operation(char op, ValueType type, OperationPointer left, OperationPointer right,
                                const std::string& source) {
  switch (op) {
    case '+': return made<double>(std::move(type), std::move(left), std::move(right), source, RealKernel<'+'>());
    case '-': return made<double>(std::move(type), std::move(left), std::move(right), source, RealKernel<'-'>());
    case '*': return made<double>(std::move(type), std::move(left), std::move(right), source, RealKernel<'*'>());
    case '/': return made<double>(std::move(type), std::move(left), std::move(right), source, RealKernel<'/'>());
    default: return made<double>(std::move(type), std::move(left), std::move(right), source, RealKernel<'%'>());
  }
}

OperationPointer decimal_operation(char op, ValueType type, OperationPointer left, OperationPointer right,
                                   const std::string& source) {
  ValueType a = left->type(), b = right->type();
  if (op == '+' || op == '-' || op == '%') {
    a = decimal(kMaximumPrecision, type.scale);
    b = a;
  }
  a.kind = b.kind = Kind::decimal;
  const std::int32_t up = type.scale - a.scale + b.scale;
  left = cast_operation(std::move(left), a, source);
  right = cast_operation(std::move(right), b, source);
  return made<Int128>(std::move(type), std::move(left), std::move(right), source,
                      DecimalKernel{op, op == '/' ? up : 0});
}

}  // namespace

std::optional<ValueType> arithmetic_type(char op, const ValueType& left, const ValueType& right, std::string& problem) {
  const Kind a = left.kind, b = right.kind;
  if (a == Kind::date && b == Kind::integer && (op == '+' || op == '-')) return ValueType{.kind = Kind::date};
  if (a == Kind::integer && b == Kind::date && op == '+') return ValueType{.kind = Kind::date};
  if (a == Kind::date && b == Kind::date && op == '-') return ValueType{.kind = Kind::integer, .precision = 19};
  if (!is_number(a) || !is_number(b)) return std::nullopt;
  if (a == Kind::real || b == Kind::real) return ValueType{.kind = Kind::real};
  if (a == Kind::integer && b == Kind::integer) return ValueType{.kind = Kind::integer, .precision = 19};
  return decimal_type(op, left, right, problem);
}

OperationPointer arithmetic_operation(char op, ValueType type, OperationPointer left, OperationPointer right,
                                      const std::string& source) {
  if (type.kind == Kind::date) {
    if (op == '+') return made<Word>(std::move(type), std::move(left), std::move(right), source, DateSum<false>());
    return made<Word>(std::move(type), std::move(left), std::move(right), source, DateSum<true>());
  }
  if (type.kind == Kind::integer) return word_operation(op, std::move(type), std::move(left), std::move(right), source);
  if (type.kind == Kind::decimal)
    return decimal_operation(op, std::move(type), std::move(left), std::move(right), source);
  left = cast_operation(std::move(left), type, source);
  right = cast_operation(std::move(right), type, source);
  return real_operation(op, std::move(type), std::move(left), std::move(right), source);
}

OperationPointer negate_operation(OperationPointer operand, const std::string& source) {
  ValueType type = operand->type();
  if (type.kind == Kind::real) {
    return rowwise<double, double>(std::move(type), std::move(operand), {}, [](double value, double& result, Frame&) {
      result = -value;
      return true;
    });
  }
  if (type.kind == Kind::decimal) {
    return rowwise<Int128, Int128>(std::move(type), std::move(operand), {}, [](Int128 value, Int128& result, Frame&) {
      result = -value;
      return true;
    });
  }
  const Fault fault = fault_in(kIntegerOverflow, source);
  return rowwise<Word, Word>(std::move(type), std::move(operand), fault, [](Word value, Word& result, Frame&) {
    return !__builtin_sub_overflow(Word{0}, value, &result);
  });
}

}  // namespace weir::expr
