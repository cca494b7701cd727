// Vectors: the values of one expression for one chunk of rows, and the scratch memory behind them. A batch is computed in
// chunks of at most 1,024 rows, so that what is between two operations stays in the nearest cache, and scratch memory has
// a fixed size: it is allocated once and reused by every chunk of every batch.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <weir/arrow.hpp>

namespace weir::expr {

inline constexpr int kChunkRows = 1024;
inline constexpr int kChunkWords = kChunkRows / 64;

// One bit for each row of a chunk.
using Bits = std::array<std::uint64_t, kChunkWords>;

inline Bits no_bits() { return {}; }
inline Bits all_bits() {
  Bits bits;
  bits.fill(~std::uint64_t{0});
  return bits;
}
// The first `count` bits set.
inline Bits first_bits(int count) {
  Bits bits{};
  for (int word = 0; word < kChunkWords && count > 64 * word; ++word) {
    const int rest = count - 64 * word;
    bits[static_cast<std::size_t>(word)] = rest >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << rest) - 1;
  }
  return bits;
}
inline Bits operator&(const Bits& a, const Bits& b) {
  Bits out;
  for (std::size_t i = 0; i < kChunkWords; ++i) out[i] = a[i] & b[i];
  return out;
}
inline Bits operator|(const Bits& a, const Bits& b) {
  Bits out;
  for (std::size_t i = 0; i < kChunkWords; ++i) out[i] = a[i] | b[i];
  return out;
}
// a without b.
inline Bits operator-(const Bits& a, const Bits& b) {
  Bits out;
  for (std::size_t i = 0; i < kChunkWords; ++i) out[i] = a[i] & ~b[i];
  return out;
}
inline bool any(const Bits& bits) {
  std::uint64_t all = 0;
  for (const std::uint64_t word : bits) all |= word;
  return all != 0;
}
inline int count_of(const Bits& bits) {
  int count = 0;
  for (const std::uint64_t word : bits) count += std::popcount(word);
  return count;
}
inline bool test(const Bits& bits, int row) {
  return ((bits[static_cast<std::size_t>(row >> 6)] >> (static_cast<unsigned>(row) & 63U)) & 1U) != 0;
}
inline void set(Bits& bits, int row) {
  bits[static_cast<std::size_t>(row >> 6)] |= std::uint64_t{1} << (static_cast<unsigned>(row) & 63U);
}

// Calls body(row) for every bit that is set, in order.
template <class Body>
void for_each(const Bits& bits, Body&& body) {
  for (int word = 0; word < kChunkWords; ++word) {
    std::uint64_t rest = bits[static_cast<std::size_t>(word)];
    if (rest == ~std::uint64_t{0}) {
      for (int row = 64 * word; row < 64 * word + 64; ++row) body(row);
      continue;
    }
    for (; rest != 0; rest &= rest - 1) body(64 * word + std::countr_zero(rest));
  }
}

// Copies `count` bits that begin at bit `offset` of `from`; the rest of the result is zero. Reads no byte beyond them.
Bits read_bits(const std::uint8_t* from, std::int64_t offset, int count);

// Memory of one vector: 16 bytes a row, aligned to 64.
struct alignas(64) Block {
  std::uint8_t bytes[16 * kChunkRows];
};

// Blocks that are not in use. Threads: one at a time.
class Scratch {
 public:
  std::unique_ptr<Block> take() {
    if (free_.empty()) {
      free_.reserve(++made_);  // give() comes from destructors, and must find room
      return std::unique_ptr<Block>(new Block);
    }
    std::unique_ptr<Block> block = std::move(free_.back());
    free_.pop_back();
    return block;
  }
  void give(std::unique_ptr<Block> block) {
    if (block != nullptr) free_.push_back(std::move(block));
  }

 private:
  std::vector<std::unique_ptr<Block>> free_;
  std::size_t made_ = 0;
};

// Bytes of texts that are made while a chunk is computed. clear() keeps the memory.
class Arena {
 public:
  // Room for `size` bytes, valid until clear().
  char* take(std::size_t size);
  // Gives back the end of the newest room, of which `used` bytes were used.
  void trim(const char* room, std::size_t used) {
    used_ = static_cast<std::size_t>(room - pieces_[current_].get()) + used;
  }
  void clear() {
    current_ = 0;
    used_ = 0;
  }

 private:
  std::vector<std::unique_ptr<char[]>> pieces_;
  std::vector<std::size_t> sizes_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;
};

// The values of one expression for one chunk. Where a row is null, or was not asked for, its value is anything, but safe to
// read as a number; texts may be looked at only where the row was asked for and is valid.
class Vector {
 public:
  Vector() = default;
  explicit Vector(Scratch& scratch) : scratch_(&scratch) {}
  Vector(const Vector&) = delete;
  Vector& operator=(const Vector&) = delete;
  ~Vector() {
    if (block_ != nullptr) scratch_->give(std::move(block_));
  }

  Bits truth;  // booleans: true, and not null
  Bits valid;  // not null; only if !all_valid
  bool all_valid = true;

  // The values, as the type's kind says: std::int64_t, double, Int128 or std::string_view.
  template <class T>
  const T* values() const {
    return static_cast<const T*>(data_);
  }
  // Memory for values of its own.
  template <class T>
  T* make() {
    static_assert(sizeof(T) <= 16);
    if (block_ == nullptr) block_ = scratch_->take();
    data_ = block_->bytes;
    return reinterpret_cast<T*>(block_->bytes);
  }
  // Points to values that someone else owns, at least as long as the chunk is computed.
  void borrow(const void* values) { data_ = values; }

  Bits valid_of(const Bits& live) const { return all_valid ? live : live & valid; }
  void set_valid(const Bits& bits) {
    valid = bits;
    all_valid = false;
  }

 private:
  const void* data_ = nullptr;
  std::unique_ptr<Block> block_;
  Scratch* scratch_ = nullptr;
};

// Null where either side is.
inline void join_validity(const Vector& a, const Vector& b, Vector& out) {
  out.all_valid = a.all_valid && b.all_valid;
  if (out.all_valid) return;
  out.valid = a.all_valid ? b.valid : b.all_valid ? a.valid : a.valid & b.valid;
}

}  // namespace weir::expr
