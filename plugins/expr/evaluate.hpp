// Evaluation of a condition over the rows of a batch: which rows meet it, which can't be computed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "operation.hpp"

namespace weir::expr {

// Sets the frame's columns to those of a batch of rows.
void set_columns(Frame& frame, const ArrowArray& rows);

// The live rows of a batch, chunk by chunk.
class LiveRows {
 public:
  explicit LiveRows(const weir_batch& batch) : selected_(batch.selected), count_(batch.selected_count) {}
  // Those of the chunk at `begin`, of `rows` rows. Chunks come in order.
  Bits next(std::int64_t begin, int rows);
  // How many there are in all, of a batch of `length` rows.
  std::uint64_t count(std::int64_t length) const {
    return selected_ == nullptr ? static_cast<std::uint64_t>(length) : count_;
  }

 private:
  const std::uint32_t* selected_;
  std::uint64_t count_;
  std::uint64_t at_ = 0;
};

// Appends the numbers of the rows that are set to `to`, which has room for kSpareRows more; gives its new end.
inline constexpr std::size_t kSpareRows = 8;
std::uint32_t* append_rows(const Bits& rows, std::int64_t begin, std::uint32_t* to);

// Rows that can't be computed, told to the host one by one after the batch.
struct Reject {
  std::int64_t row;
  const Fault* fault;
};

// Collects the faults of the frame's chunk.
void append_rejects(const Frame& frame, std::vector<Reject>& rejects);
void tell(const Next& next, const std::vector<Reject>& rejects);

// What is wrong with the option at `pointer`, as the host wants to know it.
Failure failure_of(const struct Mistake& mistake, const std::string& pointer);

}  // namespace weir::expr
