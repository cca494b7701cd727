// LentBatch: a batch as it is lent to a plugin: a view of rows that the host keeps. Whatever the plugin did not take is
// released here; what it did with them that it must not is noticed.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include <weir/weir.h>

#include "pipeline/batch.hpp"

namespace weir::pipeline {

// The rows that a component was lent and that nobody has released yet. Threads: [any].
struct Lending {
  std::atomic<std::int64_t> out{0};
};

// Who is lent a batch.
struct Borrower {
  std::shared_ptr<Lending> lending;  // shared with the rows; null: nobody counts
  const ArrowSchema* watched =
      nullptr;  // of the rows, if it is to be noticed that they are written to (that reads them
                // twice); lent; null: it is not
};

// Threads: one caller at a time.
class LentBatch {
 public:
  // `batch` is lent, and outlives this.
  LentBatch(const Batch& batch, std::uint64_t sequence, Borrower borrower = {});
  LentBatch(const LentBatch&) = delete;
  LentBatch& operator=(const LentBatch&) = delete;
  ~LentBatch();

  // Gives what to call with, whole again each time.
  weir_batch* lend();
  // After the call: what was done with the rows that must not be ("expected …, found …"); empty: nothing.
  std::string sin() const;

 private:
  struct Rows;
  static void release(ArrowArray* array);
  static void let_go(Rows* rows);
  void take_back();

  const Batch& batch_;
  std::uint64_t sequence_;
  Borrower borrower_;
  std::uint64_t hash_ = 0;  // of the rows, if they are watched
  Rows* rows_ = nullptr;    // what was lent last
  bool released_twice_ = false;
  weir_batch lent_{};
};

}  // namespace weir::pipeline
