// BatchColumns: computes whole columns of a batch, one operation after the other, and remembers the rows that one of them
// could not compute: those are rejected, and no later operation runs on them.
#pragma once

#include <cstdint>
#include <vector>

#include <weir/weir.hpp>

#include "evaluate.hpp"

namespace weir::expr {

// Threads: one caller at a time. Operations that were run hold memory of it, so it outlives them.
class BatchColumns {
 public:
  // Begins a batch, which is lent until the next begin(): its columns are those of the frame.
  void begin(const weir_batch& batch);
  // Adds a column to the frame; the array is lent as the batch is.
  void add(const ColumnData& column) { frame_.columns.push_back(column); }
  const ColumnData& column(std::int64_t index) const { return frame_.columns[static_cast<std::size_t>(index)]; }
  // Gives the column of `operation`, as long as the batch: null in rows that are not live or can't be computed.
  Array compute(const Operation& operation);
  // Rejects a row that is live and was not rejected yet, for `fault`, which outlives the batch.
  void reject(std::int64_t row, const Fault& fault);

  const std::vector<Reject>& rejects() const { return rejects_; }
  // A bit for each row that was rejected or is not live; empty if none was rejected.
  std::vector<std::uint64_t> left_out() const;

 private:
  // Rows of the chunk that are live, and not rejected yet.
  Bits good_rows(LiveRows& rows, std::int64_t begin, int count) const;
  std::size_t words() const { return static_cast<std::size_t>(length_ + 63) / 64; }

  Frame frame_;
  const weir_batch* batch_ = nullptr;
  std::int64_t length_ = 0;
  std::vector<std::uint64_t> bad_;  // a bit for each row that was rejected; empty if none was
  std::vector<Reject> rejects_;
};

}  // namespace weir::expr
