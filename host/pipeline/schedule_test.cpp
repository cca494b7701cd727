#include "pipeline/schedule.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <weir_catch.hpp>

namespace weir::pipeline {
namespace {

constexpr std::uint64_t kPieceBytes = 10;

PieceResult result_of(const Schedule::Turn& turn) { return PieceResult{turn.number, turn.reserved_bytes, {}, {}}; }

// One random interleaving of chains and a loader over splits of random length; everything that a schedule promises is
// checked on the way. Gives the pieces in the order of delivery.
std::vector<PieceNumber> simulate(std::uint32_t seed, bool ordered) {
  std::mt19937 random(seed);
  const auto below = [&random](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  const std::size_t splits = 1 + below(4);
  std::vector<std::uint64_t> lengths(splits);
  for (auto& length : lengths) length = below(6);
  const bool apart = below(2) == 0;
  const std::uint64_t budget = kPieceBytes * (1 + below(4));
  Schedule schedule(splits, ordered, budget);
  std::vector<Schedule::Turn> reading, working;
  std::map<std::size_t, std::uint64_t> read_of;
  std::vector<PieceNumber> delivered;
  std::vector<std::uint64_t> loading;
  for (int step = 0; !schedule.all_delivered() || !loading.empty(); ++step) {
    REQUIRE(step < 10'000);  // else it hangs
    bool moved = false;
    const std::size_t what = below(4);
    if (what == 0 && reading.size() + working.size() < 3) {
      if (const auto turn = schedule.try_take(kPieceBytes)) {
        for (const auto& other : reading) REQUIRE(other.number.split != turn->number.split);
        reading.push_back(*turn);
        moved = true;
      }
    } else if (what == 1 && !reading.empty()) {
      const std::size_t i = below(reading.size());
      const Schedule::Turn turn = reading[i];
      reading.erase(reading.begin() + static_cast<std::ptrdiff_t>(i));
      const bool got = read_of[turn.number.split] < lengths[turn.number.split];
      if (got) working.push_back(turn);
      const std::uint64_t read = got ? ++read_of[turn.number.split] : read_of[turn.number.split];
      schedule.read(turn, got, !got || read == lengths[turn.number.split], apart);
      moved = true;
    } else if (what == 2 && !working.empty()) {
      const std::size_t i = below(working.size());
      schedule.done(result_of(working[i]), kPieceBytes);
      working.erase(working.begin() + static_cast<std::ptrdiff_t>(i));
      moved = true;
    } else if (what == 3) {
      if (!loading.empty()) {  // the loader has one result at a time
        schedule.returned(loading.back());
        loading.pop_back();
      } else if (auto result = schedule.try_deliver()) {
        delivered.push_back(result->number);
        loading.push_back(result->reserved_bytes);
      }
      moved = true;
    }
    // Nobody works, and nothing waits for the loader: then a piece can be taken, or there is none.
    if (!moved && reading.empty() && working.empty() && loading.empty() && !schedule.all_delivered()) {
      if (auto result = schedule.try_deliver()) {
        delivered.push_back(result->number);
        loading.push_back(result->reserved_bytes);
      } else {
        const auto turn = schedule.try_take(kPieceBytes);
        REQUIRE(turn.has_value());
        reading.push_back(*turn);
      }
    }
    REQUIRE(schedule.used_bytes() <= budget + 3 * kPieceBytes);
  }
  REQUIRE(schedule.used_bytes() == 0);
  std::size_t expected = 0;
  for (const auto length : lengths) expected += length;
  REQUIRE(delivered.size() == expected);
  return delivered;
}

}  // namespace

TEST_CASE("a schedule delivers every piece in order, and never hangs") {
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    INFO("seed " << seed);
    const auto delivered = simulate(seed, true);
    REQUIRE(std::is_sorted(delivered.begin(), delivered.end()));
  }
}

TEST_CASE("a schedule without order delivers every piece once") {
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    INFO("seed " << seed);
    auto delivered = simulate(seed, false);
    std::sort(delivered.begin(), delivered.end());
    REQUIRE(std::adjacent_find(delivered.begin(), delivered.end()) == delivered.end());
  }
}

TEST_CASE("a spent budget makes reading wait, but for the piece that is next") {
  Schedule schedule(1, true, kPieceBytes);
  const auto first = schedule.try_take(kPieceBytes);
  REQUIRE(first.has_value());
  schedule.read(*first, true, false, true);
  Schedule::Wait why{};
  CHECK_FALSE(schedule.try_take(kPieceBytes, &why).has_value());
  CHECK(why == Schedule::Wait::budget);
  schedule.done(result_of(*first), kPieceBytes);
  REQUIRE(schedule.try_deliver().has_value());
  CHECK(schedule.try_take(kPieceBytes).has_value());  // the loader waits for it
}

TEST_CASE("a split whose pieces can't be parsed apart holds up nobody") {
  Schedule schedule(2, true, 100 * kPieceBytes);
  const auto first = schedule.try_take(kPieceBytes);
  schedule.read(*first, true, false, false);
  const auto again = schedule.try_take(kPieceBytes);
  REQUIRE(again->number == PieceNumber{0, 1});
  const auto other = schedule.try_take(kPieceBytes);
  REQUIRE(other.has_value());
  CHECK(other->number == PieceNumber{1, 0});
}

}  // namespace weir::pipeline
