// SortKeys: what rows are sorted by, as bytes that compare as the rows do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

namespace weir::sort {

// Threads: one at a time.
class SortKeys {
 public:
  // Of the columns that the option /by names, each perhaps with `desc`, `nulls first`: `amount desc nulls first`. `input` is lent.
  // Throws a Failure for one that is not there, stands twice, or has no order.
  SortKeys(const Config& config, const ArrowSchema& input);

  // The columns, each once.
  std::vector<std::int64_t> columns() const;
  // Appends the key of each row of the batch; ends[i] is where that of row i ends in `to`. Of two rows the one whose key is less, byte
  // by byte, comes first.
  void append(const Batch& batch, Buffer& to, std::vector<std::uint64_t>& ends) const;

 private:
  struct Key {
    std::int64_t column = 0;
    bool descending = false, nulls_first = false;
  };
  Key read(std::string_view text, const std::string& option) const;
  void check_type(const Key& key, const std::string& option) const;

  const ArrowSchema& input_;
  std::vector<Key> keys_;
};

}  // namespace weir::sort
