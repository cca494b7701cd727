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
  // The split has no more; its reader goes when nobody uses it any more: a chunk may outlive its turn, and one that is to be
  // told what is committed waits for that.
  void close(std::size_t split);
  // Tells the readers that are open what is committed, and lets those go that have no more.
  base::Result<void> acknowledge(const Standing& committed);
  // Cancels those that are open.
  void cancel();
  // Lets all go, but those that are to be told what is committed.
  void clear();

 private:
  bool acknowledges(std::size_t split) const { return plan_.sources[splits_[split].source]->acknowledges(); }
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

// Tells sources what is committed of splits that nobody reads any more, each by a reader that is opened for it.
base::Result<void> acknowledge(const Plan& plan, const Standing& committed);

}  // namespace weir::run
