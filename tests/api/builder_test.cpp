// A manifest and a builder make the same chain.
#include <algorithm>
#include <weir_catch.hpp>

#include "orders.hpp"

namespace weir::api {
namespace {

using namespace test_orders;

// What a pipeline does, as far as it can be heard and counted.
struct Ran {
  Heard heard;
  RunReport report;
  explicit Ran(Outcome<Pipeline>& pipeline) {
    const auto subscription = pipeline->bus().subscribe(heard);
    report = pipeline->run();
  }
  // Events of several splits and chains come in any order.
  std::vector<std::string> events() const {
    std::vector<std::string> names = heard.names();
    std::sort(names.begin(), names.end());
    return names;
  }
};

void require_same(const Ran& one, const Ran& other) {
  REQUIRE(one.report.succeeded);
  REQUIRE(other.report.succeeded);
  REQUIRE(one.heard.first<events::RunPlanned>() != nullptr);
  CHECK(one.heard.first<events::RunPlanned>()->links == other.heard.first<events::RunPlanned>()->links);
  CHECK(one.heard.first<events::RunPlanned>()->splits == other.heard.first<events::RunPlanned>()->splits);
  CHECK(one.events() == other.events());
  CHECK(one.report.guarantee == other.report.guarantee);
  REQUIRE(one.report.links.size() == other.report.links.size());
  for (std::size_t i = 0; i < one.report.links.size(); ++i) {
    const LinkReport& a = one.report.links[i];
    const LinkReport& b = other.report.links[i];
    CAPTURE(a.link);
    CHECK(a.link == b.link);
    CHECK(a.component == b.component);
    CHECK(a.role == b.role);
    CHECK(a.rows_in == b.rows_in);
    CHECK(a.rows_out == b.rows_out);
    CHECK(a.dropped == b.dropped);
    CHECK(a.rejected == b.rejected);
  }
}

}  // namespace

TEST_CASE("a manifest and a builder make the same chain") {
  const Orders orders;
  orders.write("m.json",
               R"({"weir": 1, "name": "orders", "extract": {"use": "file", "path": "orders.csv"},
                   "transform": [{"use": "filter", "where": "country = 'DE'"}], "load": {"use": "file", "path": "m.csv"}})");
  auto written = Pipeline::from_manifest(orders.path("m.json").string());
  auto built = orders.builder("b.csv").build();
  REQUIRE(written);
  REQUIRE(built);
  require_same(Ran(written), Ran(built));
  CHECK(text_of(orders.path("m.csv")) == "id,country,price\n1,DE,2.5\n3,DE,4.0\n");
  CHECK(text_of(orders.path("m.csv")) == text_of(orders.path("b.csv")));
}

TEST_CASE("the same with branches that route on, lists of extracts and loads, rejects and limits") {
  const Orders orders;
  orders.write("more.csv", "id,country,price\n5,FR,7\n6,US,0.5\n7,DE,-1\n");
  orders.write("m.json", R"({"weir": 1, "name": "orders",
      "extract": [{"use": "file", "path": "orders.csv"}, {"use": "file", "path": "more.csv"}],
      "transform": [{"use": "validate", "columns": {"price": {"min": 0}}},
                    {"use": "route", "to": {"german": "country = 'DE'"}, "else": "abroad"}],
      "branches": {
        "german": {"transform": [{"use": "tee", "to": ["kept", "cheap"]}]},
        "abroad": {"load": [{"use": "file", "path": "m-abroad.csv"}, {"use": "file", "path": "m-abroad.ndjson"}]},
        "kept": {"load": {"use": "file", "path": "m-kept.csv"}},
        "cheap": {"transform": [{"use": "filter", "where": "price < 3"}], "load": {"use": "file", "path": "m-cheap.csv"}}},
      "reject": {"use": "file", "path": "m-rejects.ndjson"}, "limits": {"rejects": 5}})");
  PipelineBuilder german(""), abroad(""), kept(""), cheap("");
  german.transform("tee", {{"to", {"kept", "cheap"}}});
  abroad.load("file", {{"path", "b-abroad.csv"}}).load("file", {{"path", "b-abroad.ndjson"}});
  kept.load("file", {{"path", "b-kept.csv"}});
  cheap.transform("filter", {{"where", "price < 3"}}).load("file", {{"path", "b-cheap.csv"}});
  PipelineBuilder builder("orders");
  builder.folder(orders.folder.path().string())
      .extract("file", {{"path", "orders.csv"}})
      .extract("file", {{"path", "more.csv"}})
      .transform("validate", {{"columns", {{"price", {{"min", 0}}}}}})
      .transform("route", {{"to", {{"german", "country = 'DE'"}}}, {"else", "abroad"}})
      .branch("german", std::move(german))
      .branch("abroad", std::move(abroad))
      .branch("kept", std::move(kept))
      .branch("cheap", std::move(cheap))
      .reject("file", {{"path", "b-rejects.ndjson"}})
      .set("limits", {{"rejects", 5}});
  auto written = Pipeline::from_manifest(orders.path("m.json").string());
  auto built = builder.build();
  if (!built) FAIL(describe(built.problems()));
  REQUIRE(written);
  const Ran by_manifest(written), by_builder(built);
  require_same(by_manifest, by_builder);
  CHECK(by_builder.heard.first<events::RunPlanned>()->links ==
        std::vector<std::string>{"extract", "extract-2", "validate", "route", "tee-german", "filter-cheap", "load-kept",
                                 "load-cheap", "load-abroad", "load-abroad-2"});
  CHECK(by_builder.report.rows_extracted == 7);
  CHECK(by_builder.report.rows_rejected == 1);
  for (const char* name : {"abroad.csv", "abroad.ndjson", "kept.csv", "cheap.csv", "rejects.ndjson"}) {
    CAPTURE(name);
    CHECK(fs::file_size(orders.path(std::string("b-") + name)) > 20);
    CHECK(text_of(orders.path(std::string("m-") + name)) == text_of(orders.path(std::string("b-") + name)));
  }
  CHECK(text_of(orders.path("b-cheap.csv")) == "id,country,price\n1,DE,2.5\n");
}

TEST_CASE("what is wrong in a branch is told with the branch's own names, as of a manifest") {
  const Orders orders;
  PipelineBuilder branch("");
  branch.load("discard");
  PipelineBuilder builder("orders");
  builder.folder(orders.folder.path().string())
      .extract("file", {{"path", "orders.csv"}})
      .transform("route", {{"to", {{"german", "country = 'DE'"}}}, {"else", "abroad"}})
      .branch("germann", std::move(branch));
  const auto built = builder.build();
  REQUIRE_FALSE(built);
  CHECK(describe(built.problems()).find("did you mean 'germann'?") != std::string::npos);
  CHECK(describe(built.problems()).find("no branch 'abroad'") != std::string::npos);
}

}  // namespace weir::api
