// Arrays: an owning Array, and typed views over the columns of a batch. Views own nothing and are as valid as the array.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <utility>

#include "schema.hpp"
#include "values.hpp"

namespace weir {

// Owns an ArrowArray. Move only. Threads: as a value; the buffers behind are never written.
class Array {
 public:
  Array() = default;
  // Takes over `array`, whose release becomes null.
  explicit Array(ArrowArray* array) : raw_(*array) { array->release = nullptr; }
  Array(Array&& other) noexcept : raw_(std::exchange(other.raw_, ArrowArray{})) {}
  Array& operator=(Array&& other) noexcept {
    if (this != &other) {
      reset();
      raw_ = std::exchange(other.raw_, ArrowArray{});
    }
    return *this;
  }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array() { reset(); }

  // Whether it holds nothing. get() and the arrow lend the struct; address() lends it to be written to.
  bool empty() const { return raw_.release == nullptr; }
  const ArrowArray& get() const { return raw_; }
  const ArrowArray* operator->() const { return &raw_; }
  ArrowArray* address() { return &raw_; }
  // Gives the struct away; this is empty afterwards.
  ArrowArray release() { return std::exchange(raw_, ArrowArray{}); }
  void reset() {
    if (raw_.release != nullptr) raw_.release(&raw_);
    raw_ = ArrowArray{};
  }

 private:
  ArrowArray raw_{};
};

// Puts `column` in the place of column i of `rows`. Preconditions: both are the caller's, of equal length. Afterwards
// rows begin at offset 0: where they were a slice, their columns are.
inline void replace_column(Array& rows, std::int64_t i, Array column) {
  ArrowArray& whole = *rows.address();
  for (std::int64_t k = 0; k < whole.n_children; ++k) {
    ArrowArray& child = *whole.children[k];
    if (child.length == whole.length && whole.offset == 0) continue;
    child.offset += whole.offset;
    child.length = whole.length;
    if (child.null_count != 0) child.null_count = -1;
  }
  whole.offset = 0;
  if (whole.children[i]->release != nullptr) whole.children[i]->release(whole.children[i]);
  *whole.children[i] = column.release();
}

// The validity of a column's rows. A struct array that is sliced by its offset moves its children too: pass it as `outer`.
class Validity {
 public:
  Validity() = default;
  explicit Validity(const ArrowArray& column, std::int64_t outer = 0)
      : bits_(column.n_buffers > 0 && column.null_count != 0 ? static_cast<const std::uint8_t*>(column.buffers[0])
                                                             : nullptr),
        offset_(column.offset + outer) {}

  // True if no row can be null: then valid() need not be asked.
  bool all() const { return bits_ == nullptr; }
  bool valid(std::int64_t row) const {
    const auto bit = static_cast<std::uint64_t>(offset_ + row);
    return bits_ == nullptr || ((bits_[bit >> 3U] >> (bit & 7U)) & 1U) != 0;
  }
  const std::uint8_t* bits() const { return bits_; }  // null: all valid; row i is bit offset() + i
  std::int64_t offset() const { return offset_; }

 private:
  const std::uint8_t* bits_ = nullptr;
  std::int64_t offset_ = 0;
};

// A column of fixed-width values. T: the integer or float of that width; for dates, times, timestamps and durations an
// int32_t or int64_t; Half, Int128, Int256 (decimals, unscaled); for intervals int32_t, DaysTime, MonthsDays.
template <class T>
class NumberColumn {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit NumberColumn(const ArrowArray& column, std::int64_t outer = 0)
      : validity_(column, outer), data_(static_cast<const T*>(column.buffers[1]) + column.offset + outer) {}
  bool valid(std::int64_t row) const { return validity_.valid(row); }
  T operator[](std::int64_t row) const {
    if constexpr (alignof(T) <= kAlignment) return data_[row];
    T value;
    std::memcpy(&value, reinterpret_cast<const char*>(data_) + row * std::int64_t{sizeof value}, sizeof value);
    return value;
  }
  // Not for Int128, which needs more alignment than buffers have.
  const T* data() const {
    static_assert(alignof(T) <= kAlignment);
    return data_;
  }
  const Validity& validity() const { return validity_; }

 private:
  static constexpr std::size_t kAlignment = 8;  // of buffers that cross
  Validity validity_;
  const T* data_;
};

// A column of booleans.
class BooleanColumn {
 public:
  explicit BooleanColumn(const ArrowArray& column, std::int64_t outer = 0)
      : validity_(column, outer),
        bits_(static_cast<const std::uint8_t*>(column.buffers[1])),
        offset_(column.offset + outer) {}
  bool valid(std::int64_t row) const { return validity_.valid(row); }
  bool operator[](std::int64_t row) const {
    const auto bit = static_cast<std::uint64_t>(offset_ + row);
    return ((bits_[bit >> 3U] >> (bit & 7U)) & 1U) != 0;
  }
  const Validity& validity() const { return validity_; }

 private:
  Validity validity_;
  const std::uint8_t* bits_;
  std::int64_t offset_;
};

// A column of text or bytes with 32 or 64 bit offsets (utf8, binary: int32_t; large ones: int64_t).
template <class Offset>
class BytesColumn {
 public:
  explicit BytesColumn(const ArrowArray& column, std::int64_t outer = 0)
      : validity_(column, outer),
        offsets_(static_cast<const Offset*>(column.buffers[1]) + column.offset + outer),
        data_(static_cast<const char*>(column.buffers[2])) {}
  bool valid(std::int64_t row) const { return validity_.valid(row); }
  std::string_view operator[](std::int64_t row) const {
    return {data_ + offsets_[row], static_cast<std::size_t>(offsets_[row + 1] - offsets_[row])};
  }
  const Offset* offsets() const { return offsets_; }
  const char* data() const { return data_; }
  const Validity& validity() const { return validity_; }

 private:
  Validity validity_;
  const Offset* offsets_;
  const char* data_;
};

// A column of fixed-size binary. `width`: that of its type (TypeInfo::width).
class FixedBinaryColumn {
 public:
  FixedBinaryColumn(const ArrowArray& column, std::int32_t width, std::int64_t outer = 0)
      : validity_(column, outer),
        data_(static_cast<const char*>(column.buffers[1]) + width * (column.offset + outer)),
        width_(width) {}
  bool valid(std::int64_t row) const { return validity_.valid(row); }
  std::string_view operator[](std::int64_t row) const {
    return {data_ + width_ * row, static_cast<std::size_t>(width_)};
  }
  const Validity& validity() const { return validity_; }

 private:
  Validity validity_;
  const char* data_;
  std::int64_t width_;
};

using TextColumn = BytesColumn<std::int32_t>;
using LargeTextColumn = BytesColumn<std::int64_t>;

// A column of text or bytes in the view layout (utf8_view, binary_view).
class ViewColumn {
 public:
  explicit ViewColumn(const ArrowArray& column, std::int64_t outer = 0)
      : validity_(column, outer),
        views_(static_cast<const std::uint8_t*>(column.buffers[1]) + 16 * (column.offset + outer)),
        buffers_(column.buffers + 2) {}
  bool valid(std::int64_t row) const { return validity_.valid(row); }
  std::string_view operator[](std::int64_t row) const {
    const std::uint8_t* view = views_ + 16 * row;
    std::int32_t length = 0;
    std::memcpy(&length, view, 4);
    if (length <= 12) return {reinterpret_cast<const char*>(view + 4), static_cast<std::size_t>(length)};
    std::int32_t where[2];
    std::memcpy(where, view + 8, 8);
    return {static_cast<const char*>(buffers_[where[0]]) + where[1], static_cast<std::size_t>(length)};
  }
  const Validity& validity() const { return validity_; }

 private:
  Validity validity_;
  const std::uint8_t* views_;
  const void* const* buffers_;
};

}  // namespace weir
