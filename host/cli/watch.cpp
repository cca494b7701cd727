#include "cli/watch.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>

#include "cli/child_run.hpp"
#include "cli/folder_watch.hpp"
#include "cli/watched_files.hpp"

namespace weir::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kQuiet{100};  // what changes in one go is taken together
constexpr std::chrono::seconds kPatience{
    10};  // for a run that was told to stop, until it is told again, and then killed

// SIGINT, SIGTERM and SIGCHLD as a descriptor, which is negative where none is left. This thread is the only one.
class Signals {
 public:
  Signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&signals, number);
    ::sigprocmask(SIG_BLOCK, &signals, &before_);
    descriptor_ = ::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals() {
    ::close(descriptor_);
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  int descriptor() const { return descriptor_; }
  // The next one that came, or 0.
  int take() const {
    signalfd_siginfo told{};
    return ::read(descriptor_, &told, sizeof told) == static_cast<ssize_t>(sizeof told)
               ? static_cast<int>(told.ssi_signo)
               : 0;
  }

 private:
  sigset_t before_{};
  int descriptor_ = -1;
};

class Watch {
 public:
  Watch(const run::RunOptions& options, Output& output, const Signals& signals, FolderWatch folders)
      : options_(options),
        output_(output),
        signals_(signals),
        folders_(std::move(folders)),
        child_(arguments_of_a_run()) {}

  // Gives the signal that ended it.
  base::Result<int> run() {
    WEIR_TRY_ASSIGN(seen_, watched());
    WEIR_TRY(child_.start());
    while (asked_ == 0 || child_.running()) {
      wait();
      take_signals();
      WEIR_TRY(take_end());
      if (folders_.take()) look_at_ = Clock::now() + kQuiet;
      if (asked_ == 0 && due(look_at_)) WEIR_TRY(look());
      if (due(insist_at_)) insist();
    }
    return asked_;
  }

 private:
  void tell(const std::string& text) { output_.tell_aside("watch  " + text + "\n"); }

  // Waits for a signal, a change, or the first of the times.
  void wait() const {
    int timeout = -1;
    for (const auto& at : {look_at_, insist_at_}) {
      if (!at) continue;
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*at - Clock::now()).count();
      const int rest = static_cast<int>(std::max<std::int64_t>(0, left));
      timeout = timeout < 0 ? rest : std::min(timeout, rest);
    }
    std::array<pollfd, 2> waits{{{signals_.descriptor(), POLLIN, 0}, {folders_.descriptor(), POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), timeout);
  }

  static bool due(std::optional<Clock::time_point>& at) {
    if (!at || *at > Clock::now()) return false;
    at.reset();
    return true;
  }

  void take_signals() {
    for (int number = signals_.take(); number != 0; number = signals_.take()) {
      if (number == SIGCHLD) continue;
      asked_ = number;
      child_.send(number);  // a second one ends it at once, as it says
    }
  }

  base::Result<void> take_end() {
    const auto code = child_.take_end();
    if (!code) return {};
    insist_at_.reset();
    if (asked_ != 0) return {};
    if (restarts_) {
      restarts_ = false;
      return child_.start();
    }
    tell(*code == 0    ? "the run has ended: waits for a change"
         : *code > 128 ? "the run was ended by signal " + std::to_string(*code - 128) + ": waits for a change"
                       : "the run has failed: waits for a change");
    return {};
  }

  // Watches first and looks then, so that nothing is missed between the two.
  base::Result<WatchedFiles> watched() {
    for (;;) {
      WatchedFiles files = watched_files(options_);
      WEIR_TRY_ASSIGN(const bool more, folders_.watch(files));
      if (!more) return files;
    }
  }

  base::Result<void> look() {
    WEIR_TRY_ASSIGN(WatchedFiles now, watched());
    const std::string changed = what_changed(seen_, now);
    if (changed.empty()) return {};
    if (const std::string problem = not_whole(seen_, now); !problem.empty()) {
      if (problem != told_) tell(problem + ": waits until it is there");
      told_ = problem;
      return {};
    }
    told_.clear();
    tell(changed + " changed: the pipeline starts anew");
    seen_ = std::move(now);
    if (!child_.running()) return child_.start();
    if (!restarts_) stop();
    return {};
  }

  void stop() {
    restarts_ = true;
    child_.send(SIGTERM);
    insist_at_ = Clock::now() + kPatience;
    insisted_ = false;
  }
  void insist() {
    child_.send(insisted_ ? SIGKILL : SIGTERM);
    insisted_ = true;
    insist_at_ = Clock::now() + kPatience;
  }

  const run::RunOptions& options_;
  Output& output_;
  const Signals& signals_;
  FolderWatch folders_;
  ChildRun child_;
  WatchedFiles seen_;                           // when the run was started last, or told to stop for another
  std::string told_;                            // what is waited for
  std::optional<Clock::time_point> look_at_;    // when it has been quiet long enough
  std::optional<Clock::time_point> insist_at_;  // when a run that was told to stop is told again
  bool insisted_ = false;
  bool restarts_ = false;  // once the run has ended
  int asked_ = 0;          // the signal that ends all
};

}  // namespace

int watch_run(const run::RunOptions& options, Output& output) {
  const Signals signals;
  if (signals.descriptor() < 0) return output.fail(cannot_watch("files", errno));
  auto folders = FolderWatch::open();
  if (!folders) return output.fail(folders.error());
  auto watched = Watch(options, output, signals, std::move(*folders)).run();
  return watched ? 128 + *watched : output.fail(watched.error());
}

}  // namespace weir::cli
