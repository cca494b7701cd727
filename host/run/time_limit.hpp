// TimeLimit: tells a run to stop when its time is over.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "run/interrupt.hpp"

namespace weir::run {

// Threads: is_over() [any].
class TimeLimit {
 public:
  // `interrupt` is lent. None: there is no limit.
  TimeLimit(Interrupt& interrupt, std::optional<std::int64_t> time_ns) {
    if (!time_ns) return;
    const auto end = std::chrono::steady_clock::now() + std::chrono::nanoseconds(*time_ns);
    thread_ = std::thread([this, &interrupt, end] {
      std::unique_lock lock(mutex_);
      if (ended_.wait_until(lock, end, [this] { return done_; })) return;
      over_ = true;
      interrupt.request();
    });
  }
  ~TimeLimit() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    ended_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

  bool is_over() const { return over_; }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;  // guarded by mutex_
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace weir::run
