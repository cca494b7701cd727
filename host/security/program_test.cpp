#include "security/program.hpp"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <weir_catch.hpp>

#include "security/waited.hpp"

namespace weir::security {
namespace {

// The first processor that this process may run on.
int first_processor() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  ::sched_getaffinity(0, sizeof allowed, &allowed);
  int number = 0;
  while (number < CPU_SETSIZE - 1 && !CPU_ISSET(static_cast<std::size_t>(number), &allowed)) ++number;
  return number;
}

// Threads that leave others little of a processor, until this goes.
class Burning {
 public:
  explicit Burning(int processor) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(processor), &one);
    for (auto& thread : threads_) {
      thread = std::jthread([this, one] {
        ::pthread_setaffinity_np(::pthread_self(), sizeof one, &one);
        while (!stop_) {
        }
      });
    }
  }
  Burning(const Burning&) = delete;
  Burning& operator=(const Burning&) = delete;
  ~Burning() { stop_ = true; }

 private:
  std::atomic<bool> stop_ = false;
  std::jthread threads_[4];
};

constexpr std::int64_t kMillisecond = 1'000'000;

// A program that the kernel ends after a second on a processor, which is busy otherwise; and has 1.8 s.
Ending ending_of(bool own_time) {
  const int processor = first_processor();
  const Burning others(processor);
  ProgramCall call;
  call.command = {"taskset", "-c", std::to_string(processor), "sh", "-c", "ulimit -t 1; while :; do :; done"};
  call.timeout_ns = 1800 * kMillisecond;
  call.max_output = 1000;
  call.own_time = own_time;
  const auto end = run_program(call);
  REQUIRE(end);
  return end->ending;
}

TEST_CASE("a timeout of a program's own time leaves out what it waits for a processor") {
  CHECK(ending_of(true) == Ending::killed);
  CHECK(ending_of(false) == Ending::timed_out);
}

TEST_CASE("a program that sleeps uses its own time") {
  ProgramCall call;
  call.command = {"sleep", "60"};
  call.timeout_ns = 100 * kMillisecond;
  call.own_time = true;
  const auto end = run_program(call);
  REQUIRE(end);
  CHECK(end->ending == Ending::timed_out);
}

TEST_CASE("a program reads its input to the end, and one that does not is waited for by nobody") {
  ProgramCall call;
  call.command = {"wc", "-c"};
  call.timeout_ns = 60'000 * kMillisecond;
  call.max_output = 1000;
  call.input = std::string(1 << 20, 'x');
  auto end = run_program(call);
  REQUIRE(end);
  CHECK(end->output == "1048576\n");
  call.command = {"true"};
  end = run_program(call);
  REQUIRE(end);
  CHECK(end->ending == Ending::exited);
  CHECK(end->code == 0);
}

TEST_CASE("a program is ended once it is asked to") {
  int asked = 0;
  ProgramCall call;
  call.command = {"sleep", "600"};
  call.timeout_ns = 600'000 * kMillisecond;
  call.stop = [&asked] { return ++asked == 3; };
  const auto end = run_program(call);
  REQUIRE(end);
  CHECK(end->ending == Ending::timed_out);
  CHECK(asked == 3);
}

TEST_CASE("a thread that waited for a processor is told so") {
  const int processor = first_processor();
  const Burning others(processor);
  std::int64_t waited = 0, of_process = 0;
  std::jthread([&] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(processor), &one);
    ::pthread_setaffinity_np(::pthread_self(), sizeof one, &one);
    while (waited_ns() < 10 * kMillisecond) {
    }
    waited = waited_ns();
    of_process = waited_ns_of(::getpid());
  }).join();
  CHECK(waited >= 10 * kMillisecond);
  CHECK(of_process >= waited);
  CHECK(waited_ns_of(-1) == 0);
}

}  // namespace
}  // namespace weir::security
