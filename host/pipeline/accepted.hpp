// AcceptedRows: the digest of the rows that a destination took, summed into the account of its load.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "integrity/ledger.hpp"
#include "integrity/row_digest.hpp"
#include "pipeline/batch.hpp"

namespace weir::pipeline {

// Threads: one caller at a time.
class AcceptedRows {
 public:
  // `account` is lent, and has a digest from here on. `schema`: of the rows as they are stored; `columns`: the number of the sent column
  // that each of its columns is made of; empty: they are those that are sent.
  AcceptedRows(const ArrowSchema& schema, integrity::Account& account, std::vector<std::size_t> columns = {});

  // Adds the live rows of a batch that was written, but for those that were refused; gives their digest. Errors: as
  // RowDigest::of().
  base::Result<integrity::Digest> add(const Batch& batch, std::span<const std::uint32_t> refused);

 private:
  const ArrowArray& stored(const ArrowArray& rows);

  integrity::RowDigest digest_;
  std::vector<std::size_t> columns_;
  std::vector<ArrowArray*> children_;  // of view_
  ArrowArray view_{};                  // of the batch in hand, which owns its buffers
  integrity::Account& account_;
};

}  // namespace weir::pipeline
