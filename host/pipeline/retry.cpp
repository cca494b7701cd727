#include "pipeline/retry.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace weir::pipeline {

Again again_after(weir_status status) {
  switch (status) {
    case WEIR_UNAVAILABLE:
    case WEIR_RESOURCE_EXHAUSTED: return Again::call;
    case WEIR_ABORTED: return Again::epoch;
    case WEIR_DEADLINE_EXCEEDED:
    case WEIR_UNKNOWN: return Again::if_undone;
    default: return Again::no;
  }
}

bool RetryBudget::take() {
  std::int64_t left = left_.load(std::memory_order_relaxed);
  while (left >= kCallsARepeat) {
    if (left_.compare_exchange_weak(left, left - kCallsARepeat, std::memory_order_relaxed)) return true;
  }
  return false;
}

std::optional<std::int64_t> Backoff::next(weir_status status, std::int64_t retry_after_ns, std::int64_t elapsed_ns) {
  if (again_after(status) != Again::call) return std::nullopt;
  if (made_ >= retrying_.attempts || retry_after_ns > retrying_.max_ns) return std::nullopt;
  if (retry_after_ns <= 0 && elapsed_ns >= retrying_.patience_ns) return std::nullopt;
  ++made_;
  return std::max<std::int64_t>(retry_after_ns, 0) + delay();  // the jitter also where many were told the same delay
}

std::int64_t Backoff::delay() {
  const std::int64_t delay = std::uniform_int_distribution<std::int64_t>(0, most_)(random_);
  most_ = most_ > retrying_.max_ns / 2 ? retrying_.max_ns : most_ * 2;
  return delay;
}

bool wait_on_thread(std::int64_t ns, const weir_host* host) {
  constexpr std::int64_t kSliceNs = 50'000'000;  // how soon it sees that it was told to stop
  while (ns > 0) {
    if (host != nullptr && host->cancelled(host) != 0) return false;
    const std::int64_t slice = std::min(ns, kSliceNs);
    std::this_thread::sleep_for(std::chrono::nanoseconds(slice));
    ns -= slice;
  }
  return host == nullptr || host->cancelled(host) == 0;
}

}  // namespace weir::pipeline
