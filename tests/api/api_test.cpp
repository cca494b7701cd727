// What an embedding program sees: pipelines run, sampled, and heard.
#include <weir_catch.hpp>

#include "orders.hpp"

namespace weir::api {

using namespace test_orders;

TEST_CASE("a run is told, counted, and not repeated without need") {
  const Orders orders;
  auto heard = std::make_shared<Heard>();
  auto builder = orders.builder();
  auto pipeline = builder.with_monitoring(heard).with_integrity_checks(IntegrityChecks::full).build();
  REQUIRE(pipeline);
  const RunReport report = pipeline->run();
  REQUIRE(report.succeeded);
  CHECK(report.exit_code == 0);
  CHECK(report.rows_extracted == 4);
  CHECK(report.rows_dropped == 2);
  CHECK(report.rows_loaded == 2);
  CHECK(report.guarantee == "exactly once");
  const auto names = heard->names();
  CHECK(names == std::vector<std::string>{"run.planned", "run.started", "split.started", "split.read", "rows.moved",
                                          "epoch.prepared", "epoch.committed", "run.timed", "run.completed"});
  for (const auto& event : heard->events) CHECK(event.pipeline == "orders");
  CHECK(heard->events.back().run == report.run);
  CHECK(pipeline->run().nothing_to_do);
  CHECK_FALSE(pipeline->run(true).nothing_to_do);
}

TEST_CASE("what is wrong is told all at once, with its place in what was built") {
  const Orders orders;
  PipelineBuilder builder("orders");
  builder.folder(orders.folder.path().string())
      .extract("file", {{"path", "orders.csv"}})
      .transform("filter", {{"were", "id > 0"}})
      .load("fiel", {{"path", "out.csv"}});
  const auto built = builder.build();
  REQUIRE_FALSE(built);
  CHECK(built.problems().size() >= 2);
  for (const auto& problem : built.problems()) {
    CHECK(problem.file == "orders.json");
    CHECK(problem.line > 1);
    CHECK_FALSE(problem.code.empty());
  }
  CHECK(describe(built.problems()).find("did you mean 'where'?") != std::string::npos);
}

TEST_CASE("a run that fails says why, and is heard to") {
  const Orders orders;
  orders.write("orders.csv", "id,country,price\n1,DE,2.5\n2,FR\n");
  auto heard = std::make_shared<Heard>();
  auto pipeline = orders.builder().with_monitoring(heard).build();
  RunReport report;
  if (pipeline) {
    report = pipeline->run();
  } else {
    report.problems = pipeline.problems();
  }
  REQUIRE_FALSE(report.succeeded);
  REQUIRE_FALSE(report.problems.empty());
  CHECK(report.problems.front().file.ends_with("orders.csv"));
  CHECK(report.problems.front().line == 3);
  CHECK_FALSE(fs::exists(orders.folder.path() / "out.csv"));
}

TEST_CASE("a snapshot holds rows in memory, and loads nothing") {
  const Orders orders;
  auto pipeline = orders.builder().build();
  REQUIRE(pipeline);
  const auto all = pipeline->snapshot(100);
  REQUIRE(all);
  CHECK(all->total_count() == 2);
  CHECK(all->complete());
  CHECK(all->taken_unix_ns() > 0);
  REQUIRE(all->columns().size() == 3);
  CHECK(all->columns()[0].name == "id");
  CHECK(all->columns()[0].type == "int64");
  std::vector<std::string> rows;
  for (const Record record : *all) rows.push_back(record.json());
  CHECK(rows ==
        std::vector<std::string>{R"({"id":1,"country":"DE","price":2.5})", R"({"id":3,"country":"DE","price":4.0})"});
  CHECK_FALSE(fs::exists(orders.folder.path() / "out.csv"));
  CHECK_FALSE(fs::exists(orders.folder.path() / "state"));
  const auto some = pipeline->snapshot(1);
  REQUIRE(some);
  CHECK(some->total_count() == 1);
  CHECK_FALSE(some->complete());
}

TEST_CASE("a record gives values of the types that hold them exactly") {
  const Orders orders;
  PipelineBuilder builder("all");
  auto pipeline =
      builder.folder(orders.folder.path().string()).extract("file", {{"path", "orders.csv"}}).load("discard").build();
  REQUIRE(pipeline);
  const auto rows = pipeline->snapshot(10);
  REQUIRE(rows);
  std::vector<Record> records(rows->begin(), rows->end());
  REQUIRE(records.size() == 4);
  CHECK(records[0].integer(0) == 1);
  CHECK(records[0].real(0) == 1.0);
  CHECK(records[3].integer(0) == 9007199254740993);
  CHECK_FALSE(records[3].real(0));  // no double holds it
  CHECK(records[1].is_null(2));
  CHECK_FALSE(records[1].real(2));
  CHECK(records[2].real(2) == 4.0);
  CHECK_FALSE(records[2].integer(2));
  CHECK(records[0].text(1) == std::string_view("DE"));
  CHECK_FALSE(records[0].boolean(1));
  CHECK(records[0].find("price") == std::size_t{2});
  CHECK_FALSE(records[0].find("prize"));
  CHECK(records[1].json(2) == "null");
}

}  // namespace weir::api
