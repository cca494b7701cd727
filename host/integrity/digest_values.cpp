// A loop for each type. What is checked on the way is what is used as an address: the O(1) checks of a batch don't see it.
#include "integrity/digest_values.hpp"

#include <array>
#include <bit>
#include <limits>

namespace weir::integrity {
namespace {

using arrow::Form;
using arrow::load;
using base::Result;
using weir::Type;

template <class T>
void hash_integers(Kind kind, const Values& values, Hash* out) {
  const void* in = values.array.buffers[1];
  for_each_row(values.rows, [=](std::int64_t i, std::int64_t row) {
    out[i] = word_value(kind, static_cast<std::uint64_t>(std::int64_t{load<T>(in, row)}));
  });
}

void hash_unsigned_words(const Values& values, Hash* out) {
  const void* in = values.array.buffers[1];
  for_each_row(values.rows, [=](std::int64_t i, std::int64_t row) {
    const auto word = load<std::uint64_t>(in, row);
    const std::uint64_t words[] = {word, 0};
    out[i] = (word >> 63U) == 0 ? word_value(Kind::integer, word) : long_value(Kind::integer, words);
  });
}

// What is whole is hashed as the integer that it is, so that it does not matter whether 3 went through a column of doubles.
Hash hash_real(double value) {
  const bool in_range = value >= -0x1p63 && value < 0x1p63;  // a NaN is not
  const auto whole = static_cast<std::int64_t>(in_range ? value : 0.0);
  const bool is_whole = in_range && static_cast<double>(whole) == value;
  const double real = value == value ? value : std::numeric_limits<double>::quiet_NaN();
  return word_value(is_whole ? Kind::integer : Kind::real,
                    is_whole ? static_cast<std::uint64_t>(whole) : std::bit_cast<std::uint64_t>(real));
}

double number_of(double value) { return value; }
double number_of(float value) { return value; }
double number_of(weir::Half value) { return weir::to_float(value); }

template <class T>
void hash_reals(const Values& values, Hash* out) {
  const void* in = values.array.buffers[1];
  for_each_row(values.rows, [=](std::int64_t i, std::int64_t row) { out[i] = hash_real(number_of(load<T>(in, row))); });
}

// Counts of a unit, as nanoseconds.
template <class T>
void hash_nanoseconds(Kind kind, const Values& values, Hash* out) {
  static constexpr std::array<std::int64_t, 4> kNanoseconds{1'000'000'000, 1'000'000, 1'000, 1};
  const std::int64_t unit = kNanoseconds[static_cast<std::size_t>(values.layout.type.unit)];
  const void* in = values.array.buffers[1];
  for_each_row(values.rows, [=](std::int64_t i, std::int64_t row) {
    const auto exact = static_cast<weir::Int128>(load<T>(in, row)) * unit;
    const auto word = static_cast<std::uint64_t>(exact);
    const std::uint64_t words[] = {word, static_cast<std::uint64_t>(exact >> 64U)};
    out[i] = exact == static_cast<std::int64_t>(word) ? word_value(kind, word) : long_value(kind, words);
  });
}

void hash_days(const Values& values, Hash* out) {
  constexpr std::int64_t kDay = 86'400'000;
  const void* in = values.array.buffers[1];
  for_each_row(values.rows, [=](std::int64_t i, std::int64_t row) {
    const auto milliseconds = load<std::int64_t>(in, row);
    const std::int64_t days = milliseconds / kDay - (milliseconds % kDay < 0 ? 1 : 0);
    out[i] = word_value(Kind::date, static_cast<std::uint64_t>(days));
  });
}

Hash hash_interval(std::int64_t months, std::int64_t days, std::int64_t nanoseconds) {
  Murmur hash(static_cast<std::uint32_t>(Kind::interval));
  hash.block(static_cast<std::uint64_t>(months), static_cast<std::uint64_t>(days));
  hash.tail(static_cast<std::uint64_t>(nanoseconds), 0);
  return hash.finish(24);
}

void hash_intervals(const Values& values, Hash* out) {
  const void* in = values.array.buffers[1];
  const std::int32_t width = values.layout.type.width;
  for_each_row(values.rows, [=](std::int64_t i, std::int64_t row) {
    if (width == 4) {
      out[i] = hash_interval(load<std::int32_t>(in, row), 0, 0);
    } else if (width == 8) {
      const auto value = load<weir::DaysTime>(in, row);
      out[i] = hash_interval(0, value.days, std::int64_t{value.milliseconds} * 1'000'000);
    } else {
      const auto value = load<weir::MonthsDays>(in, row);
      out[i] = hash_interval(value.months, value.days, value.nanoseconds);
    }
  });
}

void hash_booleans(const Values& values, Hash* out) {
  const void* in = values.array.buffers[1];
  for_each_row(values.rows, [=](std::int64_t i, std::int64_t row) {
    out[i] = word_value(Kind::boolean, arrow::bit_at(in, row) ? 1 : 0);
  });
}

Kind kind_of_bytes(const arrow::Layout& layout) { return layout.utf8 ? Kind::text : Kind::binary; }

template <class Offset>
Result<void> hash_texts(const Values& values, Hash* out) {
  const ArrowArray& array = values.array;
  const void* offsets = array.buffers[1];
  const auto* data = static_cast<const std::uint8_t*>(array.buffers[2]);
  const std::int64_t limit = array.length == 0 ? 0 : std::int64_t{load<Offset>(offsets, array.offset + array.length)};
  const Kind kind = kind_of_bytes(values.layout);
  bool bad = false;
  for_each_row(values.rows, [&](std::int64_t i, std::int64_t row) {
    if (!values.valid(row)) return;
    const std::int64_t from = load<Offset>(offsets, row), to = load<Offset>(offsets, row + 1);
    if (from < 0 || to < from || to > limit) {
      bad = true;
      return;
    }
    out[i] = bytes_value(kind, data + from, static_cast<std::size_t>(to - from), limit - to >= 16);
  });
  if (!bad) return {};
  return arrow::bad_batch(values.path,
                          "expected ascending offsets of at most " + std::to_string(limit) + ", found others");
}

Result<void> hash_views(const Values& values, Hash* out) {
  const ArrowArray& array = values.array;
  const auto* views = static_cast<const std::uint8_t*>(array.buffers[1]);
  const void* sizes = array.buffers[array.n_buffers - 1];
  const Kind kind = kind_of_bytes(values.layout);
  bool bad = false;
  for_each_row(values.rows, [&](std::int64_t i, std::int64_t row) {
    if (!values.valid(row)) return;
    const std::uint8_t* view = views + 16 * row;
    const std::int64_t length = load<std::int32_t>(view, 0);
    if (length >= 0 && length <= 12) {
      out[i] = bytes_value(kind, view + 4, static_cast<std::size_t>(length), false);
      return;
    }
    const std::int64_t buffer = load<std::int32_t>(view, 2), offset = load<std::int32_t>(view, 3);
    const bool known = length >= 0 && buffer >= 0 && buffer < array.n_buffers - 3;
    const std::int64_t size = known ? load<std::int64_t>(sizes, buffer) : 0;
    if (!known || offset < 0 || offset > size - length) {
      bad = true;
      return;
    }
    const auto* text = static_cast<const std::uint8_t*>(array.buffers[2 + buffer]) + offset;
    out[i] = bytes_value(kind, text, static_cast<std::size_t>(length), size - offset - length >= 16);
  });
  if (!bad) return {};
  return arrow::bad_batch(values.path, "expected views within its data buffers, found others");
}

void hash_fixed_binaries(const Values& values, Hash* out) {
  const auto* data = static_cast<const std::uint8_t*>(values.array.buffers[1]);
  const std::int64_t width = values.layout.width, end = (values.array.offset + values.array.length) * width;
  for_each_row(values.rows, [=](std::int64_t i, std::int64_t row) {
    out[i] =
        bytes_value(Kind::binary, data + row * width, static_cast<std::size_t>(width), end - (row + 1) * width >= 16);
  });
}

Kind kind_of_timestamp(const weir::TypeInfo& type) { return type.zone.empty() ? Kind::timestamp : Kind::instant; }

void hash_fixed(const Values& values, Hash* out) {
  const weir::TypeInfo& type = values.layout.type;
  switch (type.type) {
    case Type::int8: return hash_integers<std::int8_t>(Kind::integer, values, out);
    case Type::uint8: return hash_integers<std::uint8_t>(Kind::integer, values, out);
    case Type::int16: return hash_integers<std::int16_t>(Kind::integer, values, out);
    case Type::uint16: return hash_integers<std::uint16_t>(Kind::integer, values, out);
    case Type::int32: return hash_integers<std::int32_t>(Kind::integer, values, out);
    case Type::uint32: return hash_integers<std::uint32_t>(Kind::integer, values, out);
    case Type::int64: return hash_integers<std::int64_t>(Kind::integer, values, out);
    case Type::uint64: return hash_unsigned_words(values, out);
    case Type::float16: return hash_reals<weir::Half>(values, out);
    case Type::float32: return hash_reals<float>(values, out);
    case Type::float64: return hash_reals<double>(values, out);
    case Type::decimal128:
    case Type::decimal256: return hash_decimals(values, out);
    case Type::date32: return hash_integers<std::int32_t>(Kind::date, values, out);
    case Type::date64: return hash_days(values, out);
    case Type::time32: return hash_nanoseconds<std::int32_t>(Kind::time, values, out);
    case Type::time64: return hash_nanoseconds<std::int64_t>(Kind::time, values, out);
    case Type::timestamp: return hash_nanoseconds<std::int64_t>(kind_of_timestamp(type), values, out);
    case Type::duration: return hash_nanoseconds<std::int64_t>(Kind::duration, values, out);
    case Type::interval: return hash_intervals(values, out);
    default: return hash_fixed_binaries(values, out);
  }
}

}  // namespace

Result<void> hash_values(const Values& values, Hash* out) {
  switch (values.layout.form) {
    case Form::bits: hash_booleans(values, out); return {};
    case Form::fixed: hash_fixed(values, out); return {};
    case Form::text32: return hash_texts<std::int32_t>(values, out);
    case Form::text64: return hash_texts<std::int64_t>(values, out);
    case Form::view: return hash_views(values, out);
    default: return {};
  }
}

}  // namespace weir::integrity
