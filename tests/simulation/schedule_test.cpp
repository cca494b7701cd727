// The simulator itself: what it draws holds, repeats, and finds each of the known mistakes. The million schedules are
// weir_simulate's (CMakeLists.txt).
#include "schedule.hpp"

#include <string>
#include <weir_catch.hpp>

namespace weir::simulation {
namespace {

constexpr std::uint64_t kFew = 1000;

// The first seed that is not exactly once; 0: none of them.
std::uint64_t first_failing(Wrong wrong, std::uint64_t from) {
  for (std::uint64_t seed = from; seed < from + kFew; ++seed) {
    if (simulate(seed, wrong).problem != nullptr) return seed;
  }
  return 0;
}

std::string told(std::uint64_t seed) {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  simulate(seed, Wrong::no_fence_at_store, file);
  std::string text(static_cast<std::size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  REQUIRE(std::fread(text.data(), 1, text.size(), file) == text.size());
  std::fclose(file);
  return text;
}

}  // namespace

TEST_CASE("a thousand schedules are exactly once, and they have accidents") {
  std::uint32_t accidents = 0, workers = 0;
  for (std::uint64_t seed = 1; seed <= kFew; ++seed) {
    const Verdict verdict = simulate(seed);
    INFO("weir_simulate --seed " << seed);
    REQUIRE(verdict.problem == nullptr);
    accidents += verdict.accidents;
    workers += verdict.workers;
  }
  CHECK(accidents > 3 * kFew);
  CHECK(workers > 4 * kFew);
}

TEST_CASE("a failing seed repeats exactly") {
  const std::uint64_t seed = first_failing(Wrong::no_fence_at_store, 1);
  REQUIRE(seed != 0);
  const std::string first = told(seed);
  CHECK(first.size() > 1000);
  CHECK(first == told(seed));
  CHECK(std::string(simulate(seed, Wrong::no_fence_at_store).problem) ==
        simulate(seed, Wrong::no_fence_at_store).problem);
}

TEST_CASE("each known mistake is found within a thousand schedules, wherever they begin") {
  for (int i = 1; i < static_cast<int>(Wrong::count); ++i) {
    const auto wrong = static_cast<Wrong>(i);
    INFO(name(wrong));
    for (const std::uint64_t from : {1U, 100'001U, 200'001U}) CHECK(first_failing(wrong, from) != 0);
  }
}

}  // namespace weir::simulation
