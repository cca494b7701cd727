// Kernels of three-valued logic. A boolean vector holds `truth` (true) and `valid` (not null), so what is false is
// valid without truth.
#include "logic.hpp"

namespace weir::expr {

// A value that several operations of one tree read. It serves one frame at a time.
class SharedState {
 public:
  explicit SharedState(OperationPointer operation) : operation_(std::move(operation)) {}

  const ValueType& type() const { return operation_->type(); }
  const Operation& operation() const { return *operation_; }

  void run(Frame& frame, const Bits& live, Vector& out) const {
    if (frame.serial != serial_ || any(live - done_)) {
      value_ = std::make_unique<Vector>(scratch_);
      done_ = frame.serial == serial_ ? live | done_ : live;
      serial_ = frame.serial;
      operation_->run(frame, done_, *value_);
    }
    out.truth = value_->truth;
    out.all_valid = value_->all_valid;
    if (!out.all_valid) out.valid = value_->valid;
    out.borrow(value_->values<void>());
  }

 private:
  OperationPointer operation_;
  mutable Scratch scratch_;
  mutable std::unique_ptr<Vector> value_;
  mutable Bits done_{};
  mutable std::uint64_t serial_ = 0;
};

namespace {

class And final : public Operation {
 public:
  And(Operations parts, bool either) : Operation(kBoolean), parts_(std::move(parts)), either_(either) {}

  // `or` is `and` with true and false exchanged, so one loop does both: `open` are the rows that no part has decided.
  void run(Frame& frame, const Bits& live, Vector& out) const override {
    Bits open = live;
    Bits unknown = no_bits();
    for (const auto& part : parts_) {
      Vector value(frame.scratch);
      part->run(frame, open, value);
      if (!value.all_valid) unknown = unknown | (open - value.valid);
      const Bits deciding = either_ ? value.truth : value.valid_of(all_bits()) - value.truth;
      open = open - deciding;
      if (!any(open)) break;
    }
    unknown = unknown & open;
    out.truth = either_ ? live - open : open - unknown;
    out.all_valid = !any(unknown);
    if (!out.all_valid) out.valid = live - unknown;
  }

 private:
  Operations parts_;
  bool either_;
};

class Not final : public Operation {
 public:
  explicit Not(OperationPointer part) : Operation(kBoolean), part_(std::move(part)) {}
  void run(Frame& frame, const Bits& live, Vector& out) const override {
    part_->run(frame, live, out);
    out.truth = out.valid_of(live) - out.truth;
  }

 private:
  OperationPointer part_;
};

class IsNull final : public Operation {
 public:
  IsNull(OperationPointer operand, bool negated)
      : Operation(kBoolean), operand_(std::move(operand)), negated_(negated) {}
  void run(Frame& frame, const Bits& live, Vector& out) const override {
    Vector value(frame.scratch);
    operand_->run(frame, live, value);
    out.truth = negated_ ? value.valid_of(live) : live - value.valid_of(live);
    out.all_valid = true;
  }

 private:
  OperationPointer operand_;
  bool negated_;
};

// Collects the rows of several vectors in one.
class Gathered {
 public:
  Gathered(const ValueType& type, Vector& out) : kind_(type.kind), out_(out) {
    out_.truth = no_bits();
    out_.set_valid(no_bits());
  }
  // Takes `rows` from `value`.
  void add(const Bits& rows, const Vector& value) {
    const Bits valid = value.valid_of(rows);
    out_.valid = out_.valid | valid;
    switch (kind_) {
      case Kind::boolean: out_.truth = out_.truth | (value.truth & valid); return;
      case Kind::real: return copy<double>(valid, value);
      case Kind::decimal: return copy<Int128>(valid, value);
      case Kind::text: return copy<std::string_view>(valid, value);
      case Kind::null: return;
      default: return copy<std::int64_t>(valid, value);
    }
  }

 private:
  template <class T>
  void copy(const Bits& rows, const Vector& value) {
    T* to = out_.make<T>();
    const T* from = value.values<T>();
    for_each(rows, [&](int row) { to[row] = from[row]; });
  }

  Kind kind_;
  Vector& out_;
};

// What a row gets that nothing was gathered for is null, yet must be safe to read as a number.
void make_room(const ValueType& type, Vector& out) {
  if (type.kind == Kind::boolean || type.kind == Kind::null || type.kind == Kind::text) return;
  std::memset(out.make<Int128>(), 0, (type.kind == Kind::decimal ? 16 : 8) * static_cast<std::size_t>(kChunkRows));
}

class Choose final : public Operation {
 public:
  Choose(ValueType type, Operations conditions, Operations values)
      : Operation(std::move(type)), conditions_(std::move(conditions)), values_(std::move(values)) {}

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    make_room(type(), out);
    Gathered gathered(type(), out);
    Bits open = live;
    for (std::size_t i = 0; i < conditions_.size() && any(open); ++i) {
      Vector condition(frame.scratch);
      conditions_[i]->run(frame, open, condition);
      const Bits chosen = open & condition.truth;
      add(frame, chosen, *values_[i], gathered);
      open = open - chosen;
    }
    add(frame, open, *values_.back(), gathered);
  }

 private:
  static void add(Frame& frame, const Bits& rows, const Operation& operation, Gathered& gathered) {
    if (!any(rows)) return;
    Vector value(frame.scratch);
    operation.run(frame, rows, value);
    gathered.add(rows, value);
  }

  Operations conditions_;
  Operations values_;
};

class Coalesce final : public Operation {
 public:
  Coalesce(ValueType type, Operations values) : Operation(std::move(type)), values_(std::move(values)) {}

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    make_room(type(), out);
    Gathered gathered(type(), out);
    Bits open = live;
    for (const auto& operation : values_) {
      Vector value(frame.scratch);
      operation->run(frame, open, value);
      gathered.add(open, value);
      open = open - value.valid_of(open);
      if (!any(open)) break;
    }
  }

 private:
  Operations values_;
};

class Use final : public Operation {
 public:
  explicit Use(std::shared_ptr<const SharedState> state) : Operation(state->type()), state_(std::move(state)) {}
  void run(Frame& frame, const Bits& live, Vector& out) const override { state_->run(frame, live, out); }

 private:
  std::shared_ptr<const SharedState> state_;  // ends with the last use
};

}  // namespace

OperationPointer and_operation(Operations parts) { return std::make_unique<And>(std::move(parts), false); }
OperationPointer or_operation(Operations parts) { return std::make_unique<And>(std::move(parts), true); }
OperationPointer not_operation(OperationPointer part) { return std::make_unique<Not>(std::move(part)); }
OperationPointer is_null_operation(OperationPointer operand, bool negated) {
  return std::make_unique<IsNull>(std::move(operand), negated);
}
OperationPointer choose_operation(ValueType type, Operations conditions, Operations values) {
  return std::make_unique<Choose>(std::move(type), std::move(conditions), std::move(values));
}
OperationPointer coalesce_operation(ValueType type, Operations values) {
  return std::make_unique<Coalesce>(std::move(type), std::move(values));
}

Shared::Shared(OperationPointer operation) : state_(std::make_shared<const SharedState>(std::move(operation))) {}
OperationPointer Shared::use() const { return std::make_unique<Use>(state_); }
const ValueType& Shared::type() const { return state_->type(); }

}  // namespace weir::expr
