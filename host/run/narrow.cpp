#include "run/narrow.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/sort.hpp"

namespace weir::run {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMostTriedRows = 100;

// Rows of one side by their names, each once.
std::unordered_map<std::uint64_t, const PickedRow*> by_name(const std::vector<PickedRow>& rows) {
  std::unordered_map<std::uint64_t, const PickedRow*> found;
  for (const auto& row : rows) found.emplace(row.name, &row);
  return found;
}

class Narrowing {
 public:
  explicit Narrowing(const integrity::RowDifferences& differences) { narrowed_.all = differences.all; }

  void add(const integrity::RowDifferences::Row& differing, const PickedRow* row) {
    const bool is_missing = differing.count > 0;
    const auto times = static_cast<std::uint64_t>(is_missing ? differing.count : -differing.count);
    (is_missing ? narrowed_.missing : narrowed_.added) += times;
    if (row == nullptr) return;
    DifferingRow told{row->key, {}, {}, times, {}};
    (is_missing ? told.sent : told.found) = row->text;
    if (!is_missing) told.place = row->place;
    rows_.push_back(std::move(told));
  }

  Narrowed result(std::uint64_t factor) {
    const bool keyed = !rows_.empty() && !rows_.front().key.empty();
    if (keyed) {
      base::sort_stably(rows_, [](const DifferingRow& row) -> const auto& { return row.key; });
      narrowed_.first = rows_.front().key;
      narrowed_.last = rows_.back().key;
      pair_up();
    }
    for (auto* count : {&narrowed_.missing, &narrowed_.added, &narrowed_.changed}) *count *= factor;
    if (rows_.size() > kMostTriedRows) rows_.resize(kMostTriedRows);
    narrowed_.rows = std::move(rows_);
    return std::move(narrowed_);
  }

 private:
  // What is missing and what was added under one key is one row that changed.
  void pair_up() {
    std::vector<DifferingRow> paired;
    for (auto& row : rows_) {
      DifferingRow* const before = paired.empty() ? nullptr : &paired.back();
      if (before == nullptr || !is_one(*before, row)) {
        paired.push_back(std::move(row));
        continue;
      }
      if (!row.sent.empty()) before->sent = std::move(row.sent);
      if (!row.found.empty()) {
        before->found = std::move(row.found);
        before->place = row.place;
      }
      --narrowed_.missing;
      --narrowed_.added;
      ++narrowed_.changed;
    }
    rows_ = std::move(paired);
  }

  static bool is_one(const DifferingRow& one, const DifferingRow& other) {
    const bool both_sides = one.sent.empty() != one.found.empty() && one.sent.empty() != other.sent.empty();
    return both_sides && one.key == other.key && one.times == 1 && other.times == 1;
  }

  Narrowed narrowed_;
  std::vector<DifferingRow> rows_;
};

}  // namespace

Narrowed narrow(const integrity::RowDifferences& differences, const std::vector<PickedRow>& sent,
                const std::vector<PickedRow>& found) {
  const auto sent_by_name = by_name(sent), found_by_name = by_name(found);
  Narrowing narrowing(differences);
  for (const auto& differing : differences.rows) {
    const auto& side = differing.count > 0 ? sent_by_name : found_by_name;
    const auto row = side.find(differing.name);
    narrowing.add(differing, row == side.end() ? nullptr : row->second);
  }
  return narrowing.result(differences.factor);
}

}  // namespace weir::run
