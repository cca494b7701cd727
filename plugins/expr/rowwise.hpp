// Operations over any number of operands, row by row: a kernel is a function from values to a value, which may be null or
// refused.
#pragma once

#include <type_traits>
#include <utility>

#include "logic.hpp"
#include "operation.hpp"

namespace weir::expr {

// What a kernel made of a row.
enum class Made : std::uint8_t { value, null, refused };

// Kernel: bool or Made operator()(From..., To& result, Frame& frame): false and Made::refused reject the row with the fault.
// It is called only where all operands are valid and asked for; where one is null, the result is. From and To are
// std::int64_t, double, Int128, std::string_view or bool.
template <class To, class Kernel, class... From>
class Rowwise final : public Operation {
 public:
  Rowwise(ValueType type, Operations operands, Fault fault, Kernel kernel)
      : Operation(std::move(type)),
        operands_(std::move(operands)),
        fault_(std::move(fault)),
        kernel_(std::move(kernel)) {}

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    run(frame, live, out, std::index_sequence_for<From...>());
  }

 private:
  // The rows that are not plain values.
  struct Odd {
    Bits refused = no_bits(), null = no_bits();
  };

  template <std::size_t... I>
  void run(Frame& frame, const Bits& live, Vector& out, std::index_sequence<I...>) const {
    Vector values[] = {Vector((static_cast<void>(I), frame.scratch))...};
    Bits rows = live;
    out.all_valid = true;
    for (std::size_t i = 0; i < sizeof...(From); ++i) {
      operands_[i]->run(frame, live, values[i]);
      if (values[i].all_valid) continue;
      rows = rows & values[i].valid;
      out.set_valid(out.all_valid ? values[i].valid : out.valid & values[i].valid);
    }
    To* to = nullptr;
    if constexpr (std::is_same_v<To, bool>) {
      out.truth = no_bits();
    } else {
      to = out.make<To>();
      // Numbers are read by kernels that look at every row, so those that are not set here must be set all the same.
      if constexpr (!std::is_same_v<To, std::string_view>) {
        if (rows != first_bits(frame.count)) std::memset(to, 0, sizeof(To) * static_cast<std::size_t>(frame.count));
      }
    }
    Odd odd;
    for_each(rows, [&](int row) {
      To result{};
      if (!note(kernel_(at<From>(values[I], row)..., result, frame), row, odd)) return;
      if constexpr (std::is_same_v<To, bool>) {
        if (result) set(out.truth, row);
      } else {
        to[row] = result;
      }
    });
    settle(frame, odd, to, out);
  }

  template <class T>
  static T at(const Vector& value, int row) {
    if constexpr (std::is_same_v<T, bool>) {
      return test(value.truth, row);
    } else {
      return value.template values<T>()[row];
    }
  }
  static bool note(bool fine, int row, Odd& odd) {
    if (!fine) set(odd.refused, row);
    return fine;
  }
  static bool note(Made made, int row, Odd& odd) {
    if (made != Made::value) set(made == Made::null ? odd.null : odd.refused, row);
    return made == Made::value;
  }
  void settle(Frame& frame, const Odd& odd, To* to, Vector& out) const {
    const Bits none = odd.refused | odd.null;
    if (!any(none)) return;
    if (any(odd.refused)) frame.fail(odd.refused, fault_);
    // A refused row has no value: null keeps what comes behind away from it.
    out.set_valid((out.all_valid ? first_bits(frame.count) : out.valid) - none);
    if constexpr (!std::is_same_v<To, bool> && !std::is_same_v<To, std::string_view>) {
      for_each(none, [&](int row) { to[row] = To{}; });
    }
  }

  Operations operands_;
  Fault fault_;
  Kernel kernel_;
};

// Of several operands, of types From in their order.
template <class To, class... From, class Kernel>
OperationPointer rowwise_of(ValueType type, Operations operands, Fault fault, Kernel kernel) {
  return std::make_unique<Rowwise<To, Kernel, From...>>(std::move(type), std::move(operands), std::move(fault),
                                                        std::move(kernel));
}

// Of one operand.
template <class From, class To, class Kernel>
OperationPointer rowwise(ValueType type, OperationPointer operand, Fault fault, Kernel kernel) {
  Operations operands;
  operands.push_back(std::move(operand));
  return rowwise_of<To, From>(std::move(type), std::move(operands), std::move(fault), std::move(kernel));
}

template <class... Pointers>
Operations together(Pointers... pointers) {
  Operations made;
  (made.push_back(std::move(pointers)), ...);
  return made;
}

// What a reject says beside its reason: where in the expression it arose.
inline Fault fault_in(std::string_view reason, std::string_view source) {
  constexpr std::size_t kShown = 80;
  std::string shown(source.substr(0, kShown));
  if (source.size() > kShown) {
    while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xC0U) == 0x80U) shown.pop_back();
    if (!shown.empty() && static_cast<unsigned char>(shown.back()) >= 0x80U) shown.pop_back();
    shown += "…";
  }
  return {reason, "in " + shown};
}

}  // namespace weir::expr
