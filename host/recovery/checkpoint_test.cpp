#include "recovery/checkpoint.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <weir_catch.hpp>
#include <weir_test_folder.hpp>

namespace weir::recovery {
namespace {

using test::Folder;

Checkpoint epoch(std::uint64_t number) { return Checkpoint{number, "f", {{"load", {"a"}}}}; }

}  // namespace

TEST_CASE("a restart is decided by the checkpoint and the destination") {
  CHECK(decide(std::nullopt, std::nullopt) == Restart::begin_anew);
  CHECK(decide(epoch(1), std::nullopt) == Restart::publish);
  CHECK(decide(std::nullopt, 0) == Restart::begin_anew);
  CHECK(decide(epoch(1), 0) == Restart::begin_anew);
  CHECK(decide(epoch(1), 1) == Restart::publish);
  CHECK(decide(std::nullopt, 1) == Restart::foreign);
  CHECK(decide(epoch(1), 2) == Restart::foreign);
}

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
  REQUIRE(checkpoints.save(Checkpoint{1, "f", {{"load", {bytes, ""}}, {"load-big", {}}, {"reject", {"r"}}}}));
  const auto checkpoint = checkpoints.checkpoint(1);
  REQUIRE(checkpoint);
  CHECK((*checkpoint)->committables ==
        std::map<std::string, std::vector<std::string>>{{"load", {bytes, ""}}, {"load-big", {}}, {"reject", {"r"}}});
  REQUIRE(checkpoints.remove_checkpoint(1));
  CHECK_FALSE(checkpoints.checkpoint(1)->has_value());
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
  for (const char* text :
       {"not json", "{}", R"({"fingerprint":"f","committables":[]})",
        R"({"fingerprint":"f","committables":{"load":{}}})", R"({"fingerprint":"f","committables":{"load":[1]}})",
        R"({"fingerprint":"f","committables":{"a":[],"load":["abc"]}})",
        R"({"fingerprint":"f","committables":{"load":["zz"]}})", R"({"fingerprint":2,"committables":{}})"}) {
    CAPTURE(text);
    const auto stored = (*store)->put(state::checkpoint_key("p", "main", 1), text, version);
    REQUIRE(stored);
    version = stored->value();
    const auto checkpoint = Checkpoints(**store, "p", "main").checkpoint(1);
    REQUIRE_FALSE(checkpoint);
    CHECK(checkpoint.error().code == "state.damaged");
  }
}

TEST_CASE("a pipeline is held by one process, until its lock goes") {
  const Folder folder;
  REQUIRE(state::open_store(folder.path()));
  {
    const auto held = state::PipelineLock::take(folder.path(), "p", "orders");
    REQUIRE(held);
    const auto second = state::PipelineLock::take(folder.path(), "p", "orders");
    REQUIRE_FALSE(second);
    CHECK(second.error().message == "pipeline 'orders' is running already, in process " + std::to_string(::getpid()));
    CHECK(state::PipelineLock::take(folder.path(), "other", "other"));
  }
  CHECK(state::PipelineLock::take(folder.path(), "p", "orders"));
}

TEST_CASE("run ids are 26 characters of the alphabet, each another") {
  const std::string first = new_run_id(), second = new_run_id();
  CHECK(first != second);
  CHECK(first.size() == 26);
  CHECK(first.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ") == std::string::npos);
}

}  // namespace weir::recovery
