// Loading of columns: from Arrow's layouts to vectors.
#include "column.hpp"

#include "calendar.hpp"

namespace weir::expr {
namespace {

const ColumnData& data_of(const Frame& frame, std::int64_t index) {
  return frame.columns[static_cast<std::size_t>(index)];
}

bool validity_of(const ArrowArray& array, std::int64_t first, int count, Bits& valid) {
  if (array.n_buffers == 0) {  // null type
    if (count > 0) valid = no_bits();
    return count == 0;
  }
  if (array.null_count == 0 || array.buffers[0] == nullptr) return true;
  valid = read_bits(static_cast<const std::uint8_t*>(array.buffers[0]), array.offset + first, count);
  return false;
}

// How a stored value T becomes one of the vector's type.
template <class To>
struct Plain {
  template <class From>
  To operator()(From value) const {
    return static_cast<To>(value);
  }
};
struct Half {
  double operator()(std::uint16_t bits) const { return to_float(weir::Half{bits}); }
};
struct Days {
  std::int64_t operator()(std::int64_t millis) const { return floor_divide(millis, 86'400'000); }
};

// Where the rows of a chunk stand in the array that holds the values: in order, or wherever a dictionary's indices say.
struct Rows {
  const ArrowArray& array;
  std::int64_t first;  // row 0 of the chunk, without the array's own offset; 0 with indices
  int count;
  const std::int64_t* indices;  // null: in order
};

template <class From, class To, class Convert>
void load_fixed(const Rows& rows, Vector& out, Convert convert) {
  const From* from = static_cast<const From*>(rows.array.buffers[1]) + rows.array.offset + rows.first;
  if constexpr (std::is_same_v<From, To> && std::is_same_v<Convert, Plain<To>>) {
    if (rows.indices == nullptr) {
      out.borrow(from);
      return;
    }
  }
  To* to = out.make<To>();
  if (rows.indices == nullptr) {
    for (int i = 0; i < rows.count; ++i) to[i] = convert(from[i]);
  } else {
    for (int i = 0; i < rows.count; ++i) to[i] = convert(from[rows.indices[i]]);
  }
}

void load_booleans(const Rows& rows, Vector& out) {
  const auto* bits = static_cast<const std::uint8_t*>(rows.array.buffers[1]);
  if (rows.indices == nullptr) {
    out.truth = read_bits(bits, rows.array.offset + rows.first, rows.count);
    return;
  }
  out.truth = no_bits();
  for (int i = 0; i < rows.count; ++i) {
    const std::int64_t bit = rows.array.offset + rows.indices[i];
    if (((bits[bit >> 3] >> (bit & 7)) & 1) != 0) set(out.truth, i);
  }
}

// Texts are looked at only where they are asked for and valid: what stands elsewhere may be garbage.
template <class Column>
void load_texts(const Rows& rows, const Bits& wanted, Vector& out) {
  const Column column(rows.array, rows.first);
  auto* to = out.make<std::string_view>();
  if (rows.indices == nullptr) {
    for_each(wanted, [&](int row) { to[row] = column[row]; });
  } else {
    for_each(wanted, [&](int row) { to[row] = column[rows.indices[row]]; });
  }
}

void load_values(Type type, const Rows& rows, const Bits& wanted, Vector& out) {
  using Word = std::int64_t;
  switch (type) {
    case Type::boolean: return load_booleans(rows, out);
    case Type::int8: return load_fixed<std::int8_t, Word>(rows, out, Plain<Word>());
    case Type::uint8: return load_fixed<std::uint8_t, Word>(rows, out, Plain<Word>());
    case Type::int16: return load_fixed<std::int16_t, Word>(rows, out, Plain<Word>());
    case Type::uint16: return load_fixed<std::uint16_t, Word>(rows, out, Plain<Word>());
    case Type::uint32: return load_fixed<std::uint32_t, Word>(rows, out, Plain<Word>());
    case Type::int32:
    case Type::date32:
    case Type::time32: return load_fixed<std::int32_t, Word>(rows, out, Plain<Word>());
    case Type::int64:
    case Type::timestamp:
    case Type::time64:
    case Type::duration: return load_fixed<Word, Word>(rows, out, Plain<Word>());
    case Type::date64: return load_fixed<Word, Word>(rows, out, Days());
    case Type::uint64: return load_fixed<std::uint64_t, Int128>(rows, out, Plain<Int128>());
    case Type::float16: return load_fixed<std::uint16_t, double>(rows, out, Half());
    case Type::float32: return load_fixed<float, double>(rows, out, Plain<double>());
    case Type::float64: return load_fixed<double, double>(rows, out, Plain<double>());
    case Type::utf8: return load_texts<TextColumn>(rows, wanted, out);
    case Type::large_utf8: return load_texts<LargeTextColumn>(rows, wanted, out);
    case Type::utf8_view: return load_texts<ViewColumn>(rows, wanted, out);
    default: return;
  }
}

// Decimals are 16 bytes that Arrow aligns to 8 only, so they are copied.
void load_decimals(const Rows& rows, Vector& out) {
  const auto* from = static_cast<const std::uint8_t*>(rows.array.buffers[1]) + 16 * (rows.array.offset + rows.first);
  auto* to = out.make<Int128>();
  if (rows.indices == nullptr) {
    if (rows.count > 0) std::memcpy(to, from, 16 * static_cast<std::size_t>(rows.count));
    return;
  }
  for (int i = 0; i < rows.count; ++i) std::memcpy(to + i, from + 16 * rows.indices[i], 16);
}

void load(Type type, const Rows& rows, const Bits& wanted, Vector& out) {
  if (type == Type::decimal128) {
    load_decimals(rows, out);
  } else {
    load_values(type, rows, wanted, out);
  }
}

class Column final : public Operation {
 public:
  Column(const ArrowSchema& field, std::int64_t index)
      : Operation(value_type_of(field)), index_(index), stored_(type_of(field).type) {
    if (field.dictionary == nullptr) return;
    dictionary_ = true;
    index_type_ = stored_;
    stored_ = type_of(*field.dictionary).type;
  }

  std::int64_t column() const override { return index_; }
  RawColumn raw() const {
    const bool fixed = !dictionary_ && (is_word(type().kind) || type().kind == Kind::real);
    return fixed && stored_ != Type::date64 && stored_ != Type::float16 ? RawColumn{index_, stored_} : RawColumn{};
  }

  bool is_utf8() const { return !dictionary_ && stored_ == Type::utf8; }

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    const ColumnData& data = data_of(frame, index_);
    const std::int64_t first = data.outer + frame.begin;
    out.all_valid = validity_of(*data.array, first, frame.count, out.valid);
    if (dictionary_) {
      run_dictionary(frame, *data.array, first, live, out);
    } else {
      load(stored_, {*data.array, first, frame.count, nullptr}, out.valid_of(live), out);
    }
    if (type().kind == Kind::boolean && !out.all_valid) out.truth = out.truth & out.valid;
  }

 private:
  void run_dictionary(Frame& frame, const ArrowArray& array, std::int64_t first, const Bits& live, Vector& out) const {
    const ArrowArray& values = *array.dictionary;
    Vector loaded(frame.scratch);
    Vector safe(frame.scratch);
    if (index_type_ == Type::uint64) {  // an index never needs the last bit
      load_fixed<std::int64_t, std::int64_t>({array, first, frame.count, nullptr}, loaded, Plain<std::int64_t>());
    } else {
      load_values(index_type_, {array, first, frame.count, nullptr}, live, loaded);
    }
    // What an index is where the row is null, nobody knows; row 0 is as good as any, if there is one.
    auto* indices = safe.make<std::int64_t>();
    std::memset(indices, 0, sizeof(std::int64_t) * static_cast<std::size_t>(frame.count));
    const Bits wanted = out.valid_of(live);
    const auto* from = loaded.values<std::int64_t>();
    for_each(wanted, [&](int row) { indices[row] = from[row]; });
    if (values.length == 0) return out.set_valid(no_bits());
    Bits known = wanted;
    if (values.n_buffers > 0 && values.null_count != 0 && values.buffers[0] != nullptr) {
      const Validity validity(values);
      known = no_bits();
      for_each(wanted, [&](int row) {
        if (validity.valid(indices[row])) set(known, row);
      });
      out.set_valid(known);
    }
    load(stored_, {values, 0, frame.count, indices}, known, out);
  }

  std::int64_t index_;
  Type stored_;
  Type index_type_ = Type::unknown;
  bool dictionary_ = false;
};

class ConstantOperation final : public Operation {
 public:
  ConstantOperation(ValueType type, Constant value) : Operation(std::move(type)), value_(std::move(value)) {}

  const Constant* constant() const override { return &value_; }

  void run(Frame& frame, const Bits& /*live*/, Vector& out) const override {
    if (value_.null) out.set_valid(no_bits());
    switch (type().kind) {
      case Kind::boolean: out.truth = value_.boolean && !value_.null ? all_bits() : no_bits(); return;
      case Kind::real: return fill(frame, out.make<double>(), value_.real);
      case Kind::decimal: return fill(frame, out.make<Int128>(), value_.decimal);
      case Kind::text: return fill(frame, out.make<std::string_view>(), std::string_view(value_.text));
      case Kind::null: out.truth = no_bits(); return;
      default: return fill(frame, out.make<std::int64_t>(), value_.word);
    }
  }

 private:
  template <class T>
  static void fill(const Frame& frame, T* to, const T& value) {
    for (int i = 0; i < frame.count; ++i) to[i] = value;
  }

  Constant value_;
};

class ColumnIsNull final : public Operation {
 public:
  ColumnIsNull(const ArrowSchema& field, std::int64_t index, bool negated)
      : Operation({.kind = Kind::boolean}), index_(index), negated_(negated), dictionary_(field.dictionary != nullptr) {
    if (dictionary_ && value_type_of(field).kind != Kind::other) values_ = column_operation(field, index);
  }

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    bool all_valid = true;
    Bits valid;
    if (values_ != nullptr) {
      Vector loaded(frame.scratch);
      values_->run(frame, live, loaded);
      all_valid = loaded.all_valid;
      if (!all_valid) valid = loaded.valid;
    } else {
      all_valid = load_validity(frame, index_, valid);
    }
    if (all_valid) {
      out.truth = negated_ ? live : no_bits();
    } else {
      out.truth = negated_ ? live & valid : live - valid;
    }
  }

 private:
  std::int64_t index_;
  bool negated_;
  bool dictionary_;
  OperationPointer values_;
};

}  // namespace

std::unique_ptr<const Operation> column_operation(const ArrowSchema& field, std::int64_t index) {
  return std::make_unique<Column>(field, index);
}

std::unique_ptr<const Operation> constant_operation(ValueType type, Constant value) {
  return std::make_unique<ConstantOperation>(std::move(type), std::move(value));
}

std::unique_ptr<const Operation> column_is_null(const ArrowSchema& field, std::int64_t index, bool negated) {
  return std::make_unique<ColumnIsNull>(field, index, negated);
}

void load_at(const ArrowSchema& field, const ArrowArray& array, const std::int64_t* indices, const Bits& wanted,
             int count, Vector& out) {
  load(type_of(field).type, {array, 0, count, indices}, wanted, out);
}

bool load_validity(const Frame& frame, std::int64_t index, Bits& valid) {
  const ColumnData& data = data_of(frame, index);
  return validity_of(*data.array, data.outer + frame.begin, frame.count, valid);
}

RawColumn raw_column_of(const Operation& operation) {
  const auto* column = dynamic_cast<const Column*>(&operation);
  return column == nullptr ? RawColumn{} : column->raw();
}

std::int64_t utf8_column_of(const Operation& operation) {
  const auto* column = dynamic_cast<const Column*>(&operation);
  return column != nullptr && column->is_utf8() ? column->column() : -1;
}

}  // namespace weir::expr
