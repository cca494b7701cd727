// NoPipeSignal: writing to a pipe or socket whose reader went away, so that it is an error and not the process's end.
#pragma once

#include <cerrno>
#include <csignal>
#include <ctime>

namespace weir {

// While it lives, a write of this thread to a pipe without a reader gives EPIPE: holds SIGPIPE back in the thread, and takes
// one that came. Threads: for the one that made it, which destroys it too. Errors: none.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoPipeSignal() {
    const timespec at_once{};
    if (!was_pending_) {
      while (sigtimedwait(&pipe_, nullptr, &at_once) < 0 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;

 private:
  sigset_t pipe_{}, before_{};
  bool was_pending_ = false;
};

}  // namespace weir
