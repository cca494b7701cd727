#include "pipeline/accepted.hpp"

namespace weir::pipeline {

using integrity::Digest;

AcceptedRows::AcceptedRows(const ArrowSchema& schema, integrity::Account& account)
    : digest_(schema), account_(account) {
  account_.digest.emplace();
}

base::Result<Digest> AcceptedRows::add(const Batch& batch, std::span<const std::uint32_t> refused) {
  const ArrowArray& rows = batch.rows.get();
  WEIR_TRY_ASSIGN(Digest digest, batch.selection ? digest_.of(rows, *batch.selection) : digest_.of(rows));
  if (!refused.empty()) {
    WEIR_TRY_ASSIGN(const Digest of_refused, digest_.of(rows, refused));
    digest.subtract(of_refused);
  }
  account_.digest->add(digest);
  return digest;
}

}  // namespace weir::pipeline
