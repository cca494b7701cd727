#include "lookup.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::join {

std::uint64_t KeyHashing::of(std::string_view key) { return XXH3_64bits(key.data(), key.size()); }

void Lookup::add(const Batch& batch) {
  if (entries_.size() + static_cast<std::size_t>(batch.length()) >= kNone)
    throw Failure(WEIR_OUT_OF_RANGE, WEIR_FAULT_SOURCE, "expected less than 2^32 rows in what is joined, found more")
        .option("/with")
        .hint("leave out the rows that nobody looks for where it is read");
  keys_.lay(batch);
  const auto numbers = table_.number(keys_);
  ends_.resize(table_.size(), {kNone, kNone});
  const RowWriter writer(rows_, kept_, batch.rows());
  const auto block = static_cast<std::uint32_t>(blocks_.size());
  Buffer bytes;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (keys_.has_null(i)) continue;
    const auto row = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({block, kNone, bytes.size()});
    writer.append(bytes, static_cast<std::int64_t>(i));
    Ends& ends = ends_[numbers[i]];
    if (ends.first == kNone) {
      ends.first = row;
    } else {
      entries_[ends.last].next = row;
    }
    ends.last = row;
  }
  block_bytes_ += bytes.capacity();
  blocks_.push_back(std::move(bytes));
}

std::span<const std::uint32_t> Lookup::find(const KeyBytes& keys) {
  table_.find(keys, hashes_, numbers_);
  found_.resize(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i)
    found_[i] = numbers_[i] == KeyTable<KeyHashing>::kNone || keys.has_null(i) ? kNone : ends_[numbers_[i]].first;
  return found_;
}

std::uint64_t Lookup::bytes() const {
  return table_.bytes() + ends_.capacity() * sizeof(Ends) + entries_.capacity() * sizeof(Entry) + block_bytes_;
}

}  // namespace weir::join
