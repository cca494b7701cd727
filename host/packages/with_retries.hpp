// Questions to a server that are asked again while it is worth it.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

#include "packages/http_get.hpp"
#include "pipeline/retry.hpp"

namespace weir::packages {

// A server that gives so many bytes before it breaks off has been of use: it may break off again and again.
constexpr std::uint64_t kProgressBytes = 256U << 10U;

inline std::int64_t steady_ns() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

// Asks until there is an answer, or an error that stays. `ask` gives how it ended; `size`: bytes that are there. Blocks.
template <class Ask, class Size>
HttpEnd with_retries(const Ask& ask, const Size& size) {
  const auto begin = [] { return pipeline::Backoff({}, std::random_device()()); };
  pipeline::Backoff backoff = begin();
  std::int64_t since = steady_ns();
  for (;;) {
    const std::uint64_t before = size();
    HttpEnd end = ask();
    if (!end.error || !end.transient) return end;
    if (size() >= before + kProgressBytes) {
      backoff = begin();
      since = steady_ns();
    }
    const auto wait = backoff.next(WEIR_UNAVAILABLE, end.retry_after_ns, steady_ns() - since);
    if (!wait) return end;
    pipeline::wait_on_thread(*wait, nullptr);
  }
}

}  // namespace weir::packages
