// KeyTable: keys, each once, numbered in the order in which they came.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "key_bytes.hpp"

namespace weir {

// `Hash` has static std::uint64_t of(std::string_view): all of its lower 32 bits as good as chance. At most 2^32 - 1 keys.
// Threads: one at a time, but find(), which many may call, each with numbers of its own.
template <class Hash>
class KeyTable {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // The number of each key; those that are new are added. Valid until the next call.
  std::span<const std::uint32_t> number(const KeyBytes& keys) {
    hash(keys, hashes_);
    numbers_.resize(keys.size());
    for (std::size_t row = 0; row < keys.size(); ++row) {
      if (4 * (keys_.size() + 1) > 3 * slots_.size()) grow();
      prefetch(hashes_, row);
      std::uint64_t& slot = slots_[place_of(keys[row], hashes_[row])];
      if (slot == 0) slot = (hashes_[row] & UINT32_MAX) << 32U | (std::uint64_t{add(keys[row])} + 1);
      numbers_[row] = static_cast<std::uint32_t>((slot & UINT32_MAX) - 1);
    }
    return numbers_;
  }
  // The same without adding: of one that is not there kNone.
  void find(const KeyBytes& keys, std::vector<std::uint64_t>& hashes, std::vector<std::uint32_t>& numbers) const {
    numbers.assign(keys.size(), kNone);
    if (slots_.empty()) return;
    hash(keys, hashes);
    for (std::size_t row = 0; row < keys.size(); ++row) {
      prefetch(hashes, row);
      const std::uint64_t slot = slots_[place_of(keys[row], hashes[row])];
      if (slot != 0) numbers[row] = static_cast<std::uint32_t>((slot & UINT32_MAX) - 1);
    }
  }

  std::size_t size() const { return keys_.size(); }
  std::string_view operator[](std::size_t number) const { return keys_[number]; }
  // What it takes.
  std::uint64_t bytes() const {
    return key_bytes_ + slots_.capacity() * sizeof(std::uint64_t) + keys_.capacity() * sizeof(std::string_view);
  }
  // Forgets all.
  void clear() {
    std::fill(slots_.begin(), slots_.end(), 0);
    keys_.clear();
    blocks_.clear();
    in_block_ = kBlock;
    key_bytes_ = 0;
  }

 private:
  static constexpr std::size_t kFirstSlots = 1024;
  static constexpr std::size_t kAhead = 8;  // keys between asking for memory and looking at it
  static constexpr std::size_t kBlock = std::size_t{1} << 18U;

  static void hash(const KeyBytes& keys, std::vector<std::uint64_t>& hashes) {
    hashes.resize(keys.size());
    for (std::size_t row = 0; row < keys.size(); ++row) hashes[row] = Hash::of(keys[row]);
  }
  void prefetch(const std::vector<std::uint64_t>& hashes, std::size_t row) const {
    if (row + kAhead < hashes.size()) __builtin_prefetch(&slots_[hashes[row + kAhead] & (slots_.size() - 1)]);
  }
  // Where the key stands, or would.
  std::size_t place_of(std::string_view key, std::uint64_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    const std::uint64_t tag = hash & UINT32_MAX;
    std::size_t at = tag & mask;
    for (; slots_[at] != 0; at = (at + 1) & mask) {
      if (slots_[at] >> 32U == tag && keys_[(slots_[at] & UINT32_MAX) - 1] == key) break;
    }
    return at;
  }
  // Keeps a key that is not there yet; gives its number.
  std::uint32_t add(std::string_view key) {
    if (blocks_.empty() || in_block_ + key.size() > kBlock) {
      const std::size_t size = std::max(kBlock, key.size());
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
      in_block_ = 0;
      key_bytes_ += size;
    }
    char* to = blocks_.back().get() + in_block_;
    if (!key.empty()) std::memcpy(to, key.data(), key.size());
    in_block_ += key.size();
    keys_.emplace_back(to, key.size());
    return static_cast<std::uint32_t>(keys_.size() - 1);
  }
  void grow() {
    std::vector<std::uint64_t> slots(std::max(kFirstSlots, 2 * slots_.size()));
    for (const std::uint64_t slot : slots_) {
      if (slot == 0) continue;
      std::size_t at = (slot >> 32U) & (slots.size() - 1);
      while (slots[at] != 0) at = (at + 1) & (slots.size() - 1);
      slots[at] = slot;
    }
    slots_ = std::move(slots);
  }

  std::vector<std::uint64_t> slots_;  // a power of two of them; zero: free; else the key's tag, and its number from 1
  std::vector<std::string_view> keys_;
  std::vector<std::unique_ptr<char[]>> blocks_;  // where they lie
  std::size_t in_block_ = kBlock;                // bytes that are taken of the last one
  std::uint64_t key_bytes_ = 0;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> numbers_;
};

}  // namespace weir
