// RowKeys: the keys of a batch's rows, as hashes. Equal values give equal keys, whatever the width or the layout of a column.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <weir/cpp/key_set.hpp>
#include <weir/weir.hpp>

namespace weir::dedupe {

// Threads: one at a time. Its memory is reused from batch to batch.
class RowKeys {
 public:
  // Of the columns that the option /key names, or of all. Throws a Failure for one that is not there, or that has no keys.
  RowKeys(const Config& config, const ArrowSchema& input);
  const std::vector<std::int64_t>& columns() const { return columns_; }

  // Makes the keys of all rows of a batch, live or not.
  void run(const Batch& batch, std::uint64_t seed);
  KeyHash key(std::uint32_t row) const { return keys_[row]; }
  // Whether it has a null among its values.
  bool has_null(std::uint32_t row) const { return null_[row] != 0; }

 private:
  Schema input_;
  std::vector<std::int64_t> columns_;
  std::vector<KeyHash> keys_;
  std::vector<std::uint8_t> null_;
};

// The seed that a run begins with.
std::uint64_t seed_of(std::string_view run);

}  // namespace weir::dedupe
