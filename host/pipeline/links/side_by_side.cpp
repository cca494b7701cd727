#include "pipeline/links/side_by_side.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

namespace weir::pipeline {
namespace {

constexpr std::size_t kMostAtOnce = 8;

// Another thread that works; false: there are no more, and those that there are do it.
bool begin(std::vector<std::jthread>& threads, const std::function<void()>& work) {
  try {
    threads.emplace_back(work);
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace

base::Result<void> side_by_side(std::size_t count, const std::function<base::Result<void>(std::size_t)>& call) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::size_t failed = count;  // guarded by mutex, and so is error
  std::optional<base::Error> error;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      auto done = call(i);
      if (done) continue;
      next = count;
      const std::lock_guard lock(mutex);
      if (i < failed) error = std::move(done).error();
      failed = std::min(failed, i);
    }
  };
  std::vector<std::jthread> others;
  while (others.size() + 1 < std::min(count, kMostAtOnce) && begin(others, work)) {
  }
  work();
  others.clear();
  if (error) return base::unexpected(std::move(*error));
  return {};
}

}  // namespace weir::pipeline
