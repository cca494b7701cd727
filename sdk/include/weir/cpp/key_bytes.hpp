// The values of some columns as the bytes of a key: equal for equal values, whatever the width or the layout of a column, and
// each value to be had back.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "context.hpp"
#include "value_bytes.hpp"

namespace weir {

// How a value lies in a key: integers, dates and times of any width as 8 bytes, floats as a double, texts as they are.
enum class CellKind : char {
  none = 'n',     // of a column of nulls
  boolean = 'b',  // 1 byte
  integer = 'i',
  natural = 'u',  // of uint64
  real = 'r',
  decimal = 'd',  // 16 bytes
  text = 't',
};

// Precondition: has_value_bytes(field).
inline CellKind cell_kind(const ArrowSchema& field) {
  switch (type_of(field).type) {
    case Type::null: return CellKind::none;
    case Type::boolean: return CellKind::boolean;
    case Type::uint64: return CellKind::natural;
    case Type::float16:
    case Type::float32:
    case Type::float64: return CellKind::real;
    case Type::decimal128: return CellKind::decimal;
    case Type::utf8:
    case Type::large_utf8:
    case Type::utf8_view:
    case Type::binary:
    case Type::large_binary:
    case Type::binary_view:
    case Type::fixed_binary: return CellKind::text;
    default: return CellKind::integer;
  }
}

// Bytes of a value; 0: as many as the text has.
inline std::size_t cell_width(CellKind kind) {
  switch (kind) {
    case CellKind::boolean: return 1;
    case CellKind::decimal: return 16;
    case CellKind::none:
    case CellKind::text: return 0;
    default: return 8;
  }
}

// What values of a field are in a key, in a text: of two fields whose values can be equal in it the same.
inline std::string cell_signature(const ArrowSchema& field) {
  const TypeInfo info = type_of(field);
  std::string text(1, static_cast<char>(cell_kind(field)));
  if (info.type == Type::decimal128) text += std::to_string(info.scale);
  if (info.type == Type::timestamp) return text + "timestamp" + std::to_string(static_cast<int>(info.unit)) + ";";
  if (info.type >= Type::date32) text += field.format;
  return text + ";";
}

// The number that lies in a key, of what each_value() gives.
template <class T>
auto cell_number(T value) {
  if constexpr (std::is_same_v<T, std::int32_t>) {
    return static_cast<std::int64_t>(value);
  } else {
    return value;
  }
}

// Makes keys. One is, column by column: a byte that says whether there is a value; in front of a text how long it is; the value. A
// number that is null leaves its bytes zero, so that keys of numbers alone are all as long. Threads: one at a time.
class KeyBytes {
 public:
  KeyBytes() = default;  // of keys that are added
  // `rows` is lent. Precondition: has_value_bytes() of the columns.
  KeyBytes(const ArrowSchema& rows, std::vector<std::int64_t> columns) : rows_(&rows), columns_(std::move(columns)) {
    for (const std::int64_t column : columns_) kinds_.push_back(cell_kind(*rows.children[column]));
  }
  const std::vector<std::int64_t>& columns() const { return columns_; }
  const std::vector<CellKind>& kinds() const { return kinds_; }

  // Makes the keys of all rows of a batch, in place of those before.
  void lay(const Batch& batch) {
    lay_out(batch);
    nulls_.assign(static_cast<std::size_t>(batch.length()), 0);
    for (std::size_t i = 0; i < columns_.size(); ++i) write(batch, i);
  }
  // Forgets those before; adds one that was made elsewhere.
  void clear() {
    bytes_.clear();
    nulls_.clear();
    ends_.assign(1, 0);
  }
  void add(std::string_view key) {
    bytes_.insert(bytes_.end(), key.begin(), key.end());
    ends_.push_back(bytes_.size());
    nulls_.push_back(0);
  }

  std::size_t size() const { return nulls_.size(); }
  std::string_view operator[](std::size_t row) const {
    return {bytes_.data() + ends_[row], static_cast<std::size_t>(ends_[row + 1] - ends_[row])};
  }
  // Whether a value in the key of the row is null. Not of those that were added.
  bool has_null(std::size_t row) const { return nulls_[row] != 0; }

 private:
  void lay_out(const Batch& batch) {
    const auto rows = static_cast<std::size_t>(batch.length());
    std::uint64_t fixed = 0;
    for (const CellKind kind : kinds_) fixed += 1 + (kind == CellKind::text ? sizeof(std::uint32_t) : cell_width(kind));
    ends_.assign(rows + 1, fixed);
    ends_[0] = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (kinds_[i] != CellKind::text) continue;
      each_value(*rows_->children[columns_[i]], batch.column(columns_[i]), batch.outer(), batch.length(),
                 [this]<class T>(std::int64_t row, ValueKind /*kind*/, T value) {
                   if constexpr (std::is_same_v<T, std::string_view>)
                     ends_[static_cast<std::size_t>(row) + 1] += value.size();
                 });
    }
    for (std::size_t row = 0; row < rows; ++row) ends_[row + 1] += ends_[row];
    bytes_.resize(ends_[rows]);
    at_.assign(ends_.begin(), ends_.end());
  }

  void write(const Batch& batch, std::size_t i) {
    const std::size_t width = cell_width(kinds_[i]);
    const bool is_text = kinds_[i] == CellKind::text;
    each_value(*rows_->children[columns_[i]], batch.column(columns_[i]), batch.outer(), batch.length(),
               [&]<class T>(std::int64_t number, ValueKind kind, T value) {
                 const auto row = static_cast<std::size_t>(number);
                 char* to = bytes_.data() + at_[row];
                 *to++ = kind == ValueKind::null ? 0 : 1;
                 if (kind == ValueKind::null) nulls_[row] = 1;
                 if constexpr (!std::is_same_v<T, std::string_view>) {
                   const auto cell = cell_number(value);
                   std::memcpy(to, &cell, sizeof cell);
                   to += sizeof cell;
                 } else if (is_text) {
                   const auto size = static_cast<std::uint32_t>(value.size());
                   std::memcpy(to, &size, sizeof size);
                   if (size > 0) std::memcpy(to + sizeof size, value.data(), size);
                   to += sizeof size + size;
                 } else {
                   std::memset(to, 0, width);
                   to += width;
                 }
                 at_[row] = static_cast<std::uint64_t>(to - bytes_.data());
               });
  }

  const ArrowSchema* rows_ = nullptr;
  std::vector<std::int64_t> columns_;
  std::vector<CellKind> kinds_;
  std::vector<char> bytes_;                     // one key behind the other
  std::vector<std::uint64_t> ends_ = {0}, at_;  // ends_[row]: where row begins, and the one before ends
  std::vector<std::uint8_t> nulls_;
};

}  // namespace weir
