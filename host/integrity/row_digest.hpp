// RowDigest: computes digests of rows of one schema, column by column, a window of rows at a time. The same rows give the same
// digest whatever types of one kind their columns have (int32 or int64, text or a dictionary of it), and in whatever order
// columns and rows stand: docs/digest.md has the definition.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include <weir/arrow.hpp>

#include "base/result.hpp"
#include "integrity/digest.hpp"

namespace weir::integrity {

// Owns its scratch: nothing is allocated once it is made, but for messages. Threads: one caller at a time.
class RowDigest {
 public:
  // Copies the schema, which passed check_rows_schema().
  explicit RowDigest(const ArrowSchema& rows);
  ~RowDigest();
  RowDigest(const RowDigest&) = delete;
  RowDigest& operator=(const RowDigest&) = delete;

  // The digest of all rows, or of those in `selected`: any order, repeats count. Precondition: check_shape() passed, every
  // index is below rows.length. Errors: offsets, views or indices of a dictionary out of bounds (plugin.bad_batch).
  base::Result<Digest> of(const ArrowArray& rows);
  base::Result<Digest> of(const ArrowArray& rows, std::span<const std::uint32_t> selected);
  // The digest of each row by itself, in order; `out` has one for each. Their sum is of(rows).
  base::Result<void> each(const ArrowArray& rows, std::span<Digest> out);

 private:
  class Column;
  base::Result<Digest> sum(const ArrowArray& rows, const std::uint32_t* selected, std::int64_t count);

  weir::Schema schema_;  // lent to the columns
  std::unique_ptr<Column> rows_;
};

}  // namespace weir::integrity
