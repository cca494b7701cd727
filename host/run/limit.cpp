#include "run/limit.hpp"

#include <algorithm>
#include <cstdio>

#include "base/units.hpp"

namespace weir::run {
namespace {

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g%%", share * 100);
  return text;
}

}  // namespace

void RejectLimit::go_on(std::uint64_t rows, std::uint64_t rejects) {
  const std::lock_guard lock(mutex_);
  rows_ = rows;
  rejects_ = added_ = rejects;
}

base::Result<void> RejectLimit::add(const pipeline::Reject& reject) {
  const std::lock_guard lock(mutex_);
  ++added_;
  if (first_.size() < kShownReasons) {
    const std::string reason = reject.column.empty() ? reject.reason : reject.column + ": " + reject.reason;
    const bool known = std::any_of(first_.begin(), first_.end(), [&](const auto& one) { return one.first == reason; });
    if (!known) first_.emplace_back(reason, reject.place);
  }
  if (!limits_.rejects || added_ != *limits_.rejects + 1) return {};
  return base::unexpected(beyond("expected at most " + base::format_count(*limits_.rejects) + " rejected rows",
                                 "found " + base::format_count(added_)));
}

base::Result<void> RejectLimit::judge(std::uint64_t rows, std::uint64_t rejects) {
  const std::lock_guard lock(mutex_);
  rows_ += rows;
  rejects_ += rejects;
  return judge_share(false);
}

base::Result<void> RejectLimit::judge_all() const {
  const std::lock_guard lock(mutex_);
  return judge_share(true);
}

base::Result<void> RejectLimit::judge_share(bool at_end) const {
  if (!limits_.rejects_share || (rows_ < limits_.sample && !at_end)) return {};
  const auto rows = static_cast<double>(rows_), rejects = static_cast<double>(rejects_);
  if (rejects <= *limits_.rejects_share * rows) return {};
  return base::unexpected(beyond("expected at most " + percent(*limits_.rejects_share) + " of the rows to be rejected",
                                 "found " + base::format_count(rejects_) + " of " + base::format_count(rows_) +
                                     (rows_ == 0 ? "" : ", " + percent(rejects / rows))));
}

base::Error RejectLimit::beyond(const std::string& expected, const std::string& found) const {
  std::string reasons;
  for (const auto& [reason, place] : first_) {
    reasons += (reasons.empty() ? "; first: " : ", ") + reason;
    if (place.known()) reasons += " (" + place.file + (place.line == 0 ? "" : ":" + std::to_string(place.line)) + ")";
  }
  return base::make_error(base::Status::failed_precondition, base::Fault::limit, "run.reject_limit",
                          "limits: " + expected + ", " + found + reasons)
      .with_hint(
          "nothing was loaded since the last checkpoint; mend the rows or what they are checked against, or raise the "
          "limit")
      .with_place(limits_.where.place());
}

}  // namespace weir::run
