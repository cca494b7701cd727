// RunHistory: what is kept of runs, read back, listed and pruned.
#include "recovery/run_history.hpp"

#include <weir_catch.hpp>
#include <weir_test_folder.hpp>

#include <nlohmann/json.hpp>

#include "state/places.hpp"

namespace weir::recovery {
namespace {

KeptRun made(const std::string& pipeline, const std::string& run, std::int64_t began_ns) {
  KeptRun kept;
  kept.pipeline = pipeline;
  kept.run = run;
  kept.name = "orders";
  kept.manifest = "/m/orders.yaml";
  kept.state = RunState::complete;
  kept.began_ns = began_ns;
  return kept;
}

struct History {
  test::Folder folder;
  std::unique_ptr<state::Store> store = std::move(*state::open_store(folder.path()));
  RunHistory history{*store};

  void keep(const KeptRun& run) { REQUIRE(store->put(state::kept_key(run.pipeline, run.run), text_of(run), 0)); }
  std::vector<std::string> ids() {
    std::vector<std::string> ids;
    const auto runs = history.runs();
    REQUIRE(runs);
    for (const auto& run : *runs) ids.push_back(run.run);
    return ids;
  }
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a run comes back as it was kept") {
  History history;
  KeptRun run = made("p", "R", 5);
  run.manifest_digest = "abc";
  run.state = RunState::given_up;
  run.ended_ns = 9;
  run.duration_ns = 3;
  run.starts = 2;
  run.epochs = 7;
  run.inputs = 4;
  run.guarantee = "exactly once";
  run.loads_shown = {"a", "b"};
  run.reject_shown = "rejects.ndjson";
  run.error_code = "e.code";
  run.error_message = "expected \xff, found";
  run.ledger.lines.resize(1);
  run.ledger.lines[0].account.rows_in = 11;
  run.rejects = {"/rejects.ndjson", 5, 9, "ef"};
  run.replays = "Q";
  run.replayed_by = "S";
  history.keep(run);
  const auto found = history.history.run("p", "R");
  REQUIRE(found);
  REQUIRE(*found);
  CHECK(text_of(**found) == text_of(run));
  CHECK((*found)->ledger.lines.at(0).account.rows_in == 11);
  CHECK_FALSE(*history.history.run("p", "other"));
}

TEST_CASE("secrets are taken out of what others have said, and numbers stay") {
  observe::Redactor redactor;
  redactor.add("battery-staple");
  KeptRun run = made("p", "R", 5);
  run.loads_shown = {"battery-staple/out.csv"};
  run.error_message = "no battery-staple";
  run.ledger.lines.resize(1);
  run.ledger.lines[0].account.rejected.add("column battery-staple", 2);
  run.rejects = {"/battery-staple/rejects.ndjson", 0, 9, "ef"};
  const KeptRun clean = redacted(run, redactor);
  CHECK(text_of(clean).find("battery") == std::string::npos);
  CHECK(clean.ledger.lines[0].account.rejected.total() == 2);
}

TEST_CASE("the last run is listed first, of all pipelines") {
  History history;
  history.keep(made("q", "A", 1));
  history.keep(made("p", "C", 3));
  history.keep(made("q", "B", 2));
  CHECK(history.ids() == Ids{"C", "B", "A"});
  CHECK(history.history.keys("q")->size() == 2);
}

TEST_CASE("what a rule says goes, of each pipeline by itself") {
  History history;
  for (int i = 1; i <= 4; ++i) history.keep(made("p", "P" + std::to_string(i), i * 10));
  history.keep(made("q", "Q1", 5));
  const auto prune = [&](PruneRule rule) {
    return history.history.prune(*history.history.runs(), rule)->removed.size();
  };
  CHECK(prune({4}) == 0);
  CHECK(prune({3, 10}) == 0);  // P1 began then, not before
  CHECK(prune({3}) == 1);
  CHECK(history.ids() == Ids{"Q1", "P4", "P3", "P2"});
  CHECK(prune({1, 30}) == 1);
  CHECK(history.ids() == Ids{"Q1", "P4", "P3"});
  CHECK(prune({0, 31}) == 2);
  CHECK(history.ids() == Ids{"P4"});
}

TEST_CASE("what a run kept of its loads comes back, and that of an earlier weir has none") {
  History history;
  KeptRun run = made("p", "R", 5);
  run.loads = {{"load", "{}", "said", "there", integrity::Holds::among},
               {"other", "{}", "", "", integrity::Holds::run}};
  history.keep(run);
  const auto found = history.history.run("p", "R");
  REQUIRE((found && *found));
  REQUIRE((*found)->loads.size() == 2);
  const KeptLoad& load = (*found)->loads[0];
  CHECK(load.link == "load");
  CHECK(load.said == "said");
  CHECK(load.destination == "there");
  CHECK(load.holds == integrity::Holds::among);
  CHECK((*found)->loads[1].holds == integrity::Holds::run);
  auto before = nlohmann::json::parse(text_of(made("p", "S", 5)));
  before.erase("loads");
  REQUIRE(history.store->put(state::kept_key("p", "S"), before.dump(), 0));
  CHECK(history.history.run("p", "S").value()->loads.empty());
}

TEST_CASE("the files that a run wrote are those of each load, by name, and go with the run") {
  History history;
  const KeptRun run = made("p", "A", 1), other = made("p", "B", 2);
  history.keep(run);
  history.keep(other);
  const auto write = [&](const KeptRun& of, const std::string& link, const std::string& name, std::uint64_t rows) {
    const std::string text = integrity::to_json({name, rows, {rows, 7}}).dump();
    REQUIRE(history.store->put(state::object_key(of.pipeline, of.run, link, name), text, 0));
  };
  write(run, "load", "b/2.csv", 2);
  write(run, "load", "b/1.csv", 1);
  write(run, "load-2", "b/1.csv", 3);
  write(other, "load", "\xff", 4);
  const auto objects = history.history.objects(run, "load");
  REQUIRE(objects);
  REQUIRE(objects->size() == 2);
  CHECK((*objects)[0].name == "b/1.csv");
  CHECK((*objects)[1].rows == 2);
  CHECK((*objects)[1].digest == integrity::Digest{2, 7});
  REQUIRE(history.history.prune({run}, {0}));
  CHECK(history.history.objects(run, "load")->empty());
  CHECK(history.history.objects(run, "load-2")->empty());
  CHECK(history.history.objects(other, "load")->front().name == "\xff");
  REQUIRE(history.store->put(state::object_key("p", "B", "load", "bad"), "[]", 0));
  CHECK(history.history.objects(other, "load").error().code == "state.damaged");
}

TEST_CASE("a run that is not at its end is never pruned, whatever it failed with") {
  History history;
  KeptRun open = made("p", "B", 2);
  open.state = RunState::failed;
  history.keep(open);
  history.keep(made("p", "A", 1));
  Checkpoints checkpoints(*history.store, "p", "main");
  REQUIRE(checkpoints.save({"B", 1, false, ""}));
  auto pruned = history.history.prune(*history.history.runs(), {0});
  REQUIRE(pruned);
  REQUIRE(pruned->refused.size() == 1);
  CHECK(pruned->refused[0].run == "B");
  CHECK(history.ids() == Ids{"B"});
  REQUIRE(checkpoints.save({"B", 1, true, ""}));
  pruned = history.history.prune(*history.history.runs(), {0});
  CHECK(pruned->removed.size() == 1);
  CHECK(history.ids().empty());
}

TEST_CASE("a run whose rejects are being replayed is not at its end, nor is the replay") {
  History history;
  history.keep(made("p", "A", 1));
  KeptRun replay = made("p", "B", 2);
  replay.replays = "A";
  history.keep(replay);
  Checkpoints checkpoints(*history.store, state::replay_id("p", "A"), "main");
  REQUIRE(checkpoints.save({"B", 1, false, ""}));
  auto pruned = history.history.prune(*history.history.runs(), {0});
  REQUIRE(pruned);
  CHECK(pruned->refused.size() == 2);
  REQUIRE(checkpoints.save({"B", 1, true, ""}));
  pruned = history.history.prune(*history.history.runs(), {0});
  CHECK(pruned->removed.size() == 2);
}

TEST_CASE("the checkpoints of a pipeline's replays tell which runs they replay") {
  const std::string key = state::checkpoint_key(state::replay_id("p", "RUN"), "main", 1);
  CHECK(key.starts_with(state::replay_checkpoints("p")));
  CHECK(state::replayed_run(key) == "RUN");
  CHECK_FALSE(state::checkpoint_key("p", "main", 1).starts_with(state::replay_checkpoints("p")));
}

TEST_CASE("what is noted is written with the next change, or not at all") {
  History history;
  Checkpoints ours(*history.store, "p", "main"), others(*history.store, "p", "main");
  const auto note = [](Checkpoints& checkpoints, const char* key) { checkpoints.note({key, "x"}); };
  note(ours, "kept/p/1");
  REQUIRE(ours.save({"A", 1, false, ""}));
  CHECK(*history.store->get("kept/p/1"));
  note(ours, "kept/p/2");
  CHECK_FALSE(*history.store->get("kept/p/2"));
  REQUIRE(ours.save({"A", 2, false, ""}));
  CHECK(*history.store->get("kept/p/2"));
  REQUIRE(others.last_run());
  REQUIRE(others.save({"A", 3, false, ""}));
  note(ours, "kept/p/3");
  CHECK_FALSE(ours.write_notes());
  CHECK_FALSE(*history.store->get("kept/p/3"));
  note(others, "kept/p/4");
  REQUIRE(others.write_notes());
  CHECK(*history.store->get("kept/p/4"));
}

namespace {

constexpr std::int64_t kDay = 86'400'000'000'000;
constexpr std::int64_t kToday = 20'800 * kDay;

// A run that began so many days before today.
KeptRun run_of_day(int days_ago, RunState state = RunState::complete) {
  KeptRun run = made("p", new_run_id(kToday - days_ago * kDay), kToday - days_ago * kDay);
  run.state = state;
  return run;
}

std::size_t drop_old(History& history, const PruneRule& rule, const std::string& spared = {}) {
  const auto keys = history.history.keys_of_old("p", rule, spared);
  REQUIRE(keys);
  for (const auto& key : *keys) REQUIRE(history.store->remove(key));
  return history.ids().size();
}

}  // namespace

TEST_CASE("of the runs of 400 days stay the last so many, or those of so many days, or what either lets stay") {
  const auto left_by = [](const PruneRule& rule) {
    History history;
    for (int day = 400; day-- > 0;) history.keep(run_of_day(day));
    const std::string last = history.ids().front();
    const std::size_t left = drop_old(history, rule);
    CHECK(history.ids().front() == last);
    return left;
  };
  CHECK(left_by({100}) == 100);
  CHECK(left_by({0, kToday - 30 * kDay}) == 31);
  CHECK(left_by({50, kToday - 30 * kDay}) == 50);
  CHECK(left_by({10, kToday - 30 * kDay}) == 31);
  CHECK(left_by({400}) == 400);
  CHECK(left_by({0}) == 1);  // the last complete one
}

TEST_CASE("the last complete run stays, however old it is and whatever failed since") {
  History history;
  for (int day = 400; day-- > 0;) history.keep(run_of_day(day, day >= 300 ? RunState::complete : RunState::failed));
  const auto before = history.ids();
  CHECK(drop_old(history, {10}) == 11);
  CHECK(history.ids().back() == before[300]);  // of 300 days ago
}

TEST_CASE("a run that is gone on with stays, and so does one whose rejects are run again") {
  History history;
  const KeptRun open = run_of_day(300, RunState::failed), replayed = run_of_day(200), spared = run_of_day(100);
  for (const auto& run : {open, replayed, spared, run_of_day(2), run_of_day(1), run_of_day(0)}) history.keep(run);
  Checkpoints checkpoints(*history.store, "p", "main");
  REQUIRE(checkpoints.save({open.run, 1, false, ""}));
  Checkpoints replay(*history.store, state::replay_id("p", replayed.run), "main");
  REQUIRE(replay.save({"REPLAY", 1, false, ""}));
  CHECK(drop_old(history, {1}, spared.run) == 4);
  CHECK(history.ids().back() == open.run);
  REQUIRE(replay.save({"REPLAY", 1, true, ""}));
  REQUIRE(checkpoints.save({open.run, 1, true, ""}));
  CHECK(drop_old(history, {1}) == 1);
  CHECK_FALSE(*history.store->get(state::run_key(state::replay_id("p", replayed.run))));  // it went with its run
}

}  // namespace weir::recovery
