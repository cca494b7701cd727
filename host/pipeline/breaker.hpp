// Breaker: what keeps calls from a connection that does not answer, for all who use it alike (the circuit breaker pattern).
//
//   closed ── `failures` calls in a row got no answer ──► open ── `pause` is over ──► half open
//     ▲                                                    ▲                             │
//     └──────────────── the one call is answered ──────────┼─────────────────────────────┤
//                                                          └── it is not ────────────────┘
//
// Invariants:
//   1 while it is open no call goes out: whoever wants to make one waits
//   2 half open, one call goes out at a time
//   3 an answer is whatever comes back but UNAVAILABLE and DEADLINE_EXCEEDED; CANCELLED says nothing of the connection
// It has no clock of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include <weir/weir.h>

namespace weir::pipeline {

struct BreakerSettings {
  std::uint64_t failures = 5;              // in a row, until it opens; 0: it never does
  std::int64_t pause_ns = 30'000'000'000;  // how long it stays open
};

// Threads: [any]. Times are nanoseconds of one clock.
class Breaker {
 public:
  enum class Change { none, opened, closed };

  // `connection` is its name, for people.
  Breaker(std::string connection, BreakerSettings settings) : connection_(std::move(connection)), settings_(settings) {}

  // Whether a call may go out at `now`: 0, it may, and answered() is to be told; else how long to wait before asking again.
  std::int64_t admit(std::int64_t now);
  // What came of a call that was admitted, at `now`.
  Change answered(weir_status status, std::int64_t now);

  const std::string& connection() const { return connection_; }
  std::uint64_t failures() const { return failures_; }
  std::int64_t pause_ns() const { return settings_.pause_ns; }

 private:
  enum class State { closed, open, half_open };
  Change failed(std::int64_t now);

  const std::string connection_;
  const BreakerSettings settings_;
  std::mutex mutex_;
  State state_ = State::closed;             // guarded by mutex_
  std::int64_t open_until_ = 0;             // guarded by mutex_
  bool trying_ = false;                     // half open: the one call is under way; guarded by mutex_
  std::atomic<std::uint64_t> failures_{0};  // in a row; written under mutex_. 0: it is closed
};

}  // namespace weir::pipeline
