// Reject origins: where rejects that are replayed came from in the first place, so that one that is rejected anew still names the
// place in the source that it had.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "pipeline/batch.hpp"

namespace weir::run {

// Where a row was, as its reject told it.
struct RejectOrigin {
  std::string stream, split, file;
  std::int64_t position = -1;
  std::size_t line = 0;  // 0: unknown
};

// By the split that rows are replayed from, and their offset in it. Threads: restore() [any], once all are added.
class RejectOrigins {
 public:
  // In ascending order of offsets.
  void add(const std::string& split, std::int64_t offset, RejectOrigin origin) {
    splits_[split].push_back({offset, std::move(origin)});
  }
  // Puts the place that it had in the place of the one that it has; of a reject of no split that was added, nothing is done.
  void restore(pipeline::Reject& reject) const;

 private:
  struct At {
    std::int64_t offset = 0;
    RejectOrigin origin;
  };
  std::map<std::string, std::vector<At>> splits_;
};

}  // namespace weir::run
