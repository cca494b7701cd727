// A plugin's call that never returns: run() does.
#include <weir_catch.hpp>

#include "orders.hpp"

namespace weir::api {
namespace {

using namespace test_orders;

Outcome<Pipeline> reading(const Orders& orders, const std::string& source) {
  PipelineBuilder builder("deaf");
  return builder.folder(orders.folder.path().string())
      .extract(source)
      .load("file", {{"path", "out.csv"}})
      .set("deadlines", {{"call", "100ms"}, {"cancel", "100ms"}})
      .build();
}

}  // namespace

TEST_CASE("a run whose plugin never returns fails, and is heard to; its pipeline stays locked, others run") {
  const Orders orders;
  ::setenv("WEIR_PLUGIN_PATH", (std::string(PLUGINS) + ":" + BAD_PLUGINS).c_str(), 1);
  auto heard = std::make_shared<Heard>();
  {
    auto pipeline = reading(orders, "deaf");
    if (!pipeline) FAIL(describe(pipeline.problems()));
    const auto subscription = pipeline->bus().subscribe(*heard);
    const RunReport report = pipeline->run();
    REQUIRE_FALSE(report.succeeded);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems.front().code == "plugin.given_up");
    CHECK(report.problems.front().link == "extract");
    CHECK(report.exit_code == 1);
  }  // what the call uses is left to it
  REQUIRE(heard->first<events::RunFailed>() != nullptr);
  CHECK(heard->first<events::RunFailed>()->code == "plugin.given_up");
  CHECK_FALSE(fs::exists(orders.folder.path() / "out.csv"));

  auto again = reading(orders, "unaligned_source");
  if (!again) FAIL(describe(again.problems()));
  const RunReport locked = again->run();
  REQUIRE(locked.problems.size() == 1);
  CHECK(locked.problems.front().code == "run.locked");

  auto other = orders.builder().build();
  if (!other) FAIL(describe(other.problems()));
  CHECK(other->run().succeeded);
}

}  // namespace weir::api
