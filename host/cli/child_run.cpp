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

std::vector<std::string> arguments_of_a_run(const std::vector<std::string>& flags,
                                            const std::vector<std::string>& options,
                                            const std::vector<std::string>& more) {
  const auto is_one_of = [](const std::vector<std::string>& names, const std::string& word) {
    return std::find(names.begin(), names.end(), word) != names.end();
  };
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) {
    if (is_one_of(options, word))
      std::getline(file, word, '\0');
    else if (!is_one_of(flags, word) && !is_one_of(options, word.substr(0, word.find('='))))
      words.push_back(word);
  }
  const auto run = std::find(words.begin(), words.end(), "run");
  if (run != words.end()) words.insert(run + 1, more.begin(), more.end());
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
        base::make_error(base::Status::resource_exhausted, base::Fault::host, "run.child",
                         "expected to start a process, found: " + std::generic_category().message(errno)));
  }
  process_ = process;
  return {};
}

void ChildRun::send(int signal) const {
  if (running()) ::kill(process_, signal);
}

std::optional<int> ChildRun::take_end() {
  std::optional<int> code;
  int status = 0;
  // As the first process of a container it is the parent of all that have lost theirs, too.
  for (pid_t ended = ::waitpid(-1, &status, WNOHANG); ended > 0; ended = ::waitpid(-1, &status, WNOHANG)) {
    if (ended != process_) continue;
    process_ = 0;
    code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  return code;
}

}  // namespace weir::cli
