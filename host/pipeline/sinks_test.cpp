#include "pipeline/sinks.hpp"

#include <weir_catch.hpp>

namespace weir::pipeline {
namespace {

void add(PlanSink& sink, const std::string& id) {
  weir_split split{};
  split.size = sizeof split;
  split.id = {id.data(), id.size()};
  REQUIRE(sink.add(&sink, &split) == WEIR_OK);
}

}  // namespace

TEST_CASE("a split that is told again is no news, one that was removed is") {
  PlanSink sink;
  add(sink, "a");
  add(sink, "b");
  add(sink, "a");
  REQUIRE(sink.splits.size() == 2);
  REQUIRE(sink.remove(&sink, {"a", 1}) == WEIR_OK);
  REQUIRE(sink.remove(&sink, {"never there", 11}) == WEIR_OK);
  REQUIRE(sink.splits.size() == 1);
  add(sink, "a");
  CHECK(sink.splits.size() == 2);
  CHECK(sink.splits.back().id == "a");
  sink.clear();
  add(sink, "b");
  CHECK(sink.splits.size() == 1);
}

}  // namespace weir::pipeline
