// Quality: what the links of a run judge of its rows, gathered while it goes on.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include <weir/ext/draft/quality.h>

#include "integrity/judgement.hpp"

namespace weir::run {

// Threads: [any].
class Quality {
 public:
  static constexpr std::size_t kMost = 1000;      // that are remembered
  static constexpr std::size_t kMostText = 1000;  // bytes of each text

  // Of one link, subject and expectation there is one: rows are added up, and the worst verdict stands.
  void judged(integrity::Judgement judgement);
  // As a plugin tells it.
  void judged(const std::string& link, const weir_judgement& judgement);
  // In the order in which they were told first.
  std::vector<integrity::Judgement> all() const;
  // The rows come again.
  void clear();

 private:
  mutable std::mutex mutex_;
  std::vector<integrity::Judgement> all_;  // guarded by mutex_
};

}  // namespace weir::run
