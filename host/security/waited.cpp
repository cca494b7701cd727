// /proc/…/schedstat is three numbers: nanoseconds that the thread ran, that it waited, and how often it ran.
#include "security/waited.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace weir::security {
namespace {

std::int64_t waited_in(const std::filesystem::path& schedstat) {
  std::ifstream stream(schedstat);
  std::int64_t ran = 0, waited = 0;
  return stream >> ran >> waited ? waited : 0;
}

}  // namespace

std::int64_t waited_ns() { return waited_in("/proc/thread-self/schedstat"); }

std::int64_t waited_ns_of(pid_t process) {
  std::int64_t most = 0;
  std::error_code gone;
  const std::filesystem::path tasks = "/proc/" + std::to_string(process) + "/task";
  for (auto task = std::filesystem::directory_iterator(tasks, gone); !gone && task != std::filesystem::end(task);
       task.increment(gone))
    most = std::max(most, waited_in(task->path() / "schedstat"));
  return most;
}

}  // namespace weir::security
