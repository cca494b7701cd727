// ProgressLine: rows, bytes, rate and time left while a run goes on: a line that moves on a terminal, else a plain one now
// and then.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "run/run.hpp"

namespace weir::cli {

// Writes to stderr on a thread of its own, from construction to destruction. `execution` is lent.
class ProgressLine {
 public:
  ProgressLine(run::Execution& execution, std::int64_t bytes_expected, bool terminal);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  void show();
  std::string text() const;

  run::Execution& execution_;
  std::int64_t bytes_expected_;
  bool terminal_;
  std::int64_t begin_ns_;
  std::mutex mutex_;
  std::condition_variable ending_;
  bool ended_ = false;  // guarded by mutex_
  bool shown_ = false;
  std::thread thread_;
};

// How many streams have ended, on a terminal: a line that moves. Threads: one caller at a time.
class StreamCounter {
 public:
  explicit StreamCounter(bool terminal) : terminal_(terminal) {}
  void tell(const run::StreamReport& stream, std::size_t ended, std::size_t all);
  // Takes the line away.
  void end();

 private:
  bool terminal_;
  std::size_t failed_ = 0;
  std::uint64_t rows_ = 0;
};

}  // namespace weir::cli
