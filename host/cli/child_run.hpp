// ChildRun: `weir run` in a process of its own, beneath one that goes on when it has ended. A process is what is sure to let go
// of a plugin: a library that stays loaded (Go's runtime, one with threads) is found again by its path, whatever the file says now.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace weir::cli {

// The arguments of this process, for one that runs the same pipeline once: without these flags, these options and their values,
// and with `more`.
std::vector<std::string> arguments_of_a_run(const std::vector<std::string>& flags,
                                            const std::vector<std::string>& options,
                                            const std::vector<std::string>& more);

// At most one process at a time. It is told to stop when this process ends, however that happens. Threads: one.
class ChildRun {
 public:
  explicit ChildRun(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {}
  ChildRun(const ChildRun&) = delete;
  ChildRun& operator=(const ChildRun&) = delete;
  ~ChildRun();

  // Starts it: the same program, outputs and environment, no input, and no key of the terminal reaches it. Errors: run.child.
  base::Result<void> start();
  bool running() const { return process_ > 0; }
  void send(int signal) const;
  // How it ended, if it has: its exit code, or 128 and the signal that killed it.
  std::optional<int> take_end();

 private:
  std::vector<std::string> arguments_;
  pid_t process_ = 0;  // 0: none
};

}  // namespace weir::cli
