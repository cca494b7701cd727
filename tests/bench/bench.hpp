// What benchmarks share: user time, medians, and a row of a table.
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace weir::bench {

// Seconds of user time that this process has used.
inline double user_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) + static_cast<double>(usage.ru_utime.tv_usec) / 1e6;
}

// Runs `body` several times; gives the median of its user time in seconds.
template <class Body>
double median_seconds(Body&& body, int times = 9) {
  std::vector<double> taken;
  for (int i = 0; i < times; ++i) {
    const double begin = user_seconds();
    body();
    taken.push_back(user_seconds() - begin);
  }
  std::sort(taken.begin(), taken.end());
  return taken[taken.size() / 2];
}

// Prints one line: MB/s of `bytes`, and nanoseconds for each of `items`.
inline void print_row(const char* name, double seconds, double bytes, double items) {
  std::printf("%-28s %9.1f MB/s %9.1f ns/item\n", name, bytes / seconds / 1e6, seconds * 1e9 / items);
}

}  // namespace weir::bench
