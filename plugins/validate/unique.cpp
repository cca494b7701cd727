#include "unique.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include <weir/cpp/shown_size.hpp>
#include <weir/weir.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::validate {
namespace {

constexpr std::int64_t kAhead = 8;  // rows between asking for memory and looking at it

KeyHash hash_of(const void* bytes, std::size_t size) {
  const XXH128_hash_t hash = XXH3_128bits(bytes, size);
  return {hash.low64, hash.high64};
}

template <class T>
KeyHash hash_of_value(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(value)) value = std::numeric_limits<T>::quiet_NaN();
    if (value == 0) value = 0;  // -0 too
  }
  return hash_of(&value, sizeof value);
}

// Calls take(row, hash) for the rows of a column that are not null, and none(row) for the others.
template <class Column, class Hash, class Take, class None>
void each(const Column& column, std::int64_t rows, const Hash& hash, const Take& take, const None& none) {
  for (std::int64_t row = 0; row < rows; ++row) {
    if (column.valid(row)) {
      take(row, hash(column[row]));
    } else {
      none(row);
    }
  }
}

template <class Take, class None>
void each_hash(Type type, const ColumnView& view, const Take& take, const None& none) {
  const auto number = [&]<class T>(T) {
    each(NumberColumn<T>(*view.array, view.outer), view.rows, [](T value) { return hash_of_value(value); }, take, none);
  };
  const auto text = [](std::string_view value) { return hash_of(value.data(), value.size()); };
  switch (type) {
    case Type::boolean:
      return each(
          BooleanColumn(*view.array, view.outer), view.rows,
          [](bool value) { return hash_of_value(static_cast<std::uint8_t>(value ? 1 : 0)); }, take, none);
    case Type::utf8: return each(TextColumn(*view.array, view.outer), view.rows, text, take, none);
    case Type::large_utf8: return each(LargeTextColumn(*view.array, view.outer), view.rows, text, take, none);
    case Type::utf8_view: return each(ViewColumn(*view.array, view.outer), view.rows, text, take, none);
    case Type::decimal128: return number(Int128{});
    case Type::float64: return number(double{});
    case Type::float32: return number(float{});
    case Type::int8: return number(std::int8_t{});
    case Type::uint8: return number(std::uint8_t{});
    case Type::int16: return number(std::int16_t{});
    case Type::uint16: return number(std::uint16_t{});
    case Type::int32:
    case Type::date32:
    case Type::time32: return number(std::int32_t{});
    case Type::uint32: return number(std::uint32_t{});
    default: return number(std::int64_t{});  // the order of the bits does not matter: uint64 too
  }
}

}  // namespace

UniqueKey::UniqueKey(Problem problem, std::vector<std::int64_t> columns, std::vector<ColumnType> types,
                     std::uint64_t most_bytes)
    : problem_(std::move(problem)),
      columns_(std::move(columns)),
      types_(std::move(types)),
      most_bytes_(most_bytes),
      seen_(most_bytes) {}

void UniqueKey::hash(const std::vector<ColumnView>& columns) {
  const auto rows = static_cast<std::size_t>(columns.front().rows);
  hashes_.assign(rows, {});
  null_.assign(rows, 0);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    each_hash(
        types_[i].info().type, columns[i],
        [&](std::int64_t row, KeyHash hash) {
          KeyHash& made = hashes_[static_cast<std::size_t>(row)];
          if (i == 0) {
            made = hash;
            return;
          }
          const KeyHash both[2] = {made, hash};
          made = hash_of(both, sizeof both);
        },
        [&](std::int64_t row) { null_[static_cast<std::size_t>(row)] = 1; });
  }
}

void UniqueKey::run(const std::vector<ColumnView>& columns, Findings& findings) {
  hash(columns);
  const auto rows = static_cast<std::int64_t>(hashes_.size());
  for (std::int64_t row = 0; row < rows; ++row) {
    if (row + kAhead < rows) seen_.prefetch(hashes_[static_cast<std::size_t>(row + kAhead)]);
    if (null_[static_cast<std::size_t>(row)] != 0 || findings.has(row)) continue;
    const KeySet::Added added = seen_.add(hashes_[static_cast<std::size_t>(row)]);
    if (added == KeySet::Added::seen) findings.add(row, problem_);
    if (added == KeySet::Added::full) throw full().row(row);
  }
}

void UniqueKey::restore(std::string_view value) {
  const KeySet::Restored restored = seen_.restore(value);
  if (restored == KeySet::Restored::full) throw full();
  if (restored == KeySet::Restored::foreign) throw foreign_state();
}

Failure UniqueKey::full() const {
  return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_MANIFEST,
                 "expected at most " + std::to_string(seen_.size()) + " different keys, which fill " +
                     shown_size(most_bytes_) + ", found more")
      .hint("raise unique_memory, by 40 bytes a key, or take `unique` away and let the destination's key refuse")
      .option("/unique_memory");
}

Failure foreign_state() {
  return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_UNKNOWN,
                 "expected the keys that a checkpoint keeps, found something else")
      .hint("another release of the plugin wrote them: run it, or start anew with --fresh");
}

}  // namespace weir::validate
