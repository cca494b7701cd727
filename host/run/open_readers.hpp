// OpenReaders: the readers of the splits that are being read, each opened where its split stands.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "run/worker.hpp"

namespace weir::run {

// Threads: [any]; of a split, one caller at a time.
class OpenReaders {
 public:
  // `plan` and `splits` are lent. `positions`: of the splits that were begun before.
  OpenReaders(const Plan& plan, const std::vector<SplitOf>& splits, std::map<std::size_t, std::string> positions);

  // The reader of a split; opens it if need be, and tells so. After cancel() none is opened: CANCELLED.
  base::Result<std::shared_ptr<pipeline::SplitReader>> get(std::size_t split);
  // The split has no more; its reader goes when nobody uses it any more: a chunk may outlive its turn.
  void close(std::size_t split);
  // Cancels those that are open.
  void cancel();
  void clear();

 private:
  void tell(events::EventDetail detail) const {
    if (plan_.tell) plan_.tell(std::move(detail));
  }
  const std::string& name_of(std::size_t split) const;

  const Plan& plan_;
  const std::vector<SplitOf>& splits_;
  const std::map<std::size_t, std::string> positions_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<pipeline::SplitReader>> readers_;  // guarded by mutex_
  bool cancelled_ = false;                                       // guarded by mutex_
};

}  // namespace weir::run
