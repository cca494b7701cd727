// AcceptedRows: the digest of the rows that a destination took, summed into the account of its load.
#pragma once

#include <cstdint>
#include <span>

#include "integrity/ledger.hpp"
#include "integrity/row_digest.hpp"
#include "pipeline/batch.hpp"

namespace weir::pipeline {

// Threads: one caller at a time.
class AcceptedRows {
 public:
  // `account` is lent, and has a digest from here on.
  AcceptedRows(const ArrowSchema& schema, integrity::Account& account);

  // Adds the live rows of a batch that was written, but for those that were refused; gives their digest. Errors: as
  // RowDigest::of().
  base::Result<integrity::Digest> add(const Batch& batch, std::span<const std::uint32_t> refused);

 private:
  integrity::RowDigest digest_;
  integrity::Account& account_;
};

}  // namespace weir::pipeline
