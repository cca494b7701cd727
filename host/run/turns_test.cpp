// Turns at a destination: one at a time, first come, first served; who is told to stop waits no longer.
#include "run/turns.hpp"

#include <thread>
#include <vector>

#include <weir_catch.hpp>

namespace weir::run {
namespace {

TEST_CASE("one writes at a time to a destination, and as many as there are destinations") {
  Turns turns;
  std::atomic<int> within{0};
  std::atomic<bool> together{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const auto turn = turns.take("a", nullptr);
        if (++within > 1) together = true;
        --within;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK_FALSE(together);
  const auto a = turns.take("a", nullptr);
  const auto b = turns.take("b", nullptr);
  CHECK((a->held() && b->held()));
}

TEST_CASE("who is told to stop waits no longer, and holds nobody up") {
  Turns turns;
  auto first = turns.take("a", nullptr);
  std::atomic<bool> cancelled{true};
  const auto given_up = turns.take("a", &cancelled);
  REQUIRE_FALSE(given_up);
  CHECK(given_up.error().code == "run.interrupted");
  first->give_back();
  CHECK_FALSE(first->held());
  first->give_back();
  CHECK(turns.take("a", &cancelled)->held());
}

}  // namespace
}  // namespace weir::run
