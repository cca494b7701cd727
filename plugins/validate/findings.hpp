// Findings: which rows of a batch break which rule.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::validate {

// What becomes of a row that breaks a rule.
enum class OnBad { reject, fail, warn };

// What a rule is about: a column of the input, or the row (-1).
struct Subject {
  std::int64_t column = -1;
  OnBad on = OnBad::reject;
};

// What can be wrong with a value, in words that are counted and shown: reason is one for all rows of a run.
struct Problem {
  Subject subject;
  std::string reason;                    // "out of range"
  std::string expected;                  // "0 to 100"
  std::vector<std::int64_t> shown = {};  // of a row: the columns whose values say what was found
};

struct Finding {
  std::int64_t row;
  const Problem* problem;
};

// One finding a row at most: the first counts, and is rejected. What only warns is counted beside, each rule by itself; what
// ends the run is kept apart, so that no other rule hides it.
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
    if (problem.subject.on == OnBad::warn) return count(problem);
    if (problem.subject.on == OnBad::fail && (fatal_.problem == nullptr || row < fatal_.row)) fatal_ = {row, &problem};
    auto& word = seen_[static_cast<std::size_t>(row) / 64];
    const std::uint64_t bit = std::uint64_t{1} << (static_cast<std::uint64_t>(row) % 64);
    if ((word & bit) != 0) return;
    word |= bit;
    dirty_ = true;
    count(problem);
    list_.push_back({row, &problem});
  }
  // In the order of rows.
  void sort() {
    std::sort(list_.begin(), list_.end(), [](const Finding& a, const Finding& b) { return a.row < b.row; });
  }
  bool empty() const { return list_.empty(); }
  const std::vector<Finding>& list() const { return list_; }
  // The first row that ends the run; null: none does.
  const Finding* fatal() const { return fatal_.problem == nullptr ? nullptr : &fatal_; }
  bool has(std::int64_t row) const {
    return (seen_[static_cast<std::size_t>(row) / 64] >> (static_cast<std::uint64_t>(row) % 64) & 1U) != 0;
  }
  // A bit for each row that has one; empty if none has.
  std::span<const std::uint64_t> bits() const {
    return list_.empty() ? std::span<const std::uint64_t>() : std::span<const std::uint64_t>(seen_);
  }
  // How many rows had each finding, since the beginning: a row that is rejected the first of its.
  const std::map<const Problem*, std::uint64_t>& counts() const { return counts_; }
  std::uint64_t count_of(const Problem& problem) const {
    const auto found = counts_.find(&problem);
    return found == counts_.end() ? 0 : found->second;
  }

 private:
  void count(const Problem& problem) {
    if (&problem != last_) {
      last_ = &problem;
      count_ = &counts_[&problem];
    }
    ++*count_;
  }

  std::vector<Finding> list_;
  std::vector<std::uint64_t> seen_;
  bool dirty_ = false;
  Finding fatal_{0, nullptr};
  std::map<const Problem*, std::uint64_t> counts_;
  const Problem* last_ = nullptr;
  std::uint64_t* count_ = nullptr;
};

}  // namespace weir::validate
