// PipelineLock: between processes, and by what a dead one left.
#include "state/pipeline_lock.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <weir_catch.hpp>
#include <weir_test_folder.hpp>

#include "state/places.hpp"

namespace weir::state {
namespace {

using test::Contains;
using test::Folder;

// Takes the lock in a process of its own, and keeps it until it is killed.
class Other {
 public:
  explicit Other(const std::filesystem::path& folder) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    process_ = ::fork();
    if (process_ == 0) {
      const auto lock = PipelineLock::take(folder, "p", "orders");
      [[maybe_unused]] const auto told = ::write(ends[1], lock ? "+" : "-", 1);
      for (;;) ::pause();
    }
    char held = '-';
    REQUIRE(::read(ends[0], &held, 1) == 1);
    REQUIRE(held == '+');
    ::close(ends[0]);
    ::close(ends[1]);
  }
  ~Other() { kill(); }
  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;

  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    dead_ = std::exchange(process_, -1);
  }
  pid_t process() const { return process_ > 0 ? process_ : dead_; }

 private:
  pid_t process_ = -1, dead_ = -1;
};

std::string host() {
  std::array<char, 256> name{};
  REQUIRE(::gethostname(name.data(), name.size() - 1) == 0);
  return name.data();
}

}  // namespace

TEST_CASE("a pipeline is held by one process, which is named with its host and since when") {
  const Folder folder;
  REQUIRE(open_store(folder.path()));
  const Other other(folder.path());
  const auto second = PipelineLock::take(folder.path(), "p", "orders");
  REQUIRE_FALSE(second);
  CHECK(second.error().code == "run.locked");
  CHECK_THAT(second.error().message,
             Contains("in process " + std::to_string(other.process()) + " on host '" + host() + "' since 20"));
  CHECK_THAT(second.error().hint, Contains("kill -TERM " + std::to_string(other.process())));
  CHECK(PipelineLock::take(folder.path(), "another", "another"));
}

TEST_CASE("what a killed process held is taken, and who it was is known") {
  const Folder folder;
  REQUIRE(open_store(folder.path()));
  Other other(folder.path());
  other.kill();
  CHECK_FALSE(PipelineLock::holder(folder.path(), "p"));
  const auto lock = PipelineLock::take(folder.path(), "p", "orders");
  REQUIRE(lock);
  REQUIRE(lock->left_by());
  CHECK(lock->left_by()->process == other.process());
  CHECK(lock->left_by()->host == host());
}

TEST_CASE("a lock that was freed is not taken for a dead process's, whoever asks in between") {
  const Folder folder;
  REQUIRE(open_store(folder.path()));
  CHECK_FALSE(PipelineLock::holder(folder.path(), "p"));
  {
    const auto held = PipelineLock::take(folder.path(), "p", "orders");
    REQUIRE(held);
    const auto holder = PipelineLock::holder(folder.path(), "p");
    REQUIRE(holder);
    CHECK(holder->process == ::getpid());
    CHECK_FALSE(PipelineLock::take(folder.path(), "p", "orders"));
    CHECK(PipelineLock::holder(folder.path(), "p"));
  }
  CHECK_FALSE(PipelineLock::holder(folder.path(), "p"));
  const auto lock = PipelineLock::take(folder.path(), "p", "orders");
  REQUIRE(lock);
  CHECK_FALSE(lock->left_by());
}

TEST_CASE("a lock file with anything else in it is no obstacle") {
  const Folder folder;
  REQUIRE(open_store(folder.path()));
  std::ofstream(lock_file(folder.path(), "p")) << "4711\n";
  const auto lock = PipelineLock::take(folder.path(), "p", "orders");
  REQUIRE(lock);
  REQUIRE(lock->left_by());
  CHECK(lock->left_by()->process == 0);
}

}  // namespace weir::state
