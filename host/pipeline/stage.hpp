// Stage: whose work a thread does: the time of each is counted for it, but not what it waits in for another's.
#pragma once

#include <atomic>
#include <cstdint>

#include "plugins/host_table.hpp"

namespace weir::pipeline {

// From its making to its end the time of this thread counts for one sum; of stages within one another for the innermost. Threads: it
// ends in the thread that made it, which has none between two co_await.
class Stage {
 public:
  // `sum_ns` is lent.
  explicit Stage(std::atomic<std::int64_t>& sum_ns) : outer_(current()) { change_to(&sum_ns); }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage() { change_to(outer_); }

 private:
  using Sum = std::atomic<std::int64_t>*;
  static Sum& current() {
    thread_local Sum sum = nullptr;
    return sum;
  }
  static void change_to(Sum next) {
    thread_local std::int64_t since_ns = 0;
    const std::int64_t now_ns = plugins::monotonic_ns();
    if (current() != nullptr) current()->fetch_add(now_ns - since_ns, std::memory_order_relaxed);
    current() = next;
    since_ns = now_ns;
  }

  Sum outer_;
};

}  // namespace weir::pipeline
