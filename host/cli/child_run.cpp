#include "cli/child_run.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <system_error>
#include <utility>

namespace weir::cli {
namespace {

// The child between fork() and exec(): nothing here may allocate.
[[noreturn]] void become_run(pid_t parent, char* const* words) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(128 + SIGTERM);  // it ended before it could be told of
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  if (nothing != STDIN_FILENO) ::close(nothing);
  ::execv("/proc/self/exe", words);
  ::_exit(127);
}

}  // namespace

std::vector<std::string> arguments_of_a_run() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  std::erase_if(words, [](const std::string& word) { return word == "--watch" || word == "--fresh"; });
  const auto run = std::find(words.begin(), words.end(), "run");
  if (run != words.end()) words.insert(run + 1, "--fresh");
  return words;
}

ChildRun::~ChildRun() {
  if (!running()) return;
  send(SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

base::Result<void> ChildRun::start() {
  std::vector<char*> words;
  for (auto& word : arguments_) words.push_back(word.data());
  words.push_back(nullptr);
  const pid_t parent = ::getpid(), process = ::fork();
  if (process == 0) become_run(parent, words.data());
  if (process < 0) {
    return base::unexpected(
        base::make_error(base::Status::resource_exhausted, base::Fault::host, "run.watch",
                         "expected to start a process, found: " + std::generic_category().message(errno)));
  }
  process_ = process;
  return {};
}

void ChildRun::send(int signal) const {
  if (running()) ::kill(process_, signal);
}

std::optional<int> ChildRun::take_end() {
  int status = 0;
  if (!running() || ::waitpid(process_, &status, WNOHANG) != process_) return std::nullopt;
  process_ = 0;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace weir::cli
