// Side inputs: rows of another source that all instances of a link have before the first row comes.
#include <set>
#include <weir_catch.hpp>

#include "run/fake_links.hpp"

namespace weir::run {
namespace {

using fake::Loaded;
using fake::Shape;

// `flowing` through a link of that name, whose side input is `side`.
struct SideBench {
  Loaded loaded;
  Plan plan;

  SideBench(const Shape& flowing, const Shape& side, const std::string& link, std::size_t chains) {
    plan.settings.chains = chains;
    plan.sources.push_back(std::make_unique<fake::Source>(flowing));
    plan.links.push_back(fake::planned(link, {}));
    plan.links[0].sides.push_back({"with", std::make_unique<fake::Source>(side, "side")});
    plan.loads.push_back(std::make_unique<fake::Load>(loaded, true, true));
    plan.ends.push_back({{0, 0}, {std::size_t{0}, 0}});
  }
};

}  // namespace

TEST_CASE("each instance of a link has all rows of its side input before a row comes, read once") {
  for (const std::size_t chains : {1U, 4U}) {
    CAPTURE(chains);
    int opened = 0;
    Shape side{{3, 0, 2}, 2, true, {}, {}, {}};
    side.on_open = [&opened](std::size_t) { ++opened; };
    SideBench bench(Shape{{20, 20, 20}, 3, true, {}, {}, {}}, side, "among", chains);
    Execution execution(bench.plan);
    REQUIRE(fake::run(execution));
    CHECK(bench.loaded.values == fake::values_of(side));
    CHECK(opened == 3);
    CHECK(execution.ledger().extracted() == 180);  // what is beside does not flow
  }
}

TEST_CASE("a side input that can't be read ends the run before a row is loaded") {
  Shape side{{3}, 2, true, {}, {}, {}};
  side.on_read = [](std::size_t, std::int64_t piece) -> base::Result<void> {
    if (piece == 1) return base::unexpected(fake::told_to_fail("read"));
    return {};
  };
  SideBench bench(Shape{{20}, 3, true, {}, {}, {}}, side, "among", 2);
  Execution execution(bench.plan);
  const auto done = fake::run(execution);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "x.read");
  CHECK(bench.loaded.values.empty());
}

TEST_CASE("a run that is told to stop while it reads a side input does") {
  std::atomic<bool> cancelled = false;
  Shape side{{30}, 2, true, {}, {}, {}};
  side.on_read = [&cancelled](std::size_t, std::int64_t piece) -> base::Result<void> {
    if (piece == 1) cancelled = true;
    return {};
  };
  SideBench bench(Shape{{20}, 3, true, {}, {}, {}}, side, "among", 2);
  bench.plan.cancelled = &cancelled;
  Execution execution(bench.plan);
  const auto done = fake::run(execution);
  REQUIRE_FALSE(done);
  CHECK(done.error().status == base::Status::cancelled);
}

TEST_CASE("a link that lets rows go before its side input has ended is to blame") {
  SideBench bench(Shape{{20}, 3, true, {}, {}, {}}, Shape{{3}, 2, true, {}, {}, {}}, "early", 1);
  Execution execution(bench.plan);
  const auto done = fake::run(execution);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "plugin.unbalanced");
  CHECK(done.error().message.find("before all rows of its other inputs were there") != std::string::npos);
}

TEST_CASE("inputs of a plan are those beside what flows too") {
  SideBench bench(Shape{{1}, 1, true, {}, {}, {}}, Shape{{1, 1}, 1, true, {}, {}, {}}, "among", 1);
  CHECK(bench.plan.inputs().size() == 3);
  REQUIRE(bench.plan.side_inputs().size() == 2);
  CHECK(bench.plan.side_inputs()[1].name == "side/1");
}

}  // namespace weir::run
