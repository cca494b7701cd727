// LaneRun over fakes and a real store: the steps that writers and committers see, what a failure leaves, and what the next
// process makes of it. Every interleaving of the protocol itself is the simulator's affair (tests/simulation).
#include <deque>
#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

#include "run/fake_links.hpp"
#include "run/lane_run.hpp"

namespace weir::run {
namespace {

using fake::Loaded;
using fake::Shape;
using Steps = std::vector<std::string>;

// The state of a pipeline, and what its two loads saw; lives are processes, one after the other.
struct LaneStory {
  test::Folder folder;
  std::unique_ptr<state::Store> store = std::move(*state::open_store(folder.path()));
  std::deque<Loaded> loaded{2};
  Shape shape{{3}, 2, true, {}, {}, {}};
  std::string manifest = "m", version = "v1";
  integrity::Ledger ledger;
  std::vector<std::string> told;
  std::atomic<bool>* cancelled = nullptr;  // what plugins are told in this life
  pipeline::Retrying retrying = {1, 1, 1, 1};
  std::function<void(Interrupt&)> begins;  // before a life

  // A life: settles what was left, asks whether it may go on, goes on.
  base::Result<bool> live(bool asks = true) {
    Plan plan;
    plan.settings.chains = 1;
    plan.retrying = retrying;
    plan.settings.checkpoint = {INT64_MAX, 4, UINT64_MAX};
    plan.sources.push_back(std::make_unique<fake::Source>(shape, "source", fake::fakes::schema(), version));
    for (std::size_t i = 0; i < 2; ++i) {
      auto load = std::make_unique<fake::Load>(loaded[i], true, true, i == 0 ? "files" : "table");
      if (i == 1) load->commit_atomically();
      plan.loads.push_back(std::move(load));
      plan.ends.push_back({{i, 0}, {}});
    }
    recovery::Checkpoints checkpoints(*store, "p", plan.identity.lane);
    WEIR_TRY_ASSIGN(const auto last, checkpoints.last_run());
    recovery::RunRecord record = last ? *last : recovery::RunRecord{"R", 0, false, ""};
    ++record.fence;
    Interrupt interrupt;
    plan.cancelled = cancelled = &interrupt.cancelled();
    if (begins) begins(interrupt);
    const RunWatch watch;
    const observe::Redactor redactor;
    RunKeeper keeper(checkpoints, *store, redactor);
    LaneRun lane({plan, checkpoints, record, interrupt, watch, manifest, manifest + version, true,
                  [this](const events::EventDetail& detail) { told.emplace_back(events::event_name(detail)); },
                  keeper});
    WEIR_TRY_ASSIGN(const bool complete, lane.recover());
    if (complete) return true;
    if (asks && lane.begun()) WEIR_TRY(lane.check_unchanged());
    WEIR_TRY_ASSIGN(const bool done, lane.go_on());
    ledger = lane.ledger();
    return done;
  }
  // The destination gives the second epoch up when it is prepared.
  void gives_up() {
    loaded[1].fails = "prepare";
    loaded[1].failure = base::Status::aborted;
    loaded[1].on_step = [this](const std::string& step) {
      if (step == "commit") ++loaded[1].committed;
    };
  }
  void forget_steps() {
    for (auto& load : loaded) load.steps.clear();
  }
};

}  // namespace

TEST_CASE("a run of two epochs takes each step once, in order") {
  LaneStory story;
  const auto done = story.live();
  REQUIRE(done);
  CHECK(*done);
  CHECK(story.loaded[0].steps == Steps{"take main", "abort 1", "open", "prepare 1", "commit", "publish 1, epoch 1",
                                       "prepare", "commit", "publish 2, epoch 2", "close", "take the run",
                                       "finish whole, published epoch 1, published epoch 2"});
  CHECK(story.loaded[0].rows == 6);
  CHECK(story.ledger.loaded() == 12);
  CHECK(story.ledger.confirmed() == 12);
  CHECK(story.told ==
        Steps{"run.started", "epoch.prepared", "epoch.committed", "epoch.prepared", "epoch.committed", "run.timed"});
}

TEST_CASE("whatever fails behind the first epoch leaves it, and the next life goes on behind it") {
  LaneStory story;
  story.loaded[0].fails = "prepare";  // the last one's
  CHECK(story.live().error().code == "x.prepare");
  story.loaded[1].committed = 1;
  story.forget_steps();
  story.loaded[0].fails = "open";
  CHECK(story.live().error().code == "x.open");
  const Steps failed{"take main", "publish 1, epoch 1", "abort 2 but behind epoch 1", "open behind epoch 1"};
  CHECK(Steps(story.loaded[0].steps.begin(), story.loaded[0].steps.begin() + 4) == failed);
  story.loaded[0].fails.clear();
  story.forget_steps();
  REQUIRE(story.live());
  CHECK(story.ledger.loaded() == 12);
  CHECK(story.loaded[0].steps.back() == "finish whole, published epoch 1, published epoch 2");
}

TEST_CASE("what is to be tidied up is not told to stop, though chains still run") {
  LaneStory story;
  story.shape.pieces = {40};
  story.loaded[0].fails = "prepare 1";
  bool told_to_stop = true;
  story.loaded[0].on_step = [&](const std::string& step) {
    if (step.starts_with("abort 1")) told_to_stop = *story.cancelled;
  };
  CHECK(story.live().error().code == "x.prepare 1");
  CHECK_FALSE(told_to_stop);
}

TEST_CASE("what was decided and not published is, by the next life") {
  for (const char* step : {"publish", "finish"}) {
    CAPTURE(step);
    LaneStory story;
    story.loaded[0].fails = step;
    CHECK(story.live().error().code == std::string("x.") + step);
    story.loaded[0].fails.clear();
    story.loaded[1].committed = step == std::string("publish") ? 1 : 2;
    REQUIRE(story.live());
    CHECK(story.loaded[0].steps.back() == "finish whole, published epoch 1, published epoch 2");
    CHECK(story.loaded[0].rows == 6);
  }
}

TEST_CASE("an epoch whose destination lost it is begun again") {
  LaneStory story;
  story.loaded[1].fails = "commit";
  CHECK(story.live().error().code == "x.commit");
  story.loaded[1].fails.clear();
  story.forget_steps();
  REQUIRE(story.live());  // the atomic one says that it holds epoch 0
  CHECK(story.loaded[0].steps[1] == "abort 1, epoch 1");
  CHECK(story.loaded[0].steps[3] == "open");
}

TEST_CASE("an epoch that the destination gave up is begun again in the same life, three times at most") {
  LaneStory story;
  story.gives_up();
  CHECK(story.live().error().code == "x.prepare");
  const auto& steps = story.loaded[1].steps;
  CHECK(std::count(steps.begin(), steps.end(), "prepare") == 3);
}

TEST_CASE("who waits to begin an epoch again stops when it is told to") {
  LaneStory story;
  story.retrying = {5, INT64_MAX / 2, INT64_MAX / 2, 1};
  story.gives_up();
  story.begins = [&story](Interrupt& interrupt) {
    story.loaded[0].on_step = [&interrupt](const std::string& step) {
      if (step == "prepare") interrupt.request();
    };
  };
  CHECK(story.live().error().code == "run.interrupted");
}

TEST_CASE("a source that asks for it is told what is committed: once its epoch is, and by each life that reads on") {
  LaneStory story;
  story.shape.told = [&](std::size_t split, const std::string& position) {
    return story.loaded[0].step("told", std::to_string(split) + " at " + position);
  };
  SECTION("in one life") {
    REQUIRE(story.live());
    CHECK(story.loaded[0].steps == Steps{"take main", "abort 1", "open", "prepare 1", "commit", "publish 1, epoch 1",
                                         "told 0 at 2", "prepare", "commit", "publish 2, epoch 2", "told 0 at 3",
                                         "close", "take the run",
                                         "finish whole, published epoch 1, published epoch 2"});
  }
  SECTION("again by the next, before it reads") {
    story.loaded[0].fails = "told";
    CHECK(story.live().error().code == "x.told");
    story.loaded[0].fails.clear();
    story.loaded[1].committed = 1;
    story.forget_steps();
    REQUIRE(story.live());
    CHECK(story.loaded[0].steps == Steps{"take main", "publish 1, epoch 1", "abort 2 but behind epoch 1",
                                         "open behind epoch 1", "told 0 at 2", "prepare", "commit",
                                         "publish 2, epoch 2", "told 0 at 3", "close", "take the run",
                                         "finish whole, published epoch 1, published epoch 2"});
    CHECK(story.loaded[0].rows == 6);
  }
  SECTION("of a split that is read, by a reader that only tells") {
    story.loaded[0].on_step = [&](const std::string& step) {
      if (step == "told 0 at 3") story.loaded[0].fails = "told";
    };
    CHECK(story.live().error().code == "x.told");
    story.loaded[0].on_step = {};
    story.loaded[0].fails.clear();
    story.loaded[1].committed = 2;
    story.forget_steps();
    REQUIRE(story.live());
    CHECK(story.loaded[0].steps == Steps{"take main", "publish 2, epoch 2", "told 0 at 3", "abort 3", "take the run",
                                         "finish whole, published epoch 1, published epoch 2"});
  }
}

TEST_CASE("what can't be gone on with is told as the golden file says") {
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "lane.txt");
  const auto unfinished = [](LaneStory& story) {
    story.loaded[0].fails = "prepare";
    REQUIRE_FALSE(story.live());
    story.loaded[0].fails.clear();
    story.loaded[1].committed = 1;
  };
  {
    LaneStory story;
    unfinished(story);
    story.manifest = "other";
    told.tell_failure("another manifest", story.live());
    REQUIRE(story.live(false));
    CHECK(story.ledger.loaded() == 4);  // what another chain had counted is not in its ledger
  }
  {
    LaneStory story;
    unfinished(story);
    story.version = "v2";
    told.tell_failure("another version of an input that was begun", story.live());
  }
  {
    LaneStory story;
    unfinished(story);
    story.loaded[1].committed = 7;
    told.tell_failure("an epoch that no run made", story.live());
  }
  told.end();
}

}  // namespace weir::run
