// Go's runtime in this process: it never leaves, starts threads and takes signals, and two of them get into each other's way. So
// one plugin in Go is loaded in a process, and stays.
#pragma once

#include <filesystem>
#include <mutex>

#include "base/result.hpp"

namespace weir::plugins {

// Holds the place for one plugin while it is loaded. Threads: [any]; waits for another that loads one.
class GoRuntime {
 public:
  GoRuntime();

  // Whether the file may be loaded: nobody has Go's runtime yet, or this very file. Error: plugin.second_go, which names both.
  base::Result<void> check(const std::filesystem::path& file) const;
  // It was loaded: the place is taken for good.
  void take(const std::filesystem::path& file) const;

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace weir::plugins
