// Findings: which rows of a batch break which rule.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::validate {

// What can be wrong with a value, in words that are counted and shown: reason is a constant.
struct Problem {
  std::int64_t column = 0;  // of the input
  std::string_view reason;  // "out of range"
  std::string expected;     // "0 to 100"
};

struct Finding {
  std::int64_t row;
  const Problem* problem;
};

// One finding a row at most: the first counts.
class Findings {
 public:
  // Begins a batch.
  void clear(std::int64_t rows) {
    list_.clear();
    if (!dirty_ && seen_.size() * 64 >= static_cast<std::size_t>(rows)) return;
    seen_.assign(static_cast<std::size_t>(rows + 63) / 64, 0);
    dirty_ = false;
  }
  void add(std::int64_t row, const Problem& problem) {
    auto& word = seen_[static_cast<std::size_t>(row) / 64];
    const std::uint64_t bit = std::uint64_t{1} << (static_cast<std::uint64_t>(row) % 64);
    if ((word & bit) != 0) return;
    word |= bit;
    dirty_ = true;
    list_.push_back({row, &problem});
  }
  bool empty() const { return list_.empty(); }
  const std::vector<Finding>& list() const { return list_; }
  bool has(std::int64_t row) const {
    return (seen_[static_cast<std::size_t>(row) / 64] >> (static_cast<std::uint64_t>(row) % 64) & 1U) != 0;
  }
  // A bit for each row that has one; empty if none has.
  std::span<const std::uint64_t> bits() const {
    return list_.empty() ? std::span<const std::uint64_t>() : std::span<const std::uint64_t>(seen_);
  }

 private:
  std::vector<Finding> list_;
  std::vector<std::uint64_t> seen_;
  bool dirty_ = false;
};

}  // namespace weir::validate
