#include "pipeline/retry.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace weir::pipeline {

std::optional<std::int64_t> Backoff::next(weir_status status, std::int64_t retry_after_ns, std::int64_t elapsed_ns) {
  if (status != WEIR_UNAVAILABLE && status != WEIR_RESOURCE_EXHAUSTED) return std::nullopt;
  if (repeats_ == kMostRepeats) return std::nullopt;
  const std::int64_t patience =
      retry_after_ns > 0 ? kPatienceIfAskedNs - std::min(retry_after_ns, kPatienceIfAskedNs) : kPatienceNs;
  if (elapsed_ns >= patience) return std::nullopt;
  const std::int64_t most = kFirstNs << static_cast<unsigned>(repeats_++);
  const std::int64_t delay = std::uniform_int_distribution<std::int64_t>(0, most)(random_);
  return std::max<std::int64_t>(retry_after_ns, 0) + delay;  // the jitter also where many were told the same delay
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
