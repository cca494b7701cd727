// CallWatch: the deadlines of a run's calls to plugins, and whether anything moves.
//
//   running ── call: nothing returned, nothing handed over ──► told (its cancel is called) ── cancel: ──► given up
//      │                                                        │
//      └──────────────── returned ──► ended                     └── returned ──► ended, late
//
// Invariants:
//   1 of the calls of a thread only the innermost is at work: the clock of the others stands still, and starts anew when the
//     one within them ends
//   2 a call that was told to stop has failed, whatever it returns: its instance is good for close or destroy only
//   3 a call that was given up never returns into the host: its thread stops where it comes back
//   4 an instance is not touched by a cancel after its call has ended: end() waits for a cancel in progress
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "plugins/running_call.hpp"

namespace weir::plugins {

// What `deadlines:` of a manifest says, or what holds without it.
struct CallLimits {
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  std::int64_t call_ns = 300'000'000'000;    // for a call to return or to hand something over
  std::int64_t cancel_ns = 10'000'000'000;   // then, for it to return when it was told to stop
  std::int64_t stalled_ns = 60'000'000'000;  // without anything moved until that is told
  std::int64_t exit_ns = kNever;             // the same until the run is ended
  bool spare_waiting = true;                 // a call that may wait has no deadline
};

// A call in progress, as people are told. A value.
struct CallInProgress {
  std::string plugin, link, function;
  std::int64_t since_ns = 0;  // how long it has neither returned nor handed over anything
  bool is_wait = false;       // the host waits before it is made again

  // "read() of plugin 'csv' in 'orders', for 2m".
  std::string text() const;
};

// Nothing has moved for a while.
struct Stall {
  std::int64_t still_ns = 0;
  std::vector<CallInProgress> calls;  // what is waited for, the longest first
};

// What is done when something is due. Called on the watch's thread; each may be empty.
struct WatchHandler {
  std::function<void(const Stall&)> stalled;
  std::function<void(std::int64_t still_ns)> moves_on;  // after a stall
  // Once. Nothing is watched any more afterwards, and nothing that the calls of this watch use may ever be destroyed.
  std::function<void(base::Error)> given_up;
};

// Threads: [any]. Outlives all calls that are made with it, but one that was given up.
class CallWatch {
 public:
  // Without a `clock` it has a thread of its own, which begins with the first call; else look() is for whoever gave it.
  CallWatch(CallLimits limits, WatchHandler handler, std::function<std::int64_t()> clock = {});
  ~CallWatch();
  CallWatch(const CallWatch&) = delete;
  CallWatch& operator=(const CallWatch&) = delete;

  // Does what is due, and gives the time of the next look. One caller at a time.
  std::int64_t look();
  std::int64_t now() const;
  // The error of a call that has ended so, which is not in time.
  base::Error late_error(const Culprit& culprit, CallEnd end) const;
  // Whether a call was given up, in whatever run of this process: then it can't end but at once.
  static bool any_given_up();

 private:
  friend class RunningCall;
  struct Due;

  void begin(RunningCall& call);
  CallEnd end(RunningCall& call, bool moved);
  void watch();
  void look_at(RunningCall& call, Due& due);
  void look_for_stall(Due& due);
  void tell_to_stop(RunningCall& call, CallEnd reason, Due& due);
  void cancel(RunningCall& call);
  std::int64_t moved_ns() const;
  std::vector<CallInProgress> in_progress(std::int64_t now) const;
  base::Error error_of(const RunningCall& call, std::int64_t now) const;
  std::int64_t longest_sleep_ns() const;

  const CallLimits limits_;
  const WatchHandler handler_;
  const std::function<std::int64_t()> clock_;
  std::mutex mutex_;
  std::condition_variable cancelled_;  // a cancel has returned
  std::condition_variable ending_;
  std::vector<RunningCall*> calls_;   // guarded by mutex_
  std::int64_t moved_ns_;             // when a call last went well; guarded by mutex_
  std::int64_t stalled_ns_ = 0;       // when what stands still now last moved; 0: it moves; guarded by mutex_
  bool exiting_ = false;              // guarded by mutex_
  bool given_up_ = false;             // guarded by mutex_
  bool ended_ = false;                // guarded by mutex_
  std::vector<std::thread> cancels_;  // guarded by mutex_
  std::thread thread_;                // guarded by mutex_ until the destructor
};

}  // namespace weir::plugins
