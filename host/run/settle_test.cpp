// settle(): the tree that stretches of links become, what the sources agree on, and what is told where they don't fit.
#include <deque>
#include <weir_catch.hpp>

#include "manifest/source.hpp"
#include "run/fake_links.hpp"

namespace weir::run {
namespace {

using fake::Loaded;
using fake::Shape;
using test::Contains;

weir::Schema columns(const std::vector<std::pair<std::string, std::string>>& named) {
  std::vector<weir::Schema> fields;
  for (const auto& [name, format] : named) fields.push_back(weir::Schema::field(format.c_str(), name));
  return weir::Schema::rows(std::move(fields));
}

// A plan before it is settled: a source, stretches of links, and loads behind them.
struct Unsettled {
  Plan plan;
  std::deque<Loaded> loaded;

  Unsettled() { source(); }
  fake::Source& source(const std::string& name = "source", weir::Schema schema = fake::fakes::schema()) {
    auto made = std::make_unique<fake::Source>(Shape{{1, 1}, 2, true, {}, {}, {}}, name, std::move(schema));
    auto& source = *made;
    plan.sources.push_back(std::move(made));
    return source;
  }
  // A stretch of links, and of so many loads behind.
  Unsettled& stretch(const std::string& branch, const std::vector<std::string>& links, std::size_t loads) {
    Stretch made{branch, {"m.yaml", 9, 1, 1, {}}, {}, {}};
    for (const auto& name : links) {
      PlannedLink link;
      link.component = fake::link(name);
      link.use.link = name;
      made.links.push_back(std::move(link));
    }
    for (; loads > 0; --loads) {
      made.ends.push_back({plan.loads.size(), 0});
      plan.loads.push_back(std::make_unique<fake::Load>(loaded.emplace_back(), true, true));
    }
    plan.stretches.push_back(std::move(made));
    return *this;
  }
  // All that is wrong, an error a line.
  std::string refused() {
    const auto done = settle(plan);
    if (done) return "nothing";
    std::string told = done.error().code + ": " + done.error().message;
    for (const auto& also : done.error().also) told += "\n" + also.code + ": " + also.message;
    return told;
  }
};

bool comes_from(const Port& port, std::optional<std::size_t> link, std::uint64_t output = 0) {
  return port.link == link && port.output == output;
}

}  // namespace

TEST_CASE("stretches become a tree: each link stands behind the one whose rows it gets") {
  Unsettled whole;
  whole.stretch("", {"pass-a", "route"}, 0).stretch("second", {"pass-b"}, 2).stretch("first", {}, 1);
  REQUIRE(settle(whole.plan));
  const auto& plan = whole.plan;
  REQUIRE(plan.links.size() == 3);
  CHECK(plan.links[0].component->link == "pass-a");
  CHECK(plan.links[1].component->link == "route");
  CHECK(plan.links[2].component->link == "pass-b");
  CHECK(comes_from(plan.links[0].from, std::nullopt));
  CHECK(comes_from(plan.links[1].from, 0));
  CHECK(comes_from(plan.links[2].from, 1, 1));
  CHECK(plan.links[1].outputs.size() == 2);
  REQUIRE(plan.ends.size() == 3);
  CHECK(comes_from(plan.ends[0].from, 1));  // of the route's first output, whose branch has no link
  CHECK(plan.ends[0].to.load == 2);
  CHECK(comes_from(plan.ends[1].from, 2));
  CHECK(comes_from(plan.ends[2].from, 2));
  CHECK(plan.stretches.empty());
  const auto wiring = plan.wiring();
  CHECK(wiring.source.size() == 1);
  REQUIRE(wiring.links.size() == 3);
  REQUIRE(wiring.links[1].size() == 2);
  CHECK(wiring.links[1][0] == pipeline::Wiring::Targets{{pipeline::Target::Kind::end, 0}});
  CHECK(wiring.links[1][1] == pipeline::Wiring::Targets{{pipeline::Target::Kind::link, 2}});
  CHECK(wiring.links[2][0].size() == 2);
}

TEST_CASE("all behind a link that needs all rows, or their order, is gathered too, and nothing else") {
  Unsettled made;
  made.stretch("", {"pass", "route"}, 0)
      .stretch("first", {"run", "pass-behind"}, 1)
      .stretch("second", {"pass-beside"}, 1);
  REQUIRE(settle(made.plan));
  CHECK(made.plan.gathered() == std::vector<bool>{false, false, true, true, false});
  made.plan.links[0].traits.ordered = 1;
  CHECK(made.plan.gathered() == std::vector<bool>{true, true, true, true, true});
}

TEST_CASE("a link that remembers over a checkpoint is gathered, whatever its scope") {
  Unsettled made;
  made.stretch("", {"pass", "state", "pass-behind"}, 1);
  REQUIRE(settle(made.plan));
  CHECK(made.plan.links[1].traits.scope == WEIR_SCOPE_CHAIN);
  CHECK(made.plan.gathered() == std::vector<bool>{false, true, true});
}

TEST_CASE("a link with several outputs has branches behind, and nothing else") {
  CHECK(Unsettled().stretch("", {"route", "pass"}, 0).refused() ==
        "manifest.branch: route: expected nothing behind a link with 2 outputs but branches, found another link");
  CHECK(Unsettled().stretch("", {"route"}, 1).refused() ==
        "manifest.branch: route: expected nothing behind a link with 2 outputs but branches, found 'load' beside it");
  CHECK(Unsettled().stretch("", {"pass"}, 0).refused() ==
        "manifest.missing: pass: expected 'load' behind the last link, found none");
}

TEST_CASE("a branch gets rows from one output alone") {
  // The tee's outputs have the names of the route's.
  const auto told =
      Unsettled().stretch("", {"route"}, 0).stretch("first", {"tee"}, 0).stretch("second", {}, 1).refused();
  CHECK_THAT(told,
             Contains("tee: expected a branch that gets rows once, found that 'first' has them from another link"));
  CHECK_THAT(told, Contains("route: expected a branch that gets rows once, found that 'second' has them from another"));
}

TEST_CASE("outputs without a branch, and branches without an output, are told at once") {
  Unsettled made;
  made.stretch("", {"route"}, 0).stretch("frist", {}, 1).stretch("third", {}, 1);
  const auto done = settle(made.plan);
  REQUIRE_FALSE(done);
  std::vector<std::string> told{done.error().message + " | " + done.error().hint};
  for (const auto& also : done.error().also) told.push_back(also.message + " | " + also.hint);
  // One slip of the pen is one error: 'frist' is not told as a branch that nothing feeds.
  CHECK(told ==
        std::vector<std::string>{
            "branch 'third': expected an output of that name, found none | let a link route to it, or take it away",
            "route: no branch 'first' under 'branches' | did you mean 'frist'?",
            "route: no branch 'second' under 'branches' | add it: branches: { second: { load: { use: NAME, … } } }"});
  CHECK(done.error().place.line == 9);
}

TEST_CASE("an output that has no branch is told where its name stands among the options") {
  Unsettled made;
  made.stretch("", {"route"}, 0).stretch("second", {}, 1);
  auto& use = made.plan.stretches[0].links[0].use;
  const auto source = manifest::make_source("m.yaml", "to: { first: x > 1 }");
  REQUIRE(source);
  use.where = {*source, 0, 2};
  use.options.kind = manifest::Kind::object;
  manifest::Member to;
  to.key = "to";
  to.value.kind = manifest::Kind::object;
  manifest::Member first;
  first.key = "first";
  first.key_where = {*source, 6, 5};
  to.value.members.push_back(first);
  use.options.members.push_back(to);
  const auto done = settle(made.plan);
  REQUIRE_FALSE(done);
  CHECK(done.error().place.line == 1);
  CHECK(done.error().place.column == 7);
}

TEST_CASE("a link that refuses what flows into it is the error, by its name") {
  Unsettled made;
  made.stretch("", {"pass", "picky"}, 1);
  const auto done = settle(made.plan);
  REQUIRE_FALSE(done);
  CHECK(done.error().link == "picky");
  CHECK_THAT(done.error().message, Contains("no column 'm' in the input"));
  Unsettled silent;
  silent.stretch("", {"traitless"}, 1);
  const auto untold = settle(silent.plan);
  REQUIRE_FALSE(untold);
  CHECK(untold.error().link == "traitless");
}

TEST_CASE("sources whose rows differ are both named, with the column in which they do") {
  Unsettled made;
  made.source("other", columns({{"n", "l"}, {"day", "tdD"}}));
  made.stretch("", {}, 1);
  const auto done = settle(made.plan);
  REQUIRE_FALSE(done);
  CHECK_THAT(done.error().message, Contains("'day'") && Contains("'source'") && Contains("'other'"));
  CHECK(done.error().code == "schema.disagree");
}

TEST_CASE("several sources keep to what they agree on; one alone is not asked to") {
  Unsettled made;
  auto& first = static_cast<fake::Source&>(*made.plan.sources.front());
  auto& second = made.source("other");
  made.stretch("", {}, 1);
  REQUIRE(settle(made.plan));
  CHECK(first.kept_to == std::vector<std::string>{"n"});
  CHECK(second.kept_to == std::vector<std::string>{"n"});
  CHECK(made.plan.inputs().size() == 4);
  CHECK(made.plan.inputs()[2].name == "other/0");
  Unsettled alone;
  alone.stretch("", {}, 1);
  REQUIRE(settle(alone.plan));
  CHECK(static_cast<fake::Source&>(*alone.plan.sources.front()).kept_to.empty());
}

TEST_CASE("a source that can't be planned, or can't keep to what was agreed, ends it before a link is made") {
  Unsettled made;
  auto& second = made.source("other");
  made.stretch("", {"picky"}, 1);
  second.on_keep_to = []() -> base::Result<void> { return base::unexpected(fake::told_to_fail("keep")); };
  CHECK_THAT(made.refused(), Contains("x.keep"));
  Unsettled unplanned;
  static_cast<fake::Source&>(*unplanned.plan.sources.front()).on_plan = []() -> base::Result<void> {
    return base::unexpected(fake::told_to_fail("plan"));
  };
  unplanned.stretch("", {"picky"}, 1);
  CHECK_THAT(unplanned.refused(), Contains("x.plan"));
}

}  // namespace weir::run
