#include "pipeline/lent_batch.hpp"

#include <utility>

#include "arrow/content_hash.hpp"

namespace weir::pipeline {

// Rows that were lent: held by whoever has the array, and by the LentBatch, so that a second release is noticed, not run.
struct LentBatch::Rows {
  ArrowArray view{};
  std::shared_ptr<Lending> lending;
  std::atomic<int> released{0};
  std::atomic<int> holders{2};
};

LentBatch::LentBatch(const Batch& batch, std::uint64_t sequence, Borrower borrower)
    : batch_(batch), sequence_(sequence), borrower_(std::move(borrower)) {
  weir_batch_clear(&lent_);
  if (borrower_.watched != nullptr) hash_ = arrow::content_hash(batch.rows.get(), *borrower_.watched);
}

LentBatch::~LentBatch() { take_back(); }

weir_batch* LentBatch::lend() {
  take_back();
  weir_batch_clear(&lent_);
  rows_ = new Rows;
  rows_->view = batch_.rows.view().release();
  rows_->lending = borrower_.lending;
  if (rows_->lending != nullptr) rows_->lending->out.fetch_add(1, std::memory_order_relaxed);
  lent_.rows = rows_->view;
  lent_.rows.release = release;
  lent_.rows.private_data = rows_;
  lent_.sequence = sequence_;
  if (batch_.selection) {
    static constexpr std::uint32_t kNone = 0;  // no row lives: that is not the same as null, all do
    lent_.selected = batch_.selection->empty() ? &kNone : batch_.selection->data();
    lent_.selected_count = batch_.selection->size();
  }
  return &lent_;
}

void LentBatch::release(ArrowArray* array) {
  auto* const rows = static_cast<Rows*>(array->private_data);
  array->release = nullptr;
  if (rows->released.fetch_add(1, std::memory_order_acq_rel) != 0) return;
  rows->view.release(&rows->view);
  if (rows->lending != nullptr) rows->lending->out.fetch_sub(1, std::memory_order_relaxed);
  let_go(rows);
}

void LentBatch::let_go(Rows* rows) {
  if (rows->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete rows;
}

void LentBatch::take_back() {
  if (rows_ == nullptr) return;
  if (rows_->released > 1) released_twice_ = true;
  // A copy of them was released by the plugin: theirs, so that what it was lent is nobody's.
  if (lent_.rows.release != nullptr && rows_->released == 0) lent_.rows.release(&lent_.rows);
  let_go(std::exchange(rows_, nullptr));
}

std::string LentBatch::sin() const {
  if (released_twice_ || (rows_ != nullptr && rows_->released > 1))
    return "expected it to release the rows that it was lent once, found them released twice";
  if (borrower_.watched != nullptr && arrow::content_hash(batch_.rows.get(), *borrower_.watched) != hash_)
    return "expected it to leave the rows that it was lent as they were, found them written to";
  return {};
}

}  // namespace weir::pipeline
