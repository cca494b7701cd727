// Stages: the innermost counts, and nothing counts twice.
#include "pipeline/stage.hpp"

#include <chrono>
#include <thread>

#include <weir_catch.hpp>

namespace weir::pipeline {
namespace {

void work(int milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

constexpr std::int64_t kMillisecond = 1'000'000;

}  // namespace

TEST_CASE("the time of a stage is its own, without that of stages within it") {
  std::atomic<std::int64_t> outer{0}, inner{0};
  const std::int64_t begin = plugins::monotonic_ns();
  {
    const Stage first(outer);
    work(10);
    for (int i = 0; i < 2; ++i) {
      const Stage second(inner);
      work(15);
    }
    work(10);
  }
  const std::int64_t all = plugins::monotonic_ns() - begin;
  work(5);  // nobody's
  CHECK(outer >= 20 * kMillisecond);
  CHECK(inner >= 30 * kMillisecond);
  CHECK(outer + inner <= all);
}

TEST_CASE("each thread has stages of its own") {
  std::atomic<std::int64_t> one{0}, other{0};
  const Stage mine(one);
  std::thread([&other] {
    const Stage its(other);
    work(10);
  }).join();
  CHECK(other >= 10 * kMillisecond);
  CHECK(one == 0);  // it has not ended
}

}  // namespace weir::pipeline
