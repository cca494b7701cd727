// What is promised of a run, and by whom.
#include <weir_catch.hpp>

#include "run/decider.hpp"
#include "run/fake_links.hpp"
#include "run/guarantee.hpp"

namespace weir::run {
namespace {

// A plan of one source, two loads and a reject sink, which promises everything.
struct Promising {
  fake::Loaded loaded;
  Plan plan;
  fake::Source* source;

  Promising() {
    auto made = std::make_unique<fake::Source>(fake::Shape{{1}, 2, true, {}, {}, {}});
    source = made.get();
    plan.sources.push_back(std::move(made));
    for (const char* name : {"one", "other", "rejects"})
      plan.loads.push_back(std::make_unique<fake::Load>(loaded, true, true, name));
    plan.ends = {{{0, 0}, {}}, {{1, 0}, {}}};
    plan.reject = LoadInput{2, 0};
  }
  fake::Load& load(std::size_t number) { return static_cast<fake::Load&>(*plan.loads[number]); }
  std::string text() const { return guarantee_of(plan).text(); }
};

const std::string kTwice = ": some come twice if the run is stopped, and run again";

}  // namespace

TEST_CASE("what is promised is what the weakest link can do, and it is named") {
  Promising made;
  CHECK(made.text() == "exactly once by one, other: rows are hidden until their epoch is decided");
  made.load(0).commit_atomically();
  CHECK(made.text() ==
        "exactly once by one: rows and a token are committed in one transaction; by other: rows are hidden until their "
        "epoch is decided");
  made.load(1).commit_in(WEIR_COMMIT_NONE);
  CHECK(made.text() == "at least once by other: rows are seen as soon as they are written" + kTwice);
  made.load(0).commit_in(WEIR_COMMIT_NONE);
  CHECK(made.text() == "at least once by one, other: rows are seen as soon as they are written" + kTwice);
  made.source->replays = WEIR_REPLAY_NONE;
  CHECK(made.text() ==
        "at most once by source: its rows come only once: what is not loaded when the run stops is lost");
}

TEST_CASE("a source that gives rows again doubles them if it forgets those that it is told of") {
  Promising made;
  made.source->replays = WEIR_REPLAY_REDELIVERY;
  CHECK(guarantee_of(made.plan).delivery == Delivery::exactly_once);
  made.source->asks_to_be_told = true;
  CHECK(made.text() == "at least once by source: rows come again until it is told that they are loaded" + kTwice);
}

TEST_CASE("the reject sink does not count, and is told all the same") {
  Promising made;
  made.load(2).commit_in(WEIR_COMMIT_NONE);
  const Guarantee promised = guarantee_of(made.plan);
  CHECK(promised.delivery == Delivery::exactly_once);
  REQUIRE(promised.links.size() == 4);
  CHECK(promised.links[3].role == "reject");
  CHECK(promised.links[3].delivery == Delivery::at_least_once);
}

TEST_CASE("whose doing it is that a run is one epoch is known from its plan") {
  Promising made;
  CHECK_FALSE(one_epoch(made.plan));
  made.load(1).ends = "its files end";
  CHECK(one_epoch(made.plan)->link == "other");
  CHECK(one_epoch(made.plan)->reason == "its files end");
  made.plan.links.push_back(fake::planned("run", {}, WEIR_SCOPE_RUN));
  CHECK(one_epoch(made.plan)->link == "run");
  made.source->replays = WEIR_REPLAY_NONE;
  CHECK(one_epoch(made.plan)->link == "source");
  made.plan.one_epoch = OneEpoch{"one", "it writes to what is read"};
  CHECK(one_epoch(made.plan)->link == "one");
}

TEST_CASE("of several that commit by themselves one decides, and those that can do otherwise follow") {
  constexpr std::int32_t kOnly = WEIR_COMMIT_ATOMIC, kEither = WEIR_COMMIT_ATOMIC | WEIR_COMMIT_TWO_PHASE;
  const auto deciding = [](std::int32_t first, std::int32_t second, std::int32_t third) {
    Promising made;
    made.load(0).commit_in(first);
    made.load(1).commit_in(second);
    made.load(2).commit_in(third);
    const auto both = two_deciders(made.plan.loads);
    if (both) return std::to_string(both->first) + " and " + std::to_string(both->second);
    std::string atomic;
    for (std::size_t i = 0; i < 3; ++i) atomic += made.load(i).atomic() ? std::to_string(i) : "";
    return atomic;
  };
  CHECK(deciding(WEIR_COMMIT_NONE, WEIR_COMMIT_TWO_PHASE, WEIR_COMMIT_NONE).empty());
  CHECK(deciding(kEither, WEIR_COMMIT_TWO_PHASE, kEither) == "0");
  CHECK(deciding(kEither, kEither, kOnly) == "2");
  CHECK(deciding(kOnly, kEither, kEither) == "0");
  CHECK(deciding(kEither, kOnly, kOnly) == "1 and 2");
}

}  // namespace weir::run
