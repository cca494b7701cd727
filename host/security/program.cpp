// A session of its own for the program, two pipes from it, and a descriptor that tells its end: all are waited for
// together, until the end or the deadline.
#include "security/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "security/waited.hpp"

extern "C" char** environ;

namespace weir::security {
namespace {

constexpr std::size_t kMaxErrors = 4096;
constexpr std::int64_t kAsked_ms = 100, kLongest_ms = 60'000;  // between two looks at it

class OwnDescriptor {
 public:
  OwnDescriptor() = default;
  explicit OwnDescriptor(int number) : number_(number) {}
  OwnDescriptor(OwnDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  OwnDescriptor& operator=(OwnDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~OwnDescriptor() { close(); }
  int get() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_ = -1;
};

struct Pipe {
  OwnDescriptor reads, writes;
};

base::Error not_started(const std::string& program, int problem) {
  return base::make_error(base::Status::not_found, base::Fault::source, "secret.program",
                          "expected a program '" + program + "', found: " + std::generic_category().message(problem))
      .with_hint("the first word of command: is a program in PATH, or a path with a slash, from the manifest's folder");
}

base::Result<Pipe> make_pipe(const std::string& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return base::unexpected(not_started(program, errno));
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return Pipe{OwnDescriptor(ends[0]), OwnDescriptor(ends[1])};
}

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// A file in memory, at its beginning: who reads it waits for nobody, and who does not is none that anybody waits for.
base::Result<OwnDescriptor> input_of(const ProgramCall& call) {
  OwnDescriptor file(::memfd_create("input", MFD_CLOEXEC));
  if (file.get() < 0) return base::unexpected(not_started(call.command.front(), errno));
  for (std::size_t at = 0; at < call.input.size();) {
    const auto count = ::write(file.get(), call.input.data() + at, call.input.size() - at);
    if (count < 0) return base::unexpected(not_started(call.command.front(), errno));
    at += static_cast<std::size_t>(count);
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

// Starts it with the pipes as its outputs; gives the process, or an errno below zero.
pid_t spawn(const ProgramCall& call, const OwnDescriptor& input, const Pipe& output, const Pipe& errors) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.writes.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.writes.get(), STDERR_FILENO);
  if (!call.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, call.folder.c_str());
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> words;
  for (const std::string& word : call.command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t process = -1;
  const int problem = ::posix_spawnp(&process, words[0], &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return problem == 0 ? process : -problem;
}

class Watch {
 public:
  Watch(const ProgramCall& call, pid_t process, OwnDescriptor output, OwnDescriptor errors)
      : call_(call), process_(process), output_(std::move(output)), errors_(std::move(errors)) {}

  ProgramEnd wait() {
    const OwnDescriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, process_, 0)));
    begin_ = now_ns();
    bool running = true;
    while (running && end_.ending == Ending::exited) {
      const std::int64_t left_ms = (left_ns() + 999'999) / 1'000'000;
      if (left_ms <= 0 || (call_.stop && call_.stop())) {
        end_.ending = Ending::timed_out;
        break;
      }
      // Where the kernel has no such descriptor, closed outputs are the end.
      std::array<pollfd, 3> waits{{{output_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}, {ended.get(), POLLIN, 0}}};
      if (::poll(waits.data(), waits.size(),
                 static_cast<int>(std::min(left_ms, call_.stop ? kAsked_ms : kLongest_ms))) < 0)
        continue;
      drain();
      running = ended.get() >= 0 ? waits[2].revents == 0 : output_.get() >= 0 || errors_.get() >= 0;
    }
    drain();  // what was written last; somebody it left behind may hold the pipe, and is not waited for
    finish();
    return std::move(end_);
  }

 private:
  // Of its time; what it waited for a processor is asked for only once the rest is over.
  std::int64_t left_ns() const {
    constexpr std::int64_t kMostWaits = 9;
    const std::int64_t left = begin_ + call_.timeout_ns - now_ns();
    if (left > 0 || !call_.own_time) return left;
    return left + std::min(waited_ns_of(process_), kMostWaits * call_.timeout_ns);
  }

  void drain() {
    std::array<char, 4096> bytes{};
    for (;;) {
      const auto count = ::read(output_.get(), bytes.data(), bytes.size());
      if (count == 0) output_.close();
      if (count <= 0) break;
      end_.output.append(bytes.data(), static_cast<std::size_t>(count));
      if (end_.output.size() <= call_.max_output) continue;
      end_.output.resize(call_.max_output);
      end_.ending = Ending::too_much;
      break;
    }
    for (;;) {
      const auto count = ::read(errors_.get(), bytes.data(), bytes.size());
      if (count == 0) errors_.close();
      if (count <= 0) break;
      end_.errors.append(bytes.data(), static_cast<std::size_t>(count));
      if (end_.errors.size() > kMaxErrors) end_.errors.erase(0, end_.errors.size() - kMaxErrors);
    }
  }

  void finish() {
    if (end_.ending != Ending::exited) ::kill(-process_, SIGKILL);  // the session's group: all that it has started
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    if (end_.ending != Ending::exited) return;
    end_.ending = WIFSIGNALED(status) ? Ending::killed : Ending::exited;
    end_.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  }

  const ProgramCall& call_;
  pid_t process_;
  std::int64_t begin_ = 0;
  OwnDescriptor output_;
  OwnDescriptor errors_;
  ProgramEnd end_;
};

}  // namespace

base::Result<ProgramEnd> run_program(const ProgramCall& call) {
  const std::string& program = call.command.front();
  WEIR_TRY_ASSIGN(Pipe output, make_pipe(program));
  WEIR_TRY_ASSIGN(Pipe errors, make_pipe(program));
  WEIR_TRY_ASSIGN(const OwnDescriptor input, input_of(call));
  const pid_t process = spawn(call, input, output, errors);
  if (process < 0) return base::unexpected(not_started(program, -process));
  output.writes.close();
  errors.writes.close();
  return Watch(call, process, std::move(output.reads), std::move(errors.reads)).wait();
}

}  // namespace weir::security
