#include "recovery/checkpoint.hpp"

#include <sys/stat.h>
#include <weir_catch.hpp>
#include <weir_test_folder.hpp>

namespace weir::recovery {
namespace {

using test::Folder;

Checkpoint epoch(std::uint64_t number) {
  Checkpoint made;
  made.epoch = number;
  made.loads["load"] = {{"a"}, {}, ""};
  return made;
}

// A store in which run R has begun.
struct Kept {
  Folder folder;
  std::unique_ptr<state::Store> store = std::move(*state::open_store(folder.path()));
  Checkpoints checkpoints{*store, "p", "main"};
  Kept() { REQUIRE(checkpoints.save(RunRecord{"R", 1, false, ""})); }
};

}  // namespace

TEST_CASE("records and checkpoints come back as they were stored") {
  const Folder folder;
  const auto store = state::open_store(folder.path());
  REQUIRE(store);
  Checkpoints checkpoints(**store, "p", "main");
  REQUIRE_FALSE(checkpoints.last_run()->has_value());
  REQUIRE(checkpoints.save(RunRecord{"R", 3, true, "abc"}));
  const auto record = checkpoints.last_run();
  REQUIRE(record);
  CHECK((*record)->run == "R");
  CHECK((*record)->fence == 3);
  CHECK((*record)->complete);
  CHECK((*record)->fingerprint == "abc");
  const std::string bytes(
      "\0\xff\x10"
      "binary",
      9);
  Checkpoint whole{7, true, "m", "f", R"({"rows":1})", {}, {}};
  whole.open["orders\n" + bytes] = {bytes, "v"};
  whole.loads["load"] = {{bytes, ""}, {bytes}, bytes};
  whole.loads["load-big"] = {};
  REQUIRE(checkpoints.store(whole, {}));
  auto found = checkpoints.checkpoint(7);
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->epoch == 7);
  CHECK((*found)->last);
  CHECK((*found)->manifest == "m");
  CHECK((*found)->fingerprint == "f");
  CHECK((*found)->totals == R"({"rows":1})");
  CHECK((*found)->open["orders\n" + bytes].position == bytes);
  CHECK((*found)->open["orders\n" + bytes].version == "v");
  CHECK((*found)->loads["load"].committables == std::vector<std::string>{bytes, ""});
  CHECK((*found)->loads["load"].undo == std::vector<std::string>{bytes});
  CHECK((*found)->loads["load"].resume == bytes);
  CHECK((*found)->loads.size() == 2);
  REQUIRE(checkpoints.drop(7));
  CHECK_FALSE(checkpoints.checkpoint(7)->has_value());
}

TEST_CASE("items are those of an epoch, whatever was forgotten or dropped") {
  Kept kept;
  auto& checkpoints = kept.checkpoints;
  REQUIRE(checkpoints.store(epoch(1), {{"split", "a", "1"}, {"state", "k", "one"}, {"state", "gone", ""}}));
  REQUIRE(checkpoints.forget(0));
  REQUIRE(checkpoints.store(epoch(2), {{"split", "b", "1"}, {"state", "k", "two"}, {"state", "gone", std::nullopt}}));
  CHECK(*checkpoints.items(1) == Items{{"split", {{"a", "1"}}}, {"state", {{"gone", ""}, {"k", "one"}}}});
  const Items second{{"split", {{"a", "1"}, {"b", "1"}}}, {"state", {{"k", "two"}}}};
  CHECK(*checkpoints.items(2) == second);
  REQUIRE(checkpoints.forget(1));
  CHECK(*checkpoints.items(2) == second);
  REQUIRE(checkpoints.store(epoch(3), {{"state", "k", std::nullopt}}));
  CHECK((*checkpoints.items(3)).at("state").empty());
  REQUIRE(checkpoints.drop(3));
  CHECK(*checkpoints.items(2) == second);
  REQUIRE(checkpoints.clear());
  CHECK(checkpoints.items(2)->empty());
  CHECK(kept.store->list("")->size() == 1);  // the record
}

TEST_CASE("what is left is the newest checkpoint, and whether the one before it is there") {
  Kept kept;
  auto& checkpoints = kept.checkpoints;
  CHECK(checkpoints.left()->newest == 0);
  for (std::uint64_t number = 1; number <= 12; ++number) REQUIRE(checkpoints.store(epoch(number), {}));
  CHECK(checkpoints.left()->newest == 12);
  CHECK(checkpoints.left()->before_is_there);
  CHECK_FALSE(checkpoints.left()->newest_is_last);
  REQUIRE(checkpoints.forget(11));
  CHECK_FALSE(checkpoints.left()->before_is_there);
  Checkpoint last = epoch(13);
  last.last = true;
  REQUIRE(checkpoints.store(last, {}));
  CHECK(checkpoints.left()->newest_is_last);
  REQUIRE(checkpoints.save(RunRecord{"R", 1, true, "f"}));
  CHECK(checkpoints.left()->complete);
}

TEST_CASE("who has been overtaken can't write the pipeline's state") {
  const Folder folder;
  const auto store = state::open_store(folder.path());
  Checkpoints first(**store, "p", "main"), second(**store, "p", "main");
  REQUIRE(first.save(RunRecord{"A", 1, false, ""}));
  REQUIRE(second.last_run());
  REQUIRE(second.save(RunRecord{"A", 2, false, ""}));
  const auto late = first.save(RunRecord{"A", 1, true, ""});
  REQUIRE_FALSE(late);
  CHECK(late.error().code == "state.taken");
  CHECK(first.store(epoch(1), {}).error().code == "state.taken");
  CHECK(first.confirm().error().code == "state.taken");
  CHECK(second.confirm());
  CHECK(first.clear());  // there is nothing to change
  REQUIRE(second.store(epoch(1), {}));
  for (const auto& done : {first.drop(1), first.forget(1), first.clear()}) CHECK(done.error().code == "state.taken");
  CHECK(second.checkpoint(1)->has_value());
}

TEST_CASE("a damaged record is an error, not a crash") {
  const Folder folder;
  const auto store = state::open_store(folder.path());
  std::uint64_t version = 0;
  for (const char* text :
       {"not json", "", "[]", "{}", R"({"run":1,"fence":1,"complete":true,"fingerprint":""})",
        R"({"run":"R","fence":"1","complete":true,"fingerprint":""})",
        R"({"run":"R","fence":-1,"complete":true,"fingerprint":""})",
        R"({"run":"R","fence":1,"complete":"yes","fingerprint":""})", R"({"run":"R","fence":1,"complete":true})"}) {
    CAPTURE(text);
    const auto stored = (*store)->put(state::run_key("p"), text, version);
    REQUIRE(stored);
    version = stored->value();
    const auto record = Checkpoints(**store, "p", "main").last_run();
    REQUIRE_FALSE(record);
    CHECK(record.error().code == "state.damaged");
  }
}

TEST_CASE("a damaged checkpoint is an error: half of its bytes would publish something else") {
  const Folder folder;
  const auto store = state::open_store(folder.path());
  std::uint64_t version = 0;
  const std::string front = R"({"epoch":1,"last":false,"manifest":"m","fingerprint":"f","totals":"","open":{)";
  REQUIRE((*store)->put(state::checkpoint_key("p", "main", 2), front + "},\"loads\":{}}", 0));
  REQUIRE(Checkpoints(**store, "p", "main").checkpoint(2));
  for (const std::string& text : std::vector<std::string>{
           "not json", "{}", front + "}}", front + R"(},"loads":{"a":{"committables":["zz"],"undo":[],"resume":""}}})",
           front + R"(},"loads":{"a":{"committables":[1],"undo":[],"resume":""}}})",
           front + R"(},"loads":{"a":{"committables":"","undo":[],"resume":""}}})",
           front + R"("ab":{"position":"a","version":""}},"loads":{}})", front + R"("ab":{"position":""}},"loads":{}})",
           R"({"epoch":-1,"last":false,"manifest":"m","fingerprint":"f","totals":"","open":{},"loads":{}})"}) {
    CAPTURE(text);
    const auto stored = (*store)->put(state::checkpoint_key("p", "main", 1), text, version);
    REQUIRE(stored);
    version = stored->value();
    const auto checkpoint = Checkpoints(**store, "p", "main").checkpoint(1);
    REQUIRE_FALSE(checkpoint);
    CHECK(checkpoint.error().code == "state.damaged");
  }
}

TEST_CASE("run ids are 26 characters of the alphabet, each another") {
  const std::string first = new_run_id(), second = new_run_id();
  CHECK(first != second);
  CHECK(first.size() == 26);
  CHECK(first.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ") == std::string::npos);
}

TEST_CASE("the records of an older weir are read, and what it did not write then is as it was meant") {
  const test::Folder folder;
  const auto store = state::open_store(folder.path());
  REQUIRE(store);
  REQUIRE((*store)->put(state::run_key("p"), R"({"run":"A","fence":3,"complete":false,"fingerprint":"f"})", 0));
  REQUIRE((*store)->put(
      state::checkpoint_key("p", "main", 2),
      R"({"epoch":2,"last":false,"manifest":"m","fingerprint":"f","totals":"","open":{"61":{"position":"62","version":""}},"loads":{"load":{"committables":["63"],"undo":[],"resume":""}}})",
      0));
  Checkpoints checkpoints(**store, "p", "main");
  const auto run = checkpoints.last_run();
  REQUIRE((run && *run));
  CHECK((*run)->fence == 3);
  const auto checkpoint = checkpoints.checkpoint(2);
  REQUIRE((checkpoint && *checkpoint));
  CHECK((*checkpoint)->open.at("a").position == "b");
  CHECK((*checkpoint)->open.at("a").bytes == 0);
  CHECK((*checkpoint)->loads.at("load").committables == std::vector<std::string>{"c"});
  CHECK((*checkpoint)->loads.at("load").objects.empty());
  REQUIRE(checkpoints.store(**checkpoint, {}));
  CHECK_THAT((*(*store)->get(state::checkpoint_key("p", "main", 2)))->value, test::Contains("\"schema\":2"));
}

TEST_CASE("a record of today lacks nothing, and one of a newer weir is refused") {
  const test::Folder folder;
  const auto store = state::open_store(folder.path());
  REQUIRE(store);
  const std::string key = state::checkpoint_key("p", "main", 1);
  REQUIRE((*store)->put(
      key,
      R"({"schema":2,"epoch":1,"last":false,"manifest":"m","fingerprint":"f","totals":"","open":{"61":{"position":"62","version":""}},"loads":{}})",
      0));
  Checkpoints checkpoints(**store, "p", "main");
  CHECK(checkpoints.checkpoint(1).error().code == "state.damaged");
  REQUIRE((*store)->put(key, R"({"schema":3,"all":"is otherwise"})", 1));
  CHECK(checkpoints.checkpoint(1).error().code == "state.newer");
  REQUIRE((*store)->put(state::run_key("p"), R"({"schema":3,"run":"A"})", 0));
  CHECK(checkpoints.last_run().error().code == "state.newer");
}

TEST_CASE("a run's id tells when it was made") {
  constexpr std::int64_t kWhen = 1'796'000'123'456'000'000;
  CHECK(time_of_run_id(new_run_id(kWhen)) == kWhen);
  CHECK(time_of_run_id(new_run_id(kWhen + 999'999)) == kWhen);
  for (const char* none : {"", "A", "0000000000000000000000000U", "00000000000000000000000000"})
    CHECK(time_of_run_id(none) == 0);
}

}  // namespace weir::recovery
