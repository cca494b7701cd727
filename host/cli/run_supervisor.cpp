#include "cli/run_supervisor.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace weir::cli {
namespace {

constexpr std::chrono::seconds kSupervisorPatience{
    10};  // for a run that was told to stop, until it is told again, and then killed

}  // namespace

RunSupervisor::RunSupervisor(std::vector<std::string> arguments) : child_(std::move(arguments)) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&signals, number);
  ::sigprocmask(SIG_BLOCK, &signals, &before_);
  signals_ = ::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
  problem_ = signals_ < 0 ? errno : 0;
}

RunSupervisor::~RunSupervisor() {
  ::close(signals_);
  ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

base::Result<void> RunSupervisor::start() { return child_.start(); }

void RunSupervisor::stop() {
  child_.send(SIGTERM);
  insist_at_ = Clock::now() + kSupervisorPatience;
  insisted_ = false;
}

void RunSupervisor::insist() {
  child_.send(insisted_ ? SIGKILL : SIGTERM);
  insisted_ = true;
  insist_at_ = Clock::now() + kSupervisorPatience;
}

std::optional<int> RunSupervisor::wait(int descriptor, std::optional<Clock::time_point> until) {
  int timeout = -1;
  for (const auto& at : {until, insist_at_}) {
    if (!at) continue;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*at - Clock::now()).count();
    const int rest = static_cast<int>(std::max<std::int64_t>(0, left));
    timeout = timeout < 0 ? rest : std::min(timeout, rest);
  }
  std::array<pollfd, 2> waits{{{signals_, POLLIN, 0}, {descriptor, POLLIN, 0}}};
  ::poll(waits.data(), waits.size(), timeout);
  take_signals();
  const auto code = child_.take_end();
  if (code) insist_at_.reset();
  if (due(insist_at_)) insist();
  return code;
}

void RunSupervisor::take_signals() {
  signalfd_siginfo told{};
  while (::read(signals_, &told, sizeof told) == static_cast<ssize_t>(sizeof told)) {
    const int number = static_cast<int>(told.ssi_signo);
    if (number == SIGCHLD) continue;
    asked_ = number;
    child_.send(number);  // a second one ends it at once, as it says
  }
}

bool due(std::optional<RunSupervisor::Clock::time_point>& at) {
  if (!at || *at > RunSupervisor::Clock::now()) return false;
  at.reset();
  return true;
}

}  // namespace weir::cli
