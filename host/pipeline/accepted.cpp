#include "pipeline/accepted.hpp"

#include <utility>

namespace weir::pipeline {

using integrity::Digest;

AcceptedRows::AcceptedRows(const ArrowSchema& schema, integrity::Account& account, std::vector<std::size_t> columns)
    : digest_(schema), columns_(std::move(columns)), children_(columns_.size()), account_(account) {
  account_.digest.emplace();
}

base::Result<Digest> AcceptedRows::add(const Batch& batch, std::span<const std::uint32_t> refused) {
  const ArrowArray& rows = stored(batch.rows.get());
  WEIR_TRY_ASSIGN(Digest digest, batch.selection ? digest_.of(rows, *batch.selection) : digest_.of(rows));
  if (!refused.empty()) {
    WEIR_TRY_ASSIGN(const Digest of_refused, digest_.of(rows, refused));
    digest.subtract(of_refused);
  }
  account_.digest->add(digest);
  return digest;
}

const ArrowArray& AcceptedRows::stored(const ArrowArray& rows) {
  if (columns_.empty()) return rows;
  for (std::size_t i = 0; i < columns_.size(); ++i) children_[i] = rows.children[columns_[i]];
  view_ = rows;
  view_.children = children_.data();
  view_.n_children = static_cast<std::int64_t>(children_.size());
  view_.release = nullptr;
  return view_;
}

}  // namespace weir::pipeline
