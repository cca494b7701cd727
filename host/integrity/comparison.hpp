// Comparison: whether a destination has the rows that a run sent to it, as far as reading it back can tell. Equal digests prove
// it, whatever the types are; different ones prove the contrary only where the store can give back what it was given.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <weir/arrow.hpp>

#include "base/result.hpp"
#include "integrity/digest.hpp"
#include "integrity/row_digest.hpp"

namespace weir::integrity {

enum class Verdict { equal, differs, not_comparable };

struct Compared {
  Verdict verdict = Verdict::equal;
  std::string reason;  // why it is not equal; otherwise empty
  std::uint64_t rows_sent = 0, rows_found = 0;
  std::optional<Digest> found;  // of the columns that were sent; none: it was not worth reading
};

// Tells which column can't have come back as it was sent, and why: "column 'tags': list<item int64?> was sent, string is read
// back". Empty: all can. Columns that were not sent don't matter.
std::string doubtful_column(const ArrowSchema& sent, const ArrowSchema& found);

// Threads: one caller at a time.
class Comparison {
 public:
  // Of rows that were sent, and what a reader of the destination says that it gives. Schemas of rows, both are copied.
  Comparison(const ArrowSchema& sent, const ArrowSchema& found);

  // Whether it is worth reading: all columns that were sent are there.
  bool readable() const { return missing_.empty(); }
  // Adds rows that were read, and gives the digest of each, of the columns that were sent; lent until the next call.
  // Preconditions: readable(), check_shape() passed. Errors: as RowDigest::of().
  base::Result<std::span<const Digest>> add(const ArrowArray& rows);
  // The same rows as lent: the columns that were sent alone, in their order, and their schema.
  ArrowArray narrowed(const ArrowArray& rows);
  const ArrowSchema& schema() const { return schema_.get(); }
  // Why a column can't have come back as it was sent; empty: all can.
  const std::string& doubt() const { return doubt_; }
  // Says what it comes to, all being read, or not readable().
  Compared end(std::uint64_t rows_sent, const Digest& digest_sent) const;

 private:
  std::string missing_;                // columns
  std::string doubt_;                  // doubtful_column()
  std::vector<std::size_t> columns_;   // of what was sent, their numbers in what is found
  weir::Schema schema_;                // of those, as they are found
  std::unique_ptr<RowDigest> digest_;  // null: not readable
  std::vector<ArrowArray*> children_;  // of narrowed()
  std::vector<Digest> rows_found_;     // of the last add()
  Digest found_;
  std::uint64_t rows_ = 0;
};

}  // namespace weir::integrity
