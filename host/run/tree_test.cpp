// Execution over trees of links: random ones with routes, tees, links that hold rows back, links of scope run, several loads
// and several sources. Run under ThreadSanitizer too.
#include <algorithm>
#include <deque>
#include <numeric>
#include <random>
#include <thread>
#include <weir_catch.hpp>

#include "run/execution.hpp"
#include "run/fake_plan.hpp"

namespace weir::run {
namespace {

using fake::Loaded;
using fake::Shape;
using Values = std::vector<std::int64_t>;

// A link is what its name begins with: "route" sends even values to its first output and odd ones to its second, "tee" all
// to both, "hold" keeps them until it is flushed, "pass" passes them on, "broken" fails.
struct Link {
  std::string name;
  std::vector<weir::Array> held;
};

bool is(const Link& link, std::string_view what) { return link.name.starts_with(what); }

weir_status create(const weir_context* context, const ArrowSchema* const* inputs, const weir_string*, std::uint64_t,
                   const weir_schema_sink* outputs, void** self, weir_error*) {
  auto* link = new Link{std::string(context->link.data, context->link.length), {}};
  *self = link;
  const bool two = is(*link, "route") || is(*link, "tee");
  if (!two) return outputs->same(outputs, {nullptr, 0}, inputs[0]);
  outputs->same(outputs, {"first", 5}, inputs[0]);
  return outputs->same(outputs, {"second", 6}, inputs[0]);
}

weir_status route(const weir_batch& batch, const weir_next* next) {
  const weir::NumberColumn<std::int64_t> column(*batch.rows.children[0], batch.rows.offset);
  std::vector<std::uint32_t> rows[2];
  for (std::int64_t row = 0; row < batch.rows.length; ++row)
    rows[column[row] % 2].push_back(static_cast<std::uint32_t>(row));
  for (const std::uint64_t output : {0U, 1U}) {
    const auto& chosen = rows[output];
    if (chosen.empty()) continue;  // null would be all
    if (const auto status = next->select(next, output, chosen.data(), chosen.size()); status != WEIR_OK) return status;
  }
  return WEIR_OK;
}

weir_status process(void* self, std::uint64_t, weir_batch* batch, const weir_next* next, weir_error* error) {
  auto& link = *static_cast<Link*>(self);
  if (is(link, "route")) return route(*batch, next);
  if (is(link, "broken")) return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_PLUGIN, "broke");
  if (is(link, "hold")) {
    link.held.emplace_back(&batch->rows);
    return WEIR_OK;
  }
  if (is(link, "tee")) {
    if (const auto status = next->select(next, 1, nullptr, 0); status != WEIR_OK) return status;
  }
  return next->select(next, 0, nullptr, 0);
}

weir_status flush(void* self, std::uint64_t, std::int32_t, const weir_next* next, weir_error*) {
  for (auto& rows : static_cast<Link*>(self)->held) {
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.rows = rows.release();
    if (const weir_status status = next->push(next, 0, &batch); status != WEIR_OK) return status;
  }
  return WEIR_OK;
}

void destroy(void* self) { delete static_cast<Link*>(self); }

weir_status tee_traits(const weir_config*, weir_traits* traits, weir_error*) {
  traits->rows = WEIR_ROWS_MULTIPLY;
  return WEIR_OK;
}

const weir_transformer kLink{sizeof(weir_transformer), nullptr, create, process, destroy, nullptr, nullptr};
const weir_transformer kHoldingLink{sizeof(weir_transformer), nullptr, create, process, destroy, flush, nullptr};

const weir_transformer kTee{sizeof(weir_transformer), tee_traits, create, process, destroy, nullptr, nullptr};

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
    PlannedLink link;
    const auto* const table = name == "hold" ? &kHoldingLink : name == "tee" ? &kTee : &kLink;
    link.component =
        fake::fakes::component(WEIR_KIND_TRANSFORMER, table, name + "-" + std::to_string(plan.links.size()));
    link.traits.scope = scope;
    link.traits.rows = name == "tee" ? WEIR_ROWS_MULTIPLY : WEIR_ROWS_ONCE;
    link.from = from;
    const bool two = name == "route" || name == "tee";
    for (int i = 0; i < (two ? 2 : 1); ++i) link.outputs.push_back(fake::fakes::schema());
    plan.links.push_back(std::move(link));
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

Values values_of(const Shape& shape) {
  Values values;
  for (std::size_t split = 0; split < shape.pieces.size(); ++split) {
    for (std::int64_t piece = 0; piece < shape.pieces[split]; ++piece) {
      for (std::int64_t row = 0; row < shape.rows; ++row)
        values.push_back(static_cast<std::int64_t>(split) * 1'000'000 + piece * 1'000 + row);
    }
  }
  return values;
}

Shape random_shape(std::mt19937& random) {
  Shape shape;
  shape.pieces.resize(random() % 4);
  for (auto& pieces : shape.pieces) pieces = static_cast<std::int64_t>(random() % 9);
  shape.rows = static_cast<std::int64_t>(random() % 6);
  shape.apart = random() % 2 == 0;
  return shape;
}

std::unique_ptr<Tree> random_tree(std::mt19937& random) {
  auto tree = std::make_unique<Tree>();
  tree->plan.settings.chains = 1 + random() % 5;
  tree->plan.settings.budget_bytes = 400;
  tree->plan.settings.validate_full = true;
  Values values;
  for (auto sources = 1 + random() % 2; sources > 0; --sources) {
    const Shape shape = random_shape(random);
    tree->source(shape);
    const Values own = values_of(shape);
    values.insert(values.end(), own.begin(), own.end());
  }
  grow(*tree, random, {}, values, 4, false);
  return tree;
}

// Whatever comes of it.
base::Result<void> run(Execution& execution) {
  WEIR_TRY(execution.open());
  WEIR_TRY(execution.execute());
  WEIR_TRY(execution.prepare(1));
  return execution.ledger().balance();
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
    const auto done = execution.execute();
    other.join();
    if (done)
      require_all_arrived(*tree);
    else
      REQUIRE(done.error().code == "run.interrupted");
  }
}

}  // namespace weir::run
