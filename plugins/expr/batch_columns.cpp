// Columns of a batch, chunk after chunk.
#include "batch_columns.hpp"

#include <algorithm>

#include "result_column.hpp"

namespace weir::expr {

void BatchColumns::begin(const weir_batch& batch) {
  batch_ = &batch;
  length_ = batch.rows.length;
  bad_.clear();
  rejects_.clear();
  set_columns(frame_, batch.rows);
}

Bits BatchColumns::good_rows(LiveRows& rows, std::int64_t begin, int count) const {
  Bits good = rows.next(begin, count);
  const auto first = static_cast<std::size_t>(begin) / 64;
  for (std::size_t word = 0; word < kChunkWords && first + word < bad_.size(); ++word)
    good[word] &= ~bad_[first + word];
  return good;
}

Array BatchColumns::compute(const Operation& operation) {
  ResultColumn result(operation.type(), length_);
  LiveRows rows(*batch_);
  for (std::int64_t begin = 0; begin < length_; begin += kChunkRows) {
    frame_.start(begin, static_cast<int>(std::min<std::int64_t>(kChunkRows, length_ - begin)));
    const Bits good = good_rows(rows, begin, frame_.count);
    Vector value(frame_.scratch);
    operation.run(frame_, good, value);
    result.append(frame_, good, value);
    if (!frame_.has_failures()) continue;
    append_rejects(frame_, rejects_);
    bad_.resize(words(), 0);
    const auto first = static_cast<std::size_t>(begin) / 64;
    for (std::size_t word = 0; word < kChunkWords && first + word < bad_.size(); ++word)
      bad_[first + word] |= frame_.failed()[word];
  }
  return result.finish();
}

void BatchColumns::reject(std::int64_t row, const Fault& fault) {
  bad_.resize(words(), 0);
  bad_[static_cast<std::size_t>(row) / 64] |= std::uint64_t{1} << (static_cast<std::uint64_t>(row) % 64);
  rejects_.push_back({row, &fault});
}

std::vector<std::uint64_t> BatchColumns::left_out() const {
  if (rejects_.empty()) return {};
  std::vector<std::uint64_t> out(words());
  LiveRows rows(*batch_);
  for (std::int64_t begin = 0; begin < length_; begin += kChunkRows) {
    const Bits good = good_rows(rows, begin, static_cast<int>(std::min<std::int64_t>(kChunkRows, length_ - begin)));
    const auto first = static_cast<std::size_t>(begin) / 64;
    for (std::size_t word = 0; word < kChunkWords && first + word < out.size(); ++word) out[first + word] = ~good[word];
  }
  return out;
}

}  // namespace weir::expr
