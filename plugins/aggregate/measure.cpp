#include "measure.hpp"

#include <cmath>
#include <vector>

#include <weir/cpp/text_numbers.hpp>

#include "cell.hpp"
#include "distinct.hpp"
#include "exact_sum.hpp"
#include "picked.hpp"

namespace weir::aggregate {
namespace {

const ArrowSchema& field_of(const ArrowSchema& input, std::int64_t column) { return *input.children[column]; }

// Calls take(row, value) for each row of the column that is not null, `value` a number.
template <class Take>
void each_number_of(const ArrowSchema& input, std::int64_t column, const Batch& batch, const Take& take) {
  each_value(field_of(input, column), batch.column(column), batch.outer(), batch.length(),
             [&take]<class T>(std::int64_t row, ValueKind /*kind*/, T value) {
               if constexpr (!std::is_same_v<T, std::string_view>) take(static_cast<std::size_t>(row), value);
             });
}

class Count final : public Measure {
 public:
  Count(const ArrowSchema& input, std::int64_t column) : input_(input), column_(column) {}
  void resize(std::size_t groups) override { counts_.resize(groups); }
  void add(const Batch& batch, std::span<const std::uint32_t> groups) override {
    if (column_ < 0) {
      for (const std::uint32_t group : groups) ++counts_[group];
      return;
    }
    const ArrowSchema& field = field_of(input_, column_);
    if (field.dictionary == nullptr && type_of(field).type == Type::null) return;
    const Validity validity(batch.column(column_), batch.outer());
    for (std::size_t row = 0; row < groups.size(); ++row)
      counts_[groups[row]] += validity.valid(static_cast<std::int64_t>(row)) ? 1U : 0U;
  }
  void pack(std::size_t from, std::size_t to, For /*whom*/, std::string& bytes) override {
    for (std::size_t i = from; i < to; ++i) append_value(bytes, counts_[i]);
  }
  void unpack(Unpacker& from, std::span<const std::uint32_t> groups, For /*whom*/) override {
    for (const std::uint32_t group : groups) counts_[group] += from.take<std::uint64_t>();
  }
  Array finish(std::size_t from, std::size_t to) const override {
    NumberBuilder<std::int64_t> builder;
    for (std::size_t i = from; i < to; ++i) builder.append(static_cast<std::int64_t>(counts_[i]));
    return builder.finish();
  }
  std::uint64_t bytes() const override { return counts_.capacity() * sizeof(std::uint64_t); }

 private:
  const ArrowSchema& input_;
  std::int64_t column_;
  std::vector<std::uint64_t> counts_;
};

std::string text_of(Int128 value, std::int32_t scale) {
  char room[text::kMaxDecimal];
  return {room, static_cast<std::size_t>(text::write_decimal(room, value, scale) - room)};
}

// Sums and means of integers and decimals, in 128 bits and what is carried beyond them.
class WholeSum final : public Measure {
 public:
  WholeSum(const ArrowSchema& input, std::int64_t column, bool is_mean)
      : input_(input), column_(column), info_(type_of(field_of(input, column))), is_mean_(is_mean) {}

  Schema field(std::string_view name) const {
    if (is_mean_) return Schema::field("g", name);
    if (info_.type == Type::duration) return Schema::field(format_of(info_), name);
    if (info_.type == Type::decimal128) return Schema::field("d:38," + std::to_string(info_.scale), name);
    return Schema::field(info_.type == Type::uint64 ? "L" : "l", name);
  }
  void resize(std::size_t groups) override { sums_.resize(groups); }
  void add(const Batch& batch, std::span<const std::uint32_t> groups) override {
    each_number_of(input_, column_, batch, [&](std::size_t row, auto value) {
      Sum& sum = sums_[groups[row]];
      ++sum.count;
      if constexpr (sizeof value <= 8) {
        sum.low += static_cast<Int128>(value);  // 2^63 of 64 bits fit
      } else if constexpr (std::is_same_v<decltype(value), Int128>) {
        add_to(sum, value, 0);
      }
    });
  }
  void pack(std::size_t from, std::size_t to, For /*whom*/, std::string& bytes) override {
    for (std::size_t i = from; i < to; ++i) append_value(bytes, sums_[i]);
  }
  void unpack(Unpacker& from, std::span<const std::uint32_t> groups, For /*whom*/) override {
    for (const std::uint32_t group : groups) {
      const auto other = from.take<Sum>();
      add_to(sums_[group], other.low, other.high);
      sums_[group].count += other.count;
    }
  }
  Array finish(std::size_t from, std::size_t to) const override {
    if (is_mean_) return means(from, to);
    if (info_.type == Type::decimal128) {
      Int128 most = 1;
      for (int i = 0; i < 38; ++i) most *= 10;
      return column<Int128>(from, to, 1 - most, most - 1, "a decimal(38," + std::to_string(info_.scale) + ")");
    }
    if (info_.type == Type::uint64) return column<std::uint64_t>(from, to, 0, UINT64_MAX, "a uint64");
    return column<std::int64_t>(from, to, INT64_MIN, INT64_MAX,
                                info_.type == Type::duration ? "a duration" : "an int64");
  }
  std::uint64_t bytes() const override { return sums_.capacity() * sizeof(Sum); }

 private:
  struct Sum {
    Int128 low = 0;
    std::int64_t high = 0;  // times 2^128: what was carried
    std::uint64_t count = 0;
  };
  static void add_to(Sum& sum, Int128 low, std::int64_t high) {
    sum.high += high;
    if (__builtin_add_overflow(sum.low, low, &sum.low)) sum.high += low > 0 ? 1 : -1;
  }
  template <class T>
  Array column(std::size_t from, std::size_t to, Int128 least, Int128 most, const std::string& range) const {
    NumberBuilder<T> builder;
    for (std::size_t i = from; i < to; ++i) {
      const Sum& sum = sums_[i];
      if (sum.count == 0) {
        builder.append_null();
      } else if (sum.high != 0) {
        throw BeyondRange{i, "one beyond 128 bits", range};
      } else if (sum.low < least || sum.low > most) {
        throw BeyondRange{i, text_of(sum.low, info_.type == Type::decimal128 ? info_.scale : 0), range};
      } else {
        builder.append(static_cast<T>(sum.low));
      }
    }
    return builder.finish();
  }
  Array means(std::size_t from, std::size_t to) const {
    const double unit = info_.type == Type::decimal128 ? std::pow(10.0, info_.scale) : 1;
    NumberBuilder<double> builder;
    for (std::size_t i = from; i < to; ++i) {
      const Sum& sum = sums_[i];
      const double whole = static_cast<double>(sum.low) + static_cast<double>(sum.high) * 0x1p128;
      if (sum.count == 0) {
        builder.append_null();
      } else {
        builder.append(whole / static_cast<double>(sum.count) / unit);
      }
    }
    return builder.finish();
  }

  const ArrowSchema& input_;
  std::int64_t column_;
  TypeInfo info_;
  bool is_mean_;
  std::vector<Sum> sums_;
};

// Sums and means of floats, exact until they are rounded once.
class RealSum final : public Measure {
 public:
  RealSum(const ArrowSchema& input, std::int64_t column, bool is_mean)
      : input_(input), column_(column), is_mean_(is_mean) {}
  void resize(std::size_t groups) override {
    sums_.resize(groups);
    counts_.resize(groups);
  }
  void add(const Batch& batch, std::span<const std::uint32_t> groups) override {
    each_number_of(input_, column_, batch, [&](std::size_t row, auto value) {
      const std::uint32_t group = groups[row];
      ++counts_[group];
      const bool was_wide = sums_[group].is_wide();
      sums_[group].add(static_cast<double>(value));
      if (!was_wide && sums_[group].is_wide()) ++wide_;
    });
  }
  void pack(std::size_t from, std::size_t to, For /*whom*/, std::string& bytes) override {
    for (std::size_t i = from; i < to; ++i) {
      append_value(bytes, counts_[i]);
      sums_[i].pack(bytes);
    }
  }
  void unpack(Unpacker& from, std::span<const std::uint32_t> groups, For /*whom*/) override {
    for (const std::uint32_t group : groups) {
      counts_[group] += from.take<std::uint64_t>();
      ExactSum other;
      other.unpack(from);
      const bool was_wide = sums_[group].is_wide();
      sums_[group].add(other);
      if (!was_wide && sums_[group].is_wide()) ++wide_;
    }
  }
  Array finish(std::size_t from, std::size_t to) const override {
    NumberBuilder<double> builder;
    for (std::size_t i = from; i < to; ++i) {
      if (counts_[i] == 0) {
        builder.append_null();
      } else {
        builder.append(is_mean_ ? sums_[i].value() / static_cast<double>(counts_[i]) : sums_[i].value());
      }
    }
    return builder.finish();
  }
  std::uint64_t bytes() const override {
    return sums_.capacity() * (sizeof(ExactSum) + sizeof(std::uint64_t)) + wide_ * (sizeof(WideNumber) + 16);
  }

 private:
  const ArrowSchema& input_;
  std::int64_t column_;
  bool is_mean_;
  std::vector<ExactSum> sums_;
  std::vector<std::uint64_t> counts_;
  std::uint64_t wide_ = 0;
};

// The field of a value of the column, which may be null: a group has perhaps none.
Schema field_like(const ArrowSchema& field, std::string_view name) {
  return Schema::field(field.format, name, true, metadata_of(field));
}

std::unique_ptr<Measure> extreme(const ArrowSchema& input, std::int64_t column, bool is_greatest) {
  switch (cell_kind(field_of(input, column))) {
    case CellKind::natural: return std::make_unique<Extreme<std::uint64_t>>(input, column, is_greatest);
    case CellKind::real: return std::make_unique<Extreme<double>>(input, column, is_greatest);
    case CellKind::decimal: return std::make_unique<Extreme<Int128>>(input, column, is_greatest);
    case CellKind::boolean: return std::make_unique<Extreme<std::uint8_t>>(input, column, is_greatest);
    case CellKind::text:
    case CellKind::none: return std::make_unique<Extreme<std::string>>(input, column, is_greatest);
    default: return std::make_unique<Extreme<std::int64_t>>(input, column, is_greatest);
  }
}

}  // namespace

std::pair<std::unique_ptr<Measure>, Schema> make_measure(const Call& call, const ArrowSchema& input,
                                                         std::string_view name, std::uint64_t most_bytes) {
  if (call.function == Function::count)
    return {std::make_unique<Count>(input, call.column), Schema::field("l", name, false)};
  if (call.function == Function::count_distinct)
    return {std::make_unique<Distinct>(input, call.column, most_bytes), Schema::field("l", name, false)};
  const ArrowSchema& field = field_of(input, call.column);
  const bool is_mean = call.function == Function::avg;
  switch (call.function) {
    case Function::min: return {extreme(input, call.column, false), field_like(field, name)};
    case Function::max: return {extreme(input, call.column, true), field_like(field, name)};
    case Function::first: return {std::make_unique<Picked>(input, call.column, false), field_like(field, name)};
    case Function::last: return {std::make_unique<Picked>(input, call.column, true), field_like(field, name)};
    default: break;
  }
  if (cell_kind(field) == CellKind::real)
    return {std::make_unique<RealSum>(input, call.column, is_mean), Schema::field("g", name)};
  auto sum = std::make_unique<WholeSum>(input, call.column, is_mean);
  Schema made = sum->field(name);
  return {std::move(sum), std::move(made)};
}

}  // namespace weir::aggregate
