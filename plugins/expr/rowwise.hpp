// Operations over one operand, row by row: a kernel is a function from a value to a value that may refuse it.
#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "operation.hpp"

namespace weir::expr {

// Kernel: bool operator()(From value, To& result, Frame& frame): false rejects the row with the fault. It is called only
// where the operand is valid and asked for. From and To are std::int64_t, double, Int128, std::string_view or bool.
template <class From, class To, class Kernel>
class Rowwise final : public Operation {
 public:
  Rowwise(ValueType type, OperationPointer operand, Fault fault, Kernel kernel)
      : Operation(std::move(type)),
        operand_(std::move(operand)),
        fault_(std::move(fault)),
        kernel_(std::move(kernel)) {}

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    Vector value(frame.scratch);
    operand_->run(frame, live, value);
    out.all_valid = value.all_valid;
    if (!out.all_valid) out.valid = value.valid;
    const Bits rows = value.valid_of(live);
    Bits refused = no_bits();
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
    for_each(rows, [&](int row) {
      To result{};
      if (!kernel_(at(value, row), result, frame)) return set(refused, row);
      if constexpr (std::is_same_v<To, bool>) {
        if (result) set(out.truth, row);
      } else {
        to[row] = result;
      }
    });
    if (any(refused)) refuse(frame, refused, out);
  }

 private:
  static From at(const Vector& value, int row) {
    if constexpr (std::is_same_v<From, bool>) {
      return test(value.truth, row);
    } else {
      return value.template values<From>()[row];
    }
  }
  void refuse(Frame& frame, const Bits& refused, Vector& out) const {
    frame.fail(refused, fault_);
    // A refused row has no value: null keeps what comes behind away from it.
    out.set_valid((out.all_valid ? first_bits(frame.count) : out.valid) - refused);
    if constexpr (!std::is_same_v<To, bool> && !std::is_same_v<To, std::string_view>) {
      for_each(refused, [&](int row) { out.make<To>()[row] = To{}; });
    }
  }

  OperationPointer operand_;
  Fault fault_;
  Kernel kernel_;
};

template <class From, class To, class Kernel>
OperationPointer rowwise(ValueType type, OperationPointer operand, Fault fault, Kernel kernel) {
  return std::make_unique<Rowwise<From, To, Kernel>>(std::move(type), std::move(operand), std::move(fault),
                                                     std::move(kernel));
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
