#include "row_hash.hpp"

#include <bit>
#include <cmath>
#include <string>
#include <string_view>

#include <weir/cpp/value_text.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::sample {
namespace {

// What a value is. The numbers are part of the answer: they never change.
enum class Kind : std::uint64_t {
  null = 0,
  boolean = 1,
  integer = 2,
  large_integer = 3,  // beyond int64
  real = 4,
  decimal = 5,
  text = 6,
  bytes = 7,
  nested = 8,
  moment = 16,  // and the type: dates, times, timestamps, durations
};

std::uint64_t seed_with(std::uint64_t hash, std::uint64_t kind) { return hash ^ ((kind + 1) * 0x9E3779B97F4A7C15ULL); }

void take_bytes(std::uint64_t& hash, Kind kind, std::string_view bytes) {
  hash = XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed_with(hash, static_cast<std::uint64_t>(kind)));
}

template <class T>
void take_value(std::uint64_t& hash, std::uint64_t kind, T value) {
  hash = XXH3_64bits_withSeed(&value, sizeof value, seed_with(hash, kind));
}

void take_null(std::uint64_t& hash) { take_bytes(hash, Kind::null, {}); }

// Calls take(hash, value) for each row that is not null.
template <class Column, class Take>
void each(const Column& column, Hashes& hashes, const Take& take) {
  for (std::size_t row = 0; row < hashes.size(); ++row) {
    const auto at = static_cast<std::int64_t>(row);
    if (column.valid(at)) {
      take(hashes[row], column[at]);
    } else {
      take_null(hashes[row]);
    }
  }
}

void take_integer(std::uint64_t& hash, std::int64_t value) {
  take_value(hash, static_cast<std::uint64_t>(Kind::integer), value);
}

template <class T>
void integers(const ArrowArray& column, std::int64_t outer, Hashes& hashes) {
  each(NumberColumn<T>(column, outer), hashes, [](std::uint64_t& hash, T value) { take_integer(hash, value); });
}

void large_integers(const ArrowArray& column, std::int64_t outer, Hashes& hashes) {
  each(NumberColumn<std::uint64_t>(column, outer), hashes, [](std::uint64_t& hash, std::uint64_t value) {
    if (value <= INT64_MAX) return take_integer(hash, static_cast<std::int64_t>(value));
    take_value(hash, static_cast<std::uint64_t>(Kind::large_integer), value);
  });
}

double as_double(Half value) { return static_cast<double>(to_float(value)); }
double as_double(float value) { return static_cast<double>(value); }
double as_double(double value) { return value; }

template <class T>
void reals(const ArrowArray& column, std::int64_t outer, Hashes& hashes) {
  each(NumberColumn<T>(column, outer), hashes, [](std::uint64_t& hash, T value) {
    double real = as_double(value);
    if (std::isnan(real)) real = std::bit_cast<double>(0x7FF8000000000000ULL);
    if (real == 0) real = 0;  // -0 too
    take_value(hash, static_cast<std::uint64_t>(Kind::real), real);
  });
}

template <class T>
void values(std::uint64_t kind, const ArrowArray& column, std::int64_t outer, Hashes& hashes) {
  each(NumberColumn<T>(column, outer), hashes, [kind](std::uint64_t& hash, T value) { take_value(hash, kind, value); });
}

template <class Column>
void texts(Kind kind, const Column& column, Hashes& hashes) {
  each(column, hashes, [kind](std::uint64_t& hash, std::string_view value) { take_bytes(hash, kind, value); });
}

void shown(const ArrowSchema& field, const ArrowArray& column, std::int64_t outer, Hashes& hashes) {
  std::string text;
  for (std::size_t row = 0; row < hashes.size(); ++row) {
    const auto at = static_cast<std::int64_t>(row);
    if (is_null_at(field, column, outer, at)) {
      take_null(hashes[row]);
      continue;
    }
    text.clear();
    append_value(text, field, column, outer, at);
    take_bytes(hashes[row], Kind::nested, text);
  }
}

std::uint64_t kind_of_moment(const TypeInfo& info) {
  return static_cast<std::uint64_t>(Kind::moment) + 4 * static_cast<std::uint64_t>(info.type) +
         static_cast<std::uint64_t>(info.unit);
}

}  // namespace

std::uint64_t hash_of_seed(std::int64_t seed) { return XXH3_64bits(&seed, sizeof seed); }

void take_column_in(const ArrowSchema& field, const ArrowArray& column, std::int64_t outer, Hashes& hashes) {
  if (field.dictionary != nullptr) return shown(field, column, outer, hashes);
  const TypeInfo info = type_of(field);
  switch (info.type) {
    case Type::boolean:
      return each(BooleanColumn(column, outer), hashes, [](std::uint64_t& hash, bool value) {
        take_value(hash, static_cast<std::uint64_t>(Kind::boolean), static_cast<std::uint8_t>(value ? 1 : 0));
      });
    case Type::int8: return integers<std::int8_t>(column, outer, hashes);
    case Type::uint8: return integers<std::uint8_t>(column, outer, hashes);
    case Type::int16: return integers<std::int16_t>(column, outer, hashes);
    case Type::uint16: return integers<std::uint16_t>(column, outer, hashes);
    case Type::int32: return integers<std::int32_t>(column, outer, hashes);
    case Type::uint32: return integers<std::uint32_t>(column, outer, hashes);
    case Type::int64: return integers<std::int64_t>(column, outer, hashes);
    case Type::uint64: return large_integers(column, outer, hashes);
    case Type::float16: return reals<Half>(column, outer, hashes);
    case Type::float32: return reals<float>(column, outer, hashes);
    case Type::float64: return reals<double>(column, outer, hashes);
    case Type::decimal128: return values<Int128>(static_cast<std::uint64_t>(Kind::decimal), column, outer, hashes);
    case Type::utf8: return texts(Kind::text, TextColumn(column, outer), hashes);
    case Type::large_utf8: return texts(Kind::text, LargeTextColumn(column, outer), hashes);
    case Type::utf8_view: return texts(Kind::text, ViewColumn(column, outer), hashes);
    case Type::binary: return texts(Kind::bytes, TextColumn(column, outer), hashes);
    case Type::large_binary: return texts(Kind::bytes, LargeTextColumn(column, outer), hashes);
    case Type::binary_view: return texts(Kind::bytes, ViewColumn(column, outer), hashes);
    case Type::fixed_binary: return texts(Kind::bytes, FixedBinaryColumn(column, info.width, outer), hashes);
    case Type::date32:
    case Type::time32: return values<std::int32_t>(kind_of_moment(info), column, outer, hashes);
    case Type::date64:
    case Type::time64:
    case Type::timestamp:
    case Type::duration: return values<std::int64_t>(kind_of_moment(info), column, outer, hashes);
    default: return shown(field, column, outer, hashes);
  }
}

}  // namespace weir::sample
