// What is asked of writers and committers, in which order, and what becomes of it when one of them fails.
#include <deque>
#include <weir_catch.hpp>

#include "run/committers.hpp"
#include "run/fake_links.hpp"

namespace weir::run {
namespace {

using fake::Loaded;
using fake::Shape;
using Steps = std::vector<std::string>;

// Rows that go to two loads, the second atomic, and a sink for rejects.
struct Loads {
  std::deque<Loaded> loaded{3};
  Plan plan;

  Loads() {
    plan.settings.chains = 2;
    plan.sources.push_back(std::make_unique<fake::Source>(Shape{{2, 2}, 3, true, {}, {}, {}}));
    plan.links.push_back(fake::planned("odd", {}));
    for (std::size_t i = 0; i < 2; ++i) {
      auto load = std::make_unique<fake::Load>(loaded[i], true, true, i == 0 ? "files" : "table");
      if (i == 1) load->commit_atomically();
      plan.loads.push_back(std::move(load));
      plan.ends.push_back({{i, 0}, {0, 0}});
    }
    plan.reject = LoadInput{2, 0};
    plan.loads.push_back(std::make_unique<fake::Load>(loaded[2], false, false, "rejects"));
  }
};

using Committables = std::map<std::string, std::vector<std::string>>;

recovery::Checkpoint checkpoint_of(const Committables& committables) {
  recovery::Checkpoint made;
  made.epoch = 1;
  for (const auto& [link, items] : committables) made.loads[link] = {items, items, ""};
  return made;
}

Committables committables_of(const Cut& cut) {
  Committables committables;
  for (const auto& [link, load] : cut.prepared) committables[link] = load.committables;
  return committables;
}

std::string code_of(const base::Result<void>& done) { return done ? "none" : done.error().code; }

}  // namespace

TEST_CASE("each load is opened, prepared, decided and closed once, and tells what it confirms") {
  Loads made;
  Execution execution(made.plan);
  REQUIRE(execution.open());
  REQUIRE(execution.flow());
  const auto prepared = execution.cut(1, true);
  REQUIRE(prepared);
  CHECK(committables_of(*prepared) ==
        Committables{{"files", {"epoch 1"}}, {"rejects", {"epoch 1"}}, {"table", {"epoch 1"}}});
  // All rejects are with their sink before it is prepared.
  CHECK(made.loaded[2].rows == 4);
  REQUIRE(execution.ledger().balance());
  REQUIRE(execution.commit(1));
  execution.close_writers();
  for (const auto& load : made.loaded) CHECK(load.steps == Steps{"open", "prepare", "commit", "close"});
  // What was counted is known still.
  CHECK(execution.ledger().loaded() == 16);
  CHECK(execution.ledger().rejected() == 4);
  CHECK(execution.ledger().confirmed() == 16);
}

TEST_CASE("a writer that can't be opened ends it before a row is read, and those opened are closed") {
  Loads made;
  made.loaded[1].fails = "open";
  {
    Execution execution(made.plan);
    CHECK(code_of(execution.open()) == "x.open");
  }
  CHECK(made.loaded[0].steps == Steps{"open", "close"});
  CHECK(made.loaded[1].steps == Steps{"open"});
  CHECK(made.loaded[2].steps.empty());
  CHECK(made.loaded[0].rows == 0);
}

TEST_CASE("when one can't prepare, those behind are not asked to, and nobody commits") {
  for (const std::size_t at : {0U, 1U, 2U}) {
    CAPTURE(at);
    Loads made;
    made.loaded[at].fails = "prepare";
    Execution execution(made.plan);
    REQUIRE(execution.open());
    REQUIRE(execution.flow());
    const auto prepared = execution.cut(1, true);
    REQUIRE_FALSE(prepared);
    CHECK(prepared.error().code == "x.prepare");
    execution.close_writers();
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(made.loaded[i].steps == (i <= at ? Steps{"open", "prepare", "close"} : Steps{"open", "close"}));
    CHECK(execution.ledger().loaded() == 16);
  }
}

TEST_CASE("a decision that fails is the error") {
  Loads made;
  made.loaded[1].fails = "commit";
  Execution execution(made.plan);
  REQUIRE(execution.open());
  REQUIRE(execution.flow());
  REQUIRE(execution.cut(1, true));
  CHECK(code_of(execution.commit(1)) == "x.commit");
  execution.close_writers();
  CHECK(made.loaded[2].steps == Steps{"open", "prepare", "close"});
}

TEST_CASE("the destination that decides is asked what it holds, and no other") {
  Loads made;
  made.loaded[1].committed = 7;
  const auto committers = Committers::open(made.plan);
  REQUIRE(committers);
  const auto last = (*committers)->last_committed();
  REQUIRE(last);
  CHECK(*last == std::optional<std::uint64_t>(7));
  CHECK(made.loaded[0].steps == Steps{"take main"});
  CHECK(made.loaded[1].steps == Steps{"take main", "ask"});
  made.loaded[1].fails = "ask";
  CHECK_FALSE((*committers)->last_committed());
  Loads without;
  without.plan.loads[1] = std::make_unique<fake::Load>(without.loaded[1], true, true, "table");
  const auto none = Committers::open(without.plan);
  REQUIRE(none);
  CHECK(*(*none)->last_committed() == std::nullopt);
}

TEST_CASE("a committer that can't be opened is the error: another may have taken the lane") {
  Loads made;
  made.loaded[1].fails = "take";
  const auto committers = Committers::open(made.plan);
  REQUIRE_FALSE(committers);
  CHECK(committers.error().code == "x.take");
  CHECK(made.loaded[2].steps.empty());
}

TEST_CASE(
    "an epoch is published in each, and the run finished with what all epochs published, on committers of no lane") {
  Loads made;
  const auto committers = Committers::open(made.plan);
  REQUIRE(committers);
  const auto published =
      (*committers)->publish(checkpoint_of({{"files", {"a", "b"}}, {"table", {}}, {"rejects", {"r"}}}));
  REQUIRE(published);
  CHECK(*published ==
        Committers::Published{{"files", {"published a", "published b"}}, {"rejects", {"published r"}}, {"table", {}}});
  REQUIRE((*committers)->finish(true, {{"files", {"earlier", "a"}}}));
  CHECK(made.loaded[0].steps == Steps{"take main", "publish 1, a, b", "take the run", "finish whole, earlier, a"});
  CHECK(made.loaded[1].steps == Steps{"take main", "publish 1", "take the run", "finish whole"});
  CHECK(made.loaded[2].steps == Steps{"take main", "publish 1, r", "take the run", "finish whole"});
}

TEST_CASE("one that can't publish, or finish, is the error; it is done again as a whole") {
  Loads made;
  const auto committers = Committers::open(made.plan);
  REQUIRE(committers);
  const auto checkpoint = checkpoint_of({{"files", {"a"}}, {"rejects", {"r"}}});
  made.loaded[2].fails = "publish";
  CHECK((*committers)->publish(checkpoint).error().code == "x.publish");
  made.loaded[2].fails = "finish";
  CHECK((*committers)->publish(checkpoint));
  CHECK(code_of((*committers)->finish(true, {})) == "x.finish");
  made.loaded[2].fails.clear();
  CHECK((*committers)->finish(true, {}));
}

TEST_CASE("rows of a load that is gone can't be published; a load that is gone and had none is no matter") {
  Loads made;
  made.plan.identity.run = "R";
  const auto committers = Committers::open(made.plan);
  REQUIRE(committers);
  const auto gone = (*committers)->publish(checkpoint_of({{"before", {"a"}}}));
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == "recovery.load_gone");
  CHECK_THAT(gone.error().message, test::Contains("'before'") && test::Contains("run R"));
  CHECK((*committers)->publish(checkpoint_of({{"before", {}}})));
}

TEST_CASE("one that can't withdraw keeps no other from it, and the first of them is told") {
  Loads made;
  const auto committers = Committers::open(made.plan);
  REQUIRE(committers);
  made.loaded[0].fails = "abort";
  made.loaded[1].fails = "abort";
  const auto aborted = (*committers)->abort(1, checkpoint_of({{"files", {"a"}}, {"rejects", {"r"}}}), {});
  CHECK(code_of(aborted) == "x.abort");
  CHECK(made.loaded[0].steps.back() == "abort 1, a");
  CHECK(made.loaded[1].steps.back() == "abort 1");  // what was not told of is withdrawn too
  CHECK(made.loaded[2].steps.back() == "abort 1, r");
}

}  // namespace weir::run
