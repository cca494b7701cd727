// Retry: what the host does when a plugin says that a call took no effect and may be repeated (UNAVAILABLE,
// RESOURCE_EXHAUSTED): exponential back-off with full jitter, the destination's own delay where it tells one, a bound.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <random>

#include <weir/weir.h>

namespace weir::pipeline {

// The delays of one call. Pure but for its random numbers. Threads: one caller at a time.
class Backoff {
 public:
  static constexpr int kMostRepeats = 5;
  static constexpr std::int64_t kFirstNs = 100'000'000;  // upper bound of the first delay; doubles each time
  // How long a call and its repeats may take: a plugin that waited so long by itself has waited for all. Longer where the
  // other side asked for a delay.
  static constexpr std::int64_t kPatienceNs = 5'000'000'000;
  static constexpr std::int64_t kPatienceIfAskedNs = 60'000'000'000;

  explicit Backoff(std::uint32_t seed) : random_(seed) {}

  // Gives the nanoseconds to wait before the call is repeated; none: `status` is final, or it was tried often or long
  // enough. `elapsed_ns`: since the call was first made.
  std::optional<std::int64_t> next(weir_status status, std::int64_t retry_after_ns, std::int64_t elapsed_ns);

 private:
  std::minstd_rand random_;
  int repeats_ = 0;
};

// Waits `ns`; false: the run was told to stop meanwhile.
using Wait = std::function<bool(std::int64_t ns)>;

// Waits on this thread. `host` is asked whether to stop; null: nobody says so.
bool wait_on_thread(std::int64_t ns, const weir_host* host);

}  // namespace weir::pipeline
