// Retry: what the host does when a plugin says that a call took no effect and may be repeated (UNAVAILABLE,
// RESOURCE_EXHAUSTED): exponential back-off with full jitter, the destination's own delay where it tells one, a bound for
// each call, a budget for all of a run.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>

#include <weir/weir.h>

namespace weir::pipeline {

// What a failed call leaves, and what may come after it.
enum class Again {
  no,         // it is final
  call,       // it took no effect: the same call may be made again
  epoch,      // what was open is gone: the lane's epoch begins again
  if_undone,  // it may have taken effect: the same, once the committer has been asked
};
Again again_after(weir_status status);

// How often and how long a call is repeated: what `retry:` of a manifest says, or what holds without it.
struct Retrying {
  std::uint64_t attempts = 5;            // the first call among them
  std::int64_t first_ns = 200'000'000;   // upper bound of the first delay; doubles each time
  std::int64_t max_ns = 30'000'000'000;  // upper bound of every delay, and the longest that another side may ask for
  // How long a call and its repeats may take before no more are made: a plugin that waited so long by itself has waited
  // for all. Not counted where the other side asked for a delay. INT64_MAX: only attempts count.
  std::int64_t patience_ns = 5'000'000'000;
};

// The delays of one call. Pure but for its random numbers. Threads: one caller at a time.
class Backoff {
 public:
  Backoff(const Retrying& retrying, std::uint32_t seed)
      : retrying_(retrying), most_(std::min(retrying.first_ns, retrying.max_ns)), random_(seed) {}

  // Gives the nanoseconds to wait before the call is repeated; none: `status` is final, or it was tried often or long
  // enough. `elapsed_ns`: since the call was first made.
  std::optional<std::int64_t> next(weir_status status, std::int64_t retry_after_ns, std::int64_t elapsed_ns);
  // Gives the nanoseconds to wait before the next attempt, whatever came of the last.
  std::int64_t delay();

 private:
  Retrying retrying_;
  std::int64_t most_;  // upper bound of the next delay
  std::minstd_rand random_;
  std::uint64_t made_ = 1;  // attempts
};

// The repeats that a run may make: so many, and one more for every kCallsARepeat calls that went well. A destination that
// fails now and then is borne for ever, one that fails at every other call is not. Threads: [any].
class RetryBudget {
 public:
  static constexpr std::int64_t kCallsARepeat = 10;
  explicit RetryBudget(std::uint64_t repeats)
      : most_(static_cast<std::int64_t>(std::min<std::uint64_t>(repeats, INT64_MAX / kCallsARepeat)) * kCallsARepeat),
        left_(most_) {}

  // Takes one repeat; false: none is left.
  bool take();
  // A call went well.
  void went_well() {
    if (left_.load(std::memory_order_relaxed) < most_) left_.fetch_add(1, std::memory_order_relaxed);
  }
  std::uint64_t repeats() const { return static_cast<std::uint64_t>(most_ / kCallsARepeat); }

 private:
  const std::int64_t most_;  // in calls that went well
  std::atomic<std::int64_t> left_;
};

// Waits `ns`; false: the run was told to stop meanwhile.
using Wait = std::function<bool(std::int64_t ns)>;

// Waits on this thread. `host` is asked whether to stop; null: nobody says so.
bool wait_on_thread(std::int64_t ns, const weir_host* host);

}  // namespace weir::pipeline
