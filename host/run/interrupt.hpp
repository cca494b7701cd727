// Interrupt: how a run is told to stop, whatever it is doing.
//
//   planning ──write()──► writing ◄──write()/flow()──► flowing
//
//   planning  plugins are told; it may be left where it stands: nothing has been written
//   writing   goes on to its end: what was prepared is committed; then rows flow no more
//   flowing   the execution is drained: what was read is committed; of a run of one epoch, what it wrote is withdrawn
#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "run/execution.hpp"

namespace weir::run {

// The error of a run that was told to stop.
base::Error interrupted();

// One of a run; outlives it. Threads: request(), requested(), may_be_left() and Parts [any]; the others are the run's.
class Interrupt {
 public:
  // One of a stream, which is told to stop with the run that it is a part of. `whole` outlives it.
  class Part;

  // Tells the run to stop.
  void request();
  bool requested() const { return requested_; }
  // Between steps: the error of a run that was told to stop, if it was.
  base::Result<void> go_on() const;
  // What went wrong: of a run that was told to stop not what a plugin says that was told so too.
  base::Error told(base::Error error) const;
  // Whether the process may end now and leave nothing half done.
  bool may_be_left() const;

  // What plugins are told when they ask.
  std::atomic<bool>& cancelled() { return cancelled_; }

  // Another pipeline is begun.
  void plan();
  // From here on something may be written that is not to be left behind.
  void write();
  // Rows begin to flow; `execution` is lent until the next write().
  void flow(Execution& execution);

 private:
  enum class Phase { planning, writing, flowing };
  mutable std::mutex mutex_;
  Phase phase_ = Phase::planning;   // guarded by mutex_
  Execution* execution_ = nullptr;  // guarded by mutex_
  std::atomic<bool> requested_{false};
  std::atomic<bool> cancelled_{false};
  std::vector<Interrupt*> parts_;  // guarded by mutex_
};

class Interrupt::Part {
 public:
  explicit Part(Interrupt& whole);
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part();
  Interrupt& own() { return own_; }

 private:
  Interrupt own_;
  Interrupt& whole_;
};

}  // namespace weir::run
