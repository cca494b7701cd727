// Lookup: the rows of the right side in memory, found by their keys.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <weir/cpp/key_table.hpp>
#include <weir/cpp/row_bytes.hpp>
#include <weir/weir.hpp>

namespace weir::join {

struct KeyHashing {
  static std::uint64_t of(std::string_view key);
};

// Threads: one at a time.
class Lookup {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // `rows`, the schema of the right side, is lent. `keys`: the columns that rows are found by; `kept`: those that are wanted of
  // them.
  Lookup(const ArrowSchema& rows, std::vector<std::int64_t> keys, std::vector<std::int64_t> kept)
      : rows_(rows), kept_(std::move(kept)), keys_(rows, std::move(keys)) {}

  // Keeps rows. Those with a null in their key are left out: nobody finds them.
  void add(const Batch& batch);
  // The first row of each key; kNone where there is none. Valid until the next call.
  std::span<const std::uint32_t> find(const KeyBytes& keys);
  // The row behind it with the same key, in the order in which they came; kNone: there is none.
  std::uint32_t next(std::uint32_t row) const { return entries_[row].next; }
  // The row, as RowReader reads it.
  const char* row(std::uint32_t row) const {
    const Entry& entry = entries_[row];
    return reinterpret_cast<const char*>(blocks_[entry.block].data()) + entry.offset;
  }
  std::size_t size() const { return entries_.size(); }
  std::uint64_t bytes() const;

 private:
  struct Entry {
    std::uint32_t block, next;
    std::uint64_t offset;
  };
  struct Ends {
    std::uint32_t first, last;  // rows of a key
  };

  const ArrowSchema& rows_;
  std::vector<std::int64_t> kept_;
  KeyBytes keys_;
  KeyTable<KeyHashing> table_;
  std::vector<Ends> ends_;  // by the key's number
  std::vector<Entry> entries_;
  std::vector<Buffer> blocks_;  // one a batch
  std::uint64_t block_bytes_ = 0;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> numbers_, found_;
};

}  // namespace weir::join
