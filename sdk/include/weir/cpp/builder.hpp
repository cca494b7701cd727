// Builders: how to make arrays. A builder collects the values of one column; rows() puts columns together.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "array.hpp"
#include "failure.hpp"
#include "system.hpp"

namespace weir {

// Memory that grows, aligned to 64 bytes, never zeroed. Move only. Throws std::bad_alloc.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t capacity) { reserve(capacity); }
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { detail::free_aligned(data_); }

  std::uint8_t* data() { return data_; }
  const std::uint8_t* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }

  // Makes room for `capacity` bytes in all, keeping what is there.
  void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    std::size_t wanted = capacity_ * 2 > capacity ? capacity_ * 2 : capacity;
    wanted = (wanted + 63) / 64 * 64;
    auto* grown = static_cast<std::uint8_t*>(detail::allocate_aligned(64, wanted));
    if (grown == nullptr) throw std::bad_alloc();
    if (size_ > 0) std::memcpy(grown, data_, size_);
    detail::free_aligned(data_);
    data_ = grown;
    capacity_ = wanted;
  }
  // Sets the size, growing if need be; new bytes are not set.
  void resize(std::size_t size) {
    reserve(size);
    size_ = size;
  }
  void append(const void* bytes, std::size_t count) {
    if (count == 0) return;
    reserve(size_ + count);
    std::memcpy(data_ + size_, bytes, count);
    size_ += count;
  }
  template <class T>
  T* as() {
    return reinterpret_cast<T*>(data_);
  }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

namespace detail {

struct ArrayOwner {
  std::vector<Buffer> buffers;
  std::vector<const void*> pointers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
  ArrowArray dictionary{};
};

inline void release_array(ArrowArray* array) {
  auto* owner = static_cast<ArrayOwner*>(array->private_data);
  for (auto& child : owner->children) {
    if (child.release != nullptr) child.release(&child);
  }
  if (owner->dictionary.release != nullptr) owner->dictionary.release(&owner->dictionary);
  delete owner;
  array->release = nullptr;
}

inline const void* nothing() {
  alignas(64) static const std::uint8_t zeros[64] = {};
  return zeros;
}

}  // namespace detail

// The parts of an array to be: buffers in Arrow's order (an empty validity buffer: no nulls), children, a dictionary.
struct ArrayParts {
  std::int64_t length = 0;
  std::int64_t null_count = 0;
  std::vector<Buffer> buffers;
  std::vector<Array> children;
  Array dictionary;
};

// Puts an array together; its release() frees all.
inline Array make_array(ArrayParts parts) {
  auto owner = std::make_unique<detail::ArrayOwner>();
  owner->buffers = std::move(parts.buffers);
  for (std::size_t i = 0; i < owner->buffers.size(); ++i) {
    const std::uint8_t* data = owner->buffers[i].data();
    owner->pointers.push_back(data != nullptr || i == 0 ? static_cast<const void*>(data) : detail::nothing());
  }
  owner->children.reserve(parts.children.size());
  for (auto& child : parts.children) owner->children.push_back(child.release());
  for (auto& child : owner->children) owner->child_pointers.push_back(&child);
  owner->dictionary = parts.dictionary.release();
  ArrowArray raw{};
  raw.length = parts.length;
  raw.null_count = parts.null_count;
  raw.n_buffers = static_cast<std::int64_t>(owner->pointers.size());
  raw.buffers = owner->pointers.empty() ? nullptr : owner->pointers.data();
  raw.n_children = static_cast<std::int64_t>(owner->children.size());
  raw.children = owner->child_pointers.empty() ? nullptr : owner->child_pointers.data();
  raw.dictionary = owner->dictionary.release == nullptr ? nullptr : &owner->dictionary;
  raw.private_data = owner.release();
  raw.release = detail::release_array;
  return Array(&raw);
}

// The same of parts by themselves.
inline Array make_array(std::int64_t length, std::int64_t null_count, std::vector<Buffer> buffers,
                        std::vector<Array> children = {}) {
  return make_array({length, null_count, std::move(buffers), std::move(children), {}});
}

// Puts columns of equal length together as rows.
inline Array rows_of(std::int64_t length, std::vector<Array> columns) {
  std::vector<Buffer> validity(1);
  return make_array(length, 0, std::move(validity), std::move(columns));
}

// Collects which rows are null; costs nothing until the first null.
class ValidityBuilder {
 public:
  void append_valid() {
    if (null_count_ > 0) set(length_, true);
    ++length_;
  }
  void append_null() {
    if (null_count_ == 0) begin();
    set(length_, false);
    ++null_count_;
    ++length_;
  }
  std::int64_t length() const { return length_; }
  std::int64_t null_count() const { return null_count_; }
  // Gives the buffer (empty if nothing is null) and begins anew.
  Buffer finish() {
    length_ = 0;
    null_count_ = 0;
    return std::exchange(bits_, Buffer());
  }

 private:
  void begin() {
    const auto bytes = static_cast<std::size_t>(length_ / 8 + 1);
    bits_.resize(bytes);
    std::memset(bits_.data(), 0xFF, bytes);
  }
  void set(std::int64_t row, bool valid) {
    const auto byte = static_cast<std::size_t>(row >> 3);
    if (byte >= bits_.size()) {
      bits_.resize(byte + 1);
      bits_.data()[byte] = 0;
    }
    const auto mask = static_cast<std::uint8_t>(1U << (static_cast<unsigned>(row) & 7U));
    auto& cell = bits_.data()[byte];
    cell = static_cast<std::uint8_t>(valid ? cell | mask : cell & ~mask);
  }

  Buffer bits_;
  std::int64_t length_ = 0;
  std::int64_t null_count_ = 0;
};

// Collects fixed-width values: the T of NumberColumn.
template <class T>
class NumberBuilder {
 public:
  void append(T value) {
    values_.append(&value, sizeof value);
    validity_.append_valid();
  }
  void append_null() {
    const T zero{};
    values_.append(&zero, sizeof zero);
    validity_.append_null();
  }
  std::int64_t length() const { return validity_.length(); }
  Array finish() {
    const std::int64_t length = validity_.length(), nulls = validity_.null_count();
    std::vector<Buffer> buffers(2);
    buffers[0] = validity_.finish();
    buffers[1] = std::exchange(values_, Buffer());
    return make_array(length, nulls, std::move(buffers));
  }

 private:
  Buffer values_;
  ValidityBuilder validity_;
};

// Collects booleans.
class BooleanBuilder {
 public:
  void append(bool value) {
    grow(value);
    validity_.append_valid();
  }
  void append_null() {
    grow(false);
    validity_.append_null();
  }
  std::int64_t length() const { return validity_.length(); }
  Array finish() {
    const std::int64_t length = validity_.length(), nulls = validity_.null_count();
    std::vector<Buffer> buffers(2);
    buffers[0] = validity_.finish();
    buffers[1] = std::exchange(bits_, Buffer());
    return make_array(length, nulls, std::move(buffers));
  }

 private:
  void grow(bool value) {
    const auto row = static_cast<std::size_t>(validity_.length());
    if (row / 8 >= bits_.size()) {
      bits_.resize(row / 8 + 1);
      bits_.data()[row / 8] = 0;
    }
    if (value) bits_.data()[row / 8] = static_cast<std::uint8_t>(bits_.data()[row / 8] | (1U << (row % 8)));
  }

  Buffer bits_;
  ValidityBuilder validity_;
};

// Collects texts or bytes. With int32_t offsets at most 2^31 - 1 bytes in all: append() throws a Failure beyond.
template <class Offset>
class BytesBuilder {
 public:
  void append(std::string_view value) {
    begin();
    data_.append(value.data(), value.size());
    push_offset();
    validity_.append_valid();
  }
  void append_null() {
    begin();
    push_offset();
    validity_.append_null();
  }
  std::int64_t length() const { return validity_.length(); }
  std::size_t size_bytes() const { return data_.size(); }
  Array finish() {
    begin();
    const std::int64_t length = validity_.length(), nulls = validity_.null_count();
    std::vector<Buffer> buffers(3);
    buffers[0] = validity_.finish();
    buffers[1] = std::exchange(offsets_, Buffer());
    buffers[2] = std::exchange(data_, Buffer());
    return make_array(length, nulls, std::move(buffers));
  }

 private:
  void begin() {
    if (offsets_.size() == 0) push_offset();
  }
  void push_offset() {
    if (data_.size() > static_cast<std::size_t>(std::numeric_limits<Offset>::max())) {
      throw Failure(WEIR_OUT_OF_RANGE, WEIR_FAULT_DATA,
                    "expected at most 2^31 - 1 bytes of text in a batch, found more");
    }
    const auto end = static_cast<Offset>(data_.size());
    offsets_.append(&end, sizeof end);
  }

  Buffer offsets_;
  Buffer data_;
  ValidityBuilder validity_;
};

// Collects bytes, all of the same width.
class FixedBinaryBuilder {
 public:
  explicit FixedBinaryBuilder(std::int32_t width) : width_(static_cast<std::size_t>(width)) {}
  // Throws a Failure if the value is not as wide as all are.
  void append(std::string_view value) {
    if (value.size() != width_) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
                    "expected " + std::to_string(width_) + " bytes, found " + std::to_string(value.size()));
    }
    data_.append(value.data(), width_);
    validity_.append_valid();
  }
  void append_null() {
    const std::size_t size = data_.size();
    data_.resize(size + width_);
    if (width_ > 0) std::memset(data_.data() + size, 0, width_);
    validity_.append_null();
  }
  std::int64_t length() const { return validity_.length(); }
  Array finish() {
    const std::int64_t length = validity_.length(), nulls = validity_.null_count();
    std::vector<Buffer> buffers(2);
    buffers[0] = validity_.finish();
    buffers[1] = std::exchange(data_, Buffer());
    return make_array(length, nulls, std::move(buffers));
  }

 private:
  std::size_t width_;
  Buffer data_;
  ValidityBuilder validity_;
};

using TextBuilder = BytesBuilder<std::int32_t>;
using LargeTextBuilder = BytesBuilder<std::int64_t>;

}  // namespace weir
