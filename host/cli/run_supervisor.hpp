// RunSupervisor: what stands above a run in a process of its own (ChildRun), for whoever starts it again and again: it waits for signals,
// passes them on, and ends a run that does not stop when it is told to.
#pragma once

#include <signal.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/child_run.hpp"

namespace weir::cli {

// Takes SIGINT, SIGTERM and SIGCHLD of the process for as long as it lives. Threads: the only one of the process.
class RunSupervisor {
 public:
  using Clock = std::chrono::steady_clock;

  // `arguments` are those of the run.
  explicit RunSupervisor(std::vector<std::string> arguments);
  RunSupervisor(const RunSupervisor&) = delete;
  RunSupervisor& operator=(const RunSupervisor&) = delete;
  ~RunSupervisor();

  // Whether signals can be waited for; else an errno, and nothing else may be called.
  int problem() const { return problem_; }

  // Precondition: none runs. Errors: run.child.
  base::Result<void> start();
  bool running() const { return child_.running(); }
  // Tells the run to stop, as by SIGTERM; once more after ten seconds, which ends it at once; then it is killed.
  void stop();
  // The signal that was sent to end all, or 0. It was passed on.
  int asked() const { return asked_; }
  // Waits for a signal, for `descriptor` to be readable, or for `until`; either may be none (negative). Gives how a run that has
  // ended meanwhile has ended: its exit code, or 128 and the signal that killed it.
  std::optional<int> wait(int descriptor, std::optional<Clock::time_point> until);

 private:
  void take_signals();
  void insist();

  sigset_t before_{};
  int signals_ = -1;
  int problem_ = 0;
  ChildRun child_;
  std::optional<Clock::time_point> insist_at_;  // when a run that was told to stop is told again
  bool insisted_ = false;
  int asked_ = 0;
};

// Takes what has come to its time; nothing is due then.
bool due(std::optional<RunSupervisor::Clock::time_point>& at);

}  // namespace weir::cli
