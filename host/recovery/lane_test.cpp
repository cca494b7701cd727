#include "recovery/lane.hpp"

#include <map>
#include <string>
#include <vector>
#include <weir_catch.hpp>

namespace weir::recovery {
namespace {

using Kind = Step::Kind;
using Failing = Lane::Failing;
using Steps = std::vector<Step>;

// Answers every step with success until `until` is in hand, and gives the steps before it. Input ends with epoch `last`.
Steps go(Lane& lane, Step until, std::uint64_t last = 9) {
  Steps steps;
  while (lane.next() != until && lane.next().kind != Kind::done && steps.size() < 200) {
    const Step step = lane.next();
    steps.push_back(step);
    REQUIRE(step.kind != Kind::grant);  // what is left is the test's to say
    REQUIRE(step.kind != Kind::ask_committed);
    if (step.kind == Kind::flow)
      lane.flowed(step.epoch == last);
    else
      lane.done();
  }
  REQUIRE(lane.next() == until);
  REQUIRE(lane.broken() == 0);
  return steps;
}

Lane restarted(Left left) {
  Lane lane(false);
  lane.granted(left);
  return lane;
}

Lane restarted(Left left, std::uint64_t committed) {
  Lane lane(true);
  lane.granted(left);
  lane.done();
  REQUIRE(lane.next() == Step{Kind::ask_committed, left.newest});
  lane.committed(committed);
  return lane;
}

Lane at(Step step, bool atomic = true) {
  Lane lane = atomic ? restarted({}, 0) : restarted({});
  go(lane, step);
  return lane;
}

}  // namespace

TEST_CASE("a lane asks for the grant first, and for the same step until it is answered") {
  const Lane lane(true);
  CHECK(lane.next() == Step{Kind::grant, 0});
  CHECK(lane.next() == Step{Kind::grant, 0});
}

TEST_CASE("a fresh lane sweeps, opens, and takes each epoch through its steps") {
  Lane lane = restarted({});
  CHECK(go(lane, {Kind::flow, 2}) == Steps{{Kind::open_committers, 0},
                                           {Kind::sweep, 1},
                                           {Kind::open_writers, 0},
                                           {Kind::flow, 1},
                                           {Kind::prepare, 1},
                                           {Kind::store, 1},
                                           {Kind::publish, 1},
                                           {Kind::forget, 0}});
  CHECK_FALSE(lane.is_last());
  CHECK(go(lane, {Kind::done, 2}, 2) == Steps{{Kind::flow, 2},
                                              {Kind::prepare, 2},
                                              {Kind::store, 2},
                                              {Kind::publish, 2},
                                              {Kind::forget, 1},
                                              {Kind::finish, 2},
                                              {Kind::complete, 2}});
  CHECK(lane.is_last());
}

TEST_CASE("with an atomic writer its commit is the decision") {
  Lane lane = restarted({}, 0);
  go(lane, {Kind::store, 1});
  lane.done();
  CHECK(lane.next() == Step{Kind::commit, 1});
  lane.done();
  CHECK(lane.next() == Step{Kind::publish, 1});
}

TEST_CASE("a decided epoch is published, forgotten and gone on from") {
  for (const bool atomic : {false, true}) {
    Lane lane = atomic ? restarted({4, true}, 4) : restarted({4, true});
    if (!atomic) lane.done();  // committers are open
    CHECK(go(lane, {Kind::flow, 5}) ==
          Steps{{Kind::publish, 4}, {Kind::forget, 3}, {Kind::sweep, 5}, {Kind::open_writers, 4}});
  }
}

TEST_CASE("a decided last epoch is published and the run finished") {
  Lane lane = restarted({4, false, true}, 4);
  CHECK(go(lane, {Kind::done, 4}) ==
        Steps{{Kind::publish, 4}, {Kind::forget, 3}, {Kind::sweep, 5}, {Kind::finish, 4}, {Kind::complete, 4}});
}

TEST_CASE("an undecided epoch is aborted, and its checkpoint dropped behind that") {
  Lane lane = restarted({4, true, true}, 3);
  CHECK(go(lane, {Kind::flow, 4}) == Steps{{Kind::abort, 4},
                                           {Kind::drop_checkpoint, 4},
                                           {Kind::publish, 3},
                                           {Kind::forget, 2},
                                           {Kind::sweep, 4},
                                           {Kind::open_writers, 3}});
  CHECK_FALSE(lane.is_last());
  go(lane, {Kind::store, 4}, 5);
}

TEST_CASE("an undecided first epoch is begun again from the plan, which needs no publishing") {
  Lane lane = restarted({1, true}, 0);
  CHECK(go(lane, {Kind::flow, 1}) ==
        Steps{{Kind::abort, 1}, {Kind::drop_checkpoint, 1}, {Kind::sweep, 1}, {Kind::open_writers, 0}});
}

TEST_CASE("a destination that holds what the run never made stops it") {
  for (std::uint64_t committed : {1U, 2U, 5U, 6U}) {
    Lane lane = restarted({4, true}, committed);
    CHECK(lane.next() == Step{Kind::stop_foreign, committed});
    lane.done();
    CHECK(lane.next().kind == Kind::done);
    CHECK(lane.broken() == 0);
  }
  CHECK(restarted({}, 1).next() == Step{Kind::stop_foreign, 1});
}

TEST_CASE("a destination that lost a decided epoch stops the run: the checkpoint before has been forgotten") {
  CHECK(restarted({4, false}, 3).next() == Step{Kind::stop_foreign, 3});
}

TEST_CASE("a complete run has nothing to do") {
  CHECK(restarted({4, false, true, true}).next() == Step{Kind::done, 4});
}

TEST_CASE("a failure before the checkpoint aborts the open epoch, and ends or begins it again") {
  for (const Step step :
       {Step{Kind::open_writers, 0}, Step{Kind::flow, 1}, Step{Kind::flow, 2}, Step{Kind::prepare, 2}}) {
    const std::uint64_t open = step.epoch + (step.kind == Kind::open_writers ? 1 : 0);
    Lane ends = at(step);
    ends.failed(Failing::ends);
    CHECK(ends.next() == Step{Kind::abort, open});
    ends.done();
    CHECK(ends.next() == Step{Kind::done, open});
    Lane restarts = at(step);
    restarts.failed(Failing::restarts);
    CHECK(restarts.next() == Step{Kind::abort, open});
    Lane both = restarts;
    restarts.failed(Failing::ends);  // what it leaves is swept by who comes next
    CHECK(restarts.next() == Step{Kind::grant, 0});
    both.done();
    CHECK(both.next() == Step{Kind::grant, 0});
    ends = at(step);
    ends.failed(Failing::ends);
    ends.failed(Failing::restarts);
    CHECK(ends.next() == Step{Kind::done, open});
  }
}

TEST_CASE("an abort that may still go on is not followed by an epoch under the same fence") {
  for (const bool sweeps : {false, true}) {
    Lane lane = restarted({4, true}, sweeps ? 4 : 3);
    go(lane, sweeps ? Step{Kind::sweep, 5} : Step{Kind::abort, 4});
    Lane ends = lane;
    lane.failed(Failing::restarts);
    CHECK(lane.next() == Step{Kind::grant, 0});
    ends.failed(Failing::ends);  // but one that is known to have ended is passed over
    go(ends, sweeps ? Step{Kind::open_writers, 4} : Step{Kind::sweep, 4});
    CHECK(ends.broken() + lane.broken() == 0);
  }
}

TEST_CASE("a failure whose effect is not known touches nothing before the lane is granted anew") {
  for (const Step step : {Step{Kind::store, 2}, Step{Kind::commit, 2}, Step{Kind::publish, 2}, Step{Kind::forget, 1}}) {
    Lane ends = at(step);
    ends.failed(Failing::ends);
    CHECK(ends.next() == Step{Kind::done, step.epoch});
    Lane restarts = at(step);
    restarts.failed(Failing::restarts);
    CHECK(restarts.next() == Step{Kind::grant, 0});
    CHECK(restarts.broken() == 0);
  }
}

TEST_CASE("a checkpoint whose storing failed counts if the next grant finds it") {
  Lane lane = at({Kind::store, 2}, false);
  lane.failed(Failing::restarts);
  lane.granted({2, true});
  lane.done();
  CHECK(lane.next() == Step{Kind::publish, 2});
}

TEST_CASE("a commit that timed out is decided by what the destination says") {
  for (const bool committed : {false, true}) {
    Lane lane = at({Kind::commit, 2});
    lane.failed(Failing::restarts);
    lane.granted({2, true});
    lane.done();
    lane.committed(committed ? 2 : 1);
    CHECK(lane.next() == (committed ? Step{Kind::publish, 2} : Step{Kind::abort, 2}));
  }
}

TEST_CASE("a store or a destination that forgot what it had stops the lane") {
  Lane lane = at({Kind::flow, 3});
  lane.failed(Failing::restarts);
  lane.done();
  Lane other = lane;
  lane.granted({1, false});
  CHECK(lane.next().kind == Kind::stop_foreign);
  other.granted({2, true});
  other.done();
  other.committed(1);
  CHECK(other.next().kind == Kind::stop_foreign);
}

TEST_CASE("what ended the input once need not when the epoch comes again") {
  Lane lane = at({Kind::flow, 2});
  lane.flowed(true);
  CHECK(lane.is_last());
  lane.failed(Failing::restarts);
  lane.done();
  lane.granted({1, false});
  lane.done();
  lane.committed(1);
  CHECK_FALSE(lane.is_last());
  CHECK(go(lane, {Kind::flow, 2}).size() == 4);
}

TEST_CASE("a failed finish is repeated by the next grant") {
  Lane lane = at({Kind::flow, 2}, false);
  go(lane, {Kind::finish, 2}, 2);
  lane.failed(Failing::restarts);
  lane.granted({2, false, true});
  go(lane, {Kind::complete, 2});
  lane.failed(Failing::restarts);
  lane.granted({2, false, true, true});
  CHECK(lane.next().kind == Kind::done);
}

TEST_CASE("an answer that does not fit the step in hand is a defect, and the lane does nothing more") {
  const auto defect = [](auto answer) {
    Lane lane(true);
    answer(lane);
    return lane.broken() == 1 && lane.next().kind == Kind::done;
  };
  CHECK(defect([](Lane& lane) { lane.done(); }));
  CHECK(defect([](Lane& lane) { lane.flowed(true); }));
  CHECK(defect([](Lane& lane) { lane.committed(0); }));
  CHECK(defect([](Lane& lane) { lane.granted({}), lane.granted({}); }));
  CHECK(defect([](Lane& lane) { lane.granted({}), lane.done(), lane.done(); }));
  CHECK(defect([](Lane& lane) { lane.granted({0, false, false, true}), lane.done(); }));
  CHECK(defect([](Lane& lane) { lane.granted({0, false, false, true}), lane.failed(Failing::ends); }));
}

namespace {

// All that a lane's steps act on: a store, an atomic destination, a two-phase one. Of an epoch's rows only a number is kept
// by which one attempt at it can be told from another.
struct World {
  explicit World(std::uint64_t last_epoch) : last(last_epoch) {}

  std::uint64_t last;
  std::map<std::uint64_t, int> checkpoints;  // epoch → attempt
  std::map<std::uint64_t, int> committed, staged, published;
  bool complete = false;
  int attempt = 0;

  Left left() const {
    const std::uint64_t newest = checkpoints.empty() ? 0 : checkpoints.rbegin()->first;
    return {newest, checkpoints.count(newest - 1) != 0, newest == last, complete};
  }
  void publish(std::uint64_t epoch) {
    const int wanted = checkpoints.at(epoch);
    REQUIRE((published.count(epoch) != 0 ? published.at(epoch) : staged.at(epoch)) == wanted);
    published[epoch] = wanted;
    staged.erase(epoch);
  }
  void effect(Step step) {
    const std::uint64_t e = step.epoch;
    switch (step.kind) {
      case Kind::open_writers: ++attempt; break;
      case Kind::prepare: staged[e] = attempt; break;
      case Kind::store: checkpoints[e] = attempt; break;
      case Kind::commit: committed[e] = attempt; break;
      case Kind::publish: publish(e); break;
      case Kind::forget: checkpoints.erase(e); break;
      case Kind::drop_checkpoint: checkpoints.erase(e); break;
      case Kind::abort:
      case Kind::sweep: staged.erase(staged.lower_bound(e), staged.end()); break;
      case Kind::complete: complete = true; break;
      default: break;
    }
    REQUIRE(checkpoints.size() <= 2);
  }
};

enum class Accident { none, ends_before, ends_after, restarts_before, restarts_after, dies_before, dies_after, count };

void answer(Lane& lane, const World& world, Accident accident) {
  const Step step = lane.next();
  if (accident == Accident::dies_before || accident == Accident::dies_after) {
    lane = Lane(!world.committed.empty());
  } else if (accident != Accident::none) {
    const bool ends = accident == Accident::ends_before || accident == Accident::ends_after;
    lane.failed(ends ? Failing::ends : Failing::restarts);
  } else if (step.kind == Kind::grant) {
    lane.granted(world.left());
  } else if (step.kind == Kind::ask_committed) {
    lane.committed(world.committed.rbegin()->first);
  } else if (step.kind == Kind::flow) {
    lane.flowed(step.epoch == world.last);
  } else {
    lane.done();
  }
}

// Takes the run to its end, with accidents at the given steps; gives the number of steps.
std::size_t run(bool atomic, std::uint64_t last, const std::map<std::size_t, Accident>& accidents) {
  World world(last);
  world.checkpoints[0] = 0;
  if (atomic) world.committed[0] = 0;
  Lane lane(atomic);
  std::size_t steps = 0;
  for (; !world.complete || lane.next().kind != Kind::done; ++steps) {
    REQUIRE(steps < 1000);
    if (lane.next().kind == Kind::done) lane = Lane(atomic);  // the next start
    const auto found = accidents.find(steps);
    const Accident accident = found == accidents.end() ? Accident::none : found->second;
    const bool before =
        accident == Accident::ends_before || accident == Accident::restarts_before || accident == Accident::dies_before;
    if (!before) world.effect(lane.next());
    answer(lane, world, accident);
    REQUIRE(lane.broken() == 0);
    REQUIRE(lane.next().kind != Kind::stop_foreign);
  }
  REQUIRE(world.published.size() == last);
  for (const auto& [epoch, attempt] : world.published) REQUIRE((!atomic || world.committed.at(epoch) == attempt));
  REQUIRE(world.committed.size() == (atomic ? last + 1 : 0));
  return steps;
}

// Every run with one more accident behind those that it has already.
void try_all(bool atomic, std::size_t most, std::map<std::size_t, Accident>& accidents, std::size_t& runs) {
  const std::size_t steps = run(atomic, 2, accidents);
  ++runs;
  if (accidents.size() == most) return;
  const std::size_t first = accidents.empty() ? 0 : accidents.rbegin()->first + 1;
  for (std::size_t i = first; i < steps; ++i) {
    for (int kind = 1; kind < static_cast<int>(Accident::count); ++kind) {
      accidents[i] = static_cast<Accident>(kind);
      try_all(atomic, most, accidents, runs);
      accidents.erase(i);
    }
  }
}

}  // namespace

TEST_CASE("whatever two accidents a run of two epochs has, both destinations get each epoch of one attempt") {
  for (const bool atomic : {false, true}) {
    std::map<std::size_t, Accident> accidents;
    std::size_t runs = 0;
    try_all(atomic, 2, accidents, runs);
    CHECK(runs > 3000);
  }
}

}  // namespace weir::recovery
