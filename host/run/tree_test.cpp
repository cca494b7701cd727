// Execution over trees of links: random ones with routes, tees, links that hold rows back, links of scope run, several loads
// and several sources. Run under ThreadSanitizer too.
#include <algorithm>
#include <deque>
#include <numeric>
#include <random>
#include <thread>
#include <weir_catch.hpp>

#include "run/fake_links.hpp"

namespace weir::run {
namespace {

using fake::Loaded;
using fake::run;
using fake::Shape;
using Values = std::vector<std::int64_t>;

// A plan of fakes, and what must arrive at each of its ends.
struct Tree {
  Plan plan;
  std::deque<Loaded> loaded;
  struct End {
    Values values;
    bool in_order = false;
  };
  std::vector<End> ends;

  Port add(const std::string& name, Port from, std::int32_t scope = WEIR_SCOPE_CHAIN) {
    plan.links.push_back(fake::planned(name + "-" + std::to_string(plan.links.size()), from, scope));
    return {plan.links.size() - 1, 0};
  }
  void end(Port from, const Values& values, bool ordered, bool held) {
    plan.loads.push_back(std::make_unique<fake::Load>(loaded.emplace_back(), ordered, true));
    plan.ends.push_back({{plan.loads.size() - 1, 0}, from});
    ends.push_back({values, ordered && !held});
  }
  void source(const Shape& shape) { plan.sources.push_back(std::make_unique<fake::Source>(shape)); }
};

Values of_parity(const Values& values, std::int64_t parity) {
  Values chosen;
  std::copy_if(values.begin(), values.end(), std::back_inserter(chosen), [=](auto n) { return n % 2 == parity; });
  return chosen;
}

// Grows what is behind a port, at random. `held`: a link in front may have changed the order.
void grow(Tree& tree, std::mt19937& random, Port from, const Values& values, int depth, bool held) {
  const auto dice = depth == 0 ? 0 : random() % 7;
  if (dice <= 1) {
    for (auto loads = 1 + random() % 2; loads > 0; --loads) tree.end(from, values, random() % 2 == 0, held);
    return;
  }
  const std::int32_t scope = random() % 5 == 0 ? WEIR_SCOPE_RUN : WEIR_SCOPE_CHAIN;
  if (dice == 2) return grow(tree, random, tree.add("pass", from, scope), values, depth - 1, held);
  if (dice == 3) return grow(tree, random, tree.add("hold", from, scope), values, depth - 1, true);
  const bool routes = dice <= 5;
  const Port link = tree.add(routes ? "route" : "tee", from, scope);
  for (const std::uint64_t output : {0U, 1U}) {
    const Values through = routes ? of_parity(values, static_cast<std::int64_t>(output)) : values;
    grow(tree, random, Port{link.link, output}, through, depth - 1, held);
  }
}

std::unique_ptr<Tree> random_tree(std::mt19937& random) {
  auto tree = std::make_unique<Tree>();
  tree->plan.settings.chains = 1 + random() % 5;
  tree->plan.settings.budget_bytes = 400;
  tree->plan.settings.validate_full = true;
  Values values;
  for (auto sources = 1 + random() % 2; sources > 0; --sources) {
    const Shape shape = fake::random_shape(random);
    tree->source(shape);
    const Values own = fake::values_of(shape);
    values.insert(values.end(), own.begin(), own.end());
  }
  grow(*tree, random, {}, values, 4, false);
  return tree;
}

void require_all_arrived(Tree& tree) {
  for (std::size_t i = 0; i < tree.ends.size(); ++i) {
    CAPTURE(i);
    Values found = tree.loaded[i].values, expected = tree.ends[i].values;
    if (!tree.ends[i].in_order) {
      std::sort(found.begin(), found.end());
      std::sort(expected.begin(), expected.end());
    }
    REQUIRE(found == expected);
  }
}

}  // namespace

TEST_CASE("in any tree every row comes to each end that it is for, once, and the ledger balances") {
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto tree = random_tree(random);
    Execution execution(tree->plan);
    REQUIRE(run(execution));
    require_all_arrived(*tree);
    const auto ledger = execution.ledger();
    std::uint64_t loaded = 0;
    for (const auto& end : tree->ends) loaded += end.values.size();
    CHECK(ledger.loaded() == loaded);
    CHECK(ledger.lines.size() == tree->plan.sources.size() + tree->plan.links.size() + tree->plan.ends.size());
  }
}

TEST_CASE("loads of a list get the same rows, not copies of them") {
  Tree tree;
  tree.plan.settings.chains = 2;
  tree.source(Shape{{3}, 4, true, {}, {}, {}});
  std::vector<const void*> seen[2];
  for (int i = 0; i < 2; ++i) {
    tree.end(tree.plan.links.empty() ? tree.add("route", {}) : Port{0, 0}, {}, true, false);
    tree.loaded.back().on_write = [&seen, i](const pipeline::Batch& batch) -> base::Result<void> {
      seen[i].push_back(batch.rows.get().children[0]->buffers[1]);
      return {};
    };
  }
  tree.end(Port{0, 1}, {}, false, false);
  Execution execution(tree.plan);
  REQUIRE(run(execution));
  CHECK(seen[0].size() == 3);
  CHECK(seen[0] == seen[1]);
  CHECK(execution.ledger().expanded() == 6);
}

TEST_CASE("a link that breaks in one branch ends the run, whatever the others do") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto tree = random_tree(random);
    const std::size_t end = random() % tree->plan.ends.size();
    const bool rows = !tree->ends[end].values.empty();
    tree->plan.ends[end].from = tree->add("broken", tree->plan.ends[end].from);
    Execution execution(tree->plan);
    const auto done = run(execution);
    REQUIRE(done.has_value() != rows);
    if (rows) CHECK_THAT(done.error().message, test::Contains("broke"));
  }
}

TEST_CASE("a load that fails beside others ends the run") {
  Tree tree;
  tree.plan.settings.chains = 3;
  tree.source(Shape{{9, 9}, 4, true, {}, {}, {}});
  const Port tee = tree.add("tee", {});
  tree.end(tee, {}, true, false);
  tree.end({tee.link, 1}, {}, false, false);
  tree.loaded[1].on_write = [&tree](const pipeline::Batch&) -> base::Result<void> {
    if (tree.loaded[1].rows < 20) return {};
    return base::unexpected(base::make_error(base::Status::data_loss, base::Fault::destination, "x.full", "full"));
  };
  Execution execution(tree.plan);
  const auto done = run(execution);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "x.full");
}

TEST_CASE("interrupts at any time end a run over a tree, or come too late") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto tree = random_tree(random);
    Execution execution(tree->plan);
    REQUIRE(execution.open());
    const auto spins = random() % 100'000;
    std::thread other([&] {
      std::atomic<std::uint64_t> spun{0};
      while (spun.fetch_add(1) < spins) continue;
      execution.interrupt();
    });
    const auto done = execution.flow();
    other.join();
    if (done)
      require_all_arrived(*tree);
    else
      REQUIRE(done.error().code == "run.interrupted");
  }
}

}  // namespace weir::run
