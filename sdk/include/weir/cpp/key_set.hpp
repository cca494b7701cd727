// KeySet: keys that were seen before, 128 bits each, in memory that has a bound; and what of them a checkpoint does not have yet.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "state.hpp"

namespace weir {

// 128 bits that stand for a key, each as good as chance. That two of a billion keys share them is less likely than 1 in 10^20.
struct KeyHash {
  std::uint64_t low = 0, high = 0;
  bool operator==(const KeyHash&) const = default;
};

// Keys take 27 to 37 bytes each: they stand in the order in which they came, and tables find them. Threads: one at a time.
class KeySet {
 public:
  explicit KeySet(std::uint64_t most_bytes) : most_bytes_(most_bytes) {}

  // What add() found: the key is new, or was there, or is new and there is no memory for it.
  enum class Added { fresh, seen, full };
  Added add(KeyHash key) {
    Table& table = tables_[key.high >> 56U];
    if (4 * (table.used + 1) > 3 * table.slots.size() && !grow(table))
      return find(table, key) ? Added::seen : Added::full;
    const std::size_t mask = table.slots.size() - 1;
    std::size_t at = tag_of(key) & mask;
    for (; table.slots[at] != 0; at = (at + 1) & mask) {
      if (is(table.slots[at], key)) return Added::seen;
    }
    if (!append(key)) return Added::full;
    table.slots[at] = (std::uint64_t{tag_of(key)} << 32U) | size_;
    ++table.used;
    return Added::fresh;
  }
  // Brings near what add() will look at.
  void prefetch(KeyHash key) const {
    const Table& table = tables_[key.high >> 56U];
    if (!table.slots.empty()) __builtin_prefetch(&table.slots[tag_of(key) & (table.slots.size() - 1)]);
  }
  std::uint64_t size() const { return size_; }
  std::uint64_t bytes() const { return slots_ * sizeof(std::uint64_t) + blocks_.size() * kBlockBytes; }

  // Tells the keys that were added since kept(), as items whose names begin with `name`.
  void snapshot(const StateSink& changes, std::string_view name) const {
    static_assert(std::endian::native == std::endian::little, "items are read on machines of one byte order");
    for (std::uint64_t from = kept_; from < size_; from += kKeysInItem) {
      const std::uint64_t to = std::min<std::uint64_t>(from + kKeysInItem, size_);
      std::string value(1, kVersion);
      for (std::uint64_t i = from; i < to; ++i) value.append(reinterpret_cast<const char*>(&key(i)), sizeof(KeyHash));
      changes.put(std::string(name) + ":" + std::to_string(from), value);
    }
  }
  // A snapshot came to its end, or a restore: what is here is kept.
  void kept() { kept_ = size_; }

  // Whether the item is one that a set of that name told.
  static bool is_item(std::string_view key, std::string_view name) {
    return key.size() > name.size() && key.starts_with(name) && key[name.size()] == ':';
  }
  // What restore() found: all keys of the item are here, or there is no memory for them, or it is of another release.
  enum class Restored { all, full, foreign };
  Restored restore(std::string_view value) {
    if (value.empty() || value[0] != kVersion || (value.size() - 1) % sizeof(KeyHash) != 0) return Restored::foreign;
    for (std::size_t at = 1; at < value.size(); at += sizeof(KeyHash)) {
      KeyHash key;
      std::memcpy(&key, value.data() + at, sizeof key);
      if (add(key) == Added::full) return Restored::full;
    }
    return Restored::all;
  }

 private:
  // Many small tables rather than a big one, so that growing needs room for one of them twice, not for all.
  static constexpr std::size_t kTables = 256;
  static constexpr std::size_t kFirstSlots = 16;
  static constexpr std::uint64_t kBlock = 4096;  // keys
  static constexpr std::uint64_t kBlockBytes = kBlock * sizeof(KeyHash);
  static constexpr std::uint64_t kKeysInItem = 65536;
  static constexpr char kVersion = '1';
  struct Table {
    std::vector<std::uint64_t> slots;  // a power of two of them; zero: free; else the key's tag, and its number from 1
    std::size_t used = 0;
  };

  static std::uint32_t tag_of(KeyHash key) { return static_cast<std::uint32_t>(key.low); }
  const KeyHash& key(std::uint64_t i) const { return blocks_[i / kBlock][i % kBlock]; }
  bool is(std::uint64_t slot, KeyHash other) const {
    return slot >> 32U == tag_of(other) && key((slot & UINT32_MAX) - 1) == other;
  }
  bool find(const Table& table, KeyHash key) const {
    if (table.slots.empty()) return false;
    const std::size_t mask = table.slots.size() - 1;
    for (std::size_t at = tag_of(key) & mask; table.slots[at] != 0; at = (at + 1) & mask) {
      if (is(table.slots[at], key)) return true;
    }
    return false;
  }

  // The last in line gets number size_.
  bool append(KeyHash key) {
    if (size_ == UINT32_MAX) return false;
    if (size_ % kBlock == 0) {
      if (bytes() + kBlockBytes > most_bytes_) return false;
      blocks_.push_back(std::make_unique<KeyHash[]>(kBlock));
    }
    blocks_.back()[size_++ % kBlock] = key;
    return true;
  }

  bool grow(Table& table) {
    const std::size_t before = table.slots.size();
    const std::size_t after = before == 0 ? kFirstSlots : 2 * before;
    if (bytes() + (after - before) * sizeof(std::uint64_t) > most_bytes_) return false;
    std::vector<std::uint64_t> slots(after);
    for (const std::uint64_t slot : table.slots) {
      if (slot == 0) continue;
      std::size_t at = (slot >> 32U) & (after - 1);
      while (slots[at] != 0) at = (at + 1) & (after - 1);
      slots[at] = slot;
    }
    table.slots = std::move(slots);
    slots_ += after - before;
    return true;
  }

  std::uint64_t most_bytes_;
  std::uint64_t slots_ = 0;
  std::uint64_t size_ = 0, kept_ = 0;  // keys; those that a checkpoint has
  std::array<Table, kTables> tables_;
  std::vector<std::unique_ptr<KeyHash[]>> blocks_;
};

}  // namespace weir
