// RejectLimit: when a run stops for its rejects (the manifest's limits:).
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "manifest/manifest.hpp"
#include "pipeline/batch.hpp"

namespace weir::run {

// Threads: [any].
class RejectLimit {
 public:
  // `limits` is lent.
  explicit RejectLimit(const manifest::Limits& limits) : limits_(limits) {}

  // Before all others: what a run that is gone on with had come to.
  void go_on(std::uint64_t rows, std::uint64_t rejects);
  // Counts a reject. The first that is beyond the limit, if that is a count, is an error.
  base::Result<void> add(const pipeline::Reject& reject);
  // Counts rows that are through, with those of them that were rejected, and judges the share once the sample is full. Rejects
  // of rows that are still on their way are none yet, or the share would be too high.
  base::Result<void> judge(std::uint64_t rows, std::uint64_t rejects);
  // Judges the share of all.
  base::Result<void> judge_all() const;

 private:
  base::Result<void> judge_share(bool at_end) const;                                // the mutex is held
  base::Error beyond(const std::string& expected, const std::string& found) const;  // the mutex is held

  static constexpr std::size_t kShownReasons = 3;
  const manifest::Limits& limits_;
  mutable std::mutex mutex_;
  std::uint64_t added_ = 0;                                 // rejects; guarded by mutex_
  std::uint64_t rows_ = 0, rejects_ = 0;                    // that are through; guarded by mutex_
  std::vector<std::pair<std::string, base::Place>> first_;  // reasons, each where it was met first; guarded by mutex_
};

}  // namespace weir::run
