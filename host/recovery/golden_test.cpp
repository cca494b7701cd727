// Every message about what a run left, in golden/messages.txt.
#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

#include "recovery/checkpoint.hpp"
#include "recovery/run_history.hpp"

namespace weir::recovery {

TEST_CASE("records that can't be used are told as the golden file says") {
  const test::Folder folder;
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "messages.txt");
  const auto store = state::open_store(folder.path());
  REQUIRE(store);
  REQUIRE((*store)->put(state::run_key("p"), "{\"run\":5}", 0));
  REQUIRE((*store)->put(state::checkpoint_key("p", "main", 1), "garbage", 0));
  REQUIRE((*store)->put(
      state::checkpoint_key("p", "main", 2),
      R"({"epoch":2,"last":false,"manifest":"m","fingerprint":"f","totals":"","open":{},"loads":{"load":{"committables":["zz"],"undo":[],"resume":""}}})",
      0));
  Checkpoints checkpoints(**store, "p", "main");
  told.tell_failure("a record of a run", checkpoints.last_run());
  told.tell_failure("a checkpoint", checkpoints.checkpoint(1));
  told.tell_failure("a committable", checkpoints.checkpoint(2));
  REQUIRE((*store)->put(state::checkpoint_key("p", "main", 3), "{\"schema\":9}", 0));
  told.tell_failure("a checkpoint of a newer weir", checkpoints.checkpoint(3));
  Checkpoints first(**store, "q", "main"), second(**store, "q", "main");
  REQUIRE(first.save(RunRecord{"A", 1, false, ""}));
  told.tell_failure("who has been overtaken", second.save(RunRecord{"B", 1, false, ""}));
  REQUIRE((*store)->put(state::kept_key("p", "R"), R"({"pipeline":"p","run":"R","state":"asleep"})", 0));
  told.tell_failure("what a run came to", RunHistory(**store).runs());
  told.end();
}

}  // namespace weir::recovery
