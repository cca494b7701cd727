// Unique: keys that no row before had. A key is remembered as 128 bits of its values' hash: that two of a billion keys share
// one is less likely than 1 in 10^20, and a table of hashes is as small for long texts as for numbers.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <weir/arrow.hpp>

#include "check.hpp"

namespace weir::validate {

struct KeyHash {
  std::uint64_t low = 0, high = 0;
  bool operator==(const KeyHash&) const = default;
};

// The hashes seen so far, in memory that has a bound; a table that grows is there twice meanwhile, 1/256 of all. Threads: one
// at a time.
class SeenKeys {
 public:
  explicit SeenKeys(std::uint64_t most_bytes) : most_bytes_(most_bytes) {}
  enum class Added { fresh, seen, full };
  Added add(KeyHash key);
  // Brings near what add() will look at.
  void prefetch(KeyHash key) const;
  std::uint64_t size() const { return size_; }
  std::uint64_t bytes() const { return slots_ * sizeof(KeyHash); }

 private:
  // Many small tables rather than a big one, so that growing needs room for one of them twice, not for all.
  static constexpr std::size_t kTables = 256;
  static constexpr std::size_t kFirstSlots = 16;
  struct Table {
    std::vector<KeyHash> slots;  // a power of two of them; zero: free
    std::size_t used = 0;
  };
  static std::size_t table_of(KeyHash key) { return key.high >> 56U; }
  bool grow(Table& table);

  std::uint64_t most_bytes_;
  std::uint64_t slots_ = 0;
  std::uint64_t size_ = 0;
  std::array<Table, kTables> tables_;
};

// The columns that make a key. A key with a null in it is no key, and breaks nothing.
class UniqueKey {
 public:
  // `option`: where it stands, for errors. `types`: of the columns, as they leave. Throws a Failure if a type has no keys.
  UniqueKey(Problem problem, std::vector<std::int64_t> columns, std::vector<ColumnType> types,
            std::uint64_t most_bytes);
  const std::vector<std::int64_t>& columns() const { return columns_; }
  // Adds the rows whose key an earlier row had. Rows that have a finding already are no earlier rows. `columns`: one for each
  // of the key's. Throws a Failure when memory is spent.
  void run(const std::vector<ColumnView>& columns, Findings& findings);

 private:
  void hash(const std::vector<ColumnView>& columns);

  Problem problem_;
  std::vector<std::int64_t> columns_;
  std::vector<ColumnType> types_;
  std::uint64_t most_bytes_;
  SeenKeys seen_;
  std::vector<KeyHash> hashes_;
  std::vector<std::uint8_t> null_;
};

}  // namespace weir::validate
