// Many epochs: what stands at a cut is a beginning of each split, and another process goes on right behind it.
#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <weir_catch.hpp>

#include "run/fake_links.hpp"
#include "run/totals.hpp"

namespace weir::run {
namespace {

using fake::Loaded;
using fake::Shape;

// A plan over `shape`; its loads tell `loaded`.
struct EpochBench {
  Loaded loaded, rejected;
  Plan plan;

  EpochBench(const Shape& shape, bool ordered, std::size_t chains, std::uint64_t epoch_rows) {
    plan.settings.chains = chains;
    plan.settings.budget_bytes = 400;
    plan.settings.checkpoint = {INT64_MAX, epoch_rows, UINT64_MAX};
    plan.sources.push_back(std::make_unique<fake::Source>(shape));
    plan.links.push_back(fake::planned("odd", {}));
    plan.links.push_back(fake::planned("hold", {std::size_t{0}, 0}));
    plan.loads.push_back(std::make_unique<fake::Load>(loaded, ordered, true));
    plan.ends.push_back({{0, 0}, {std::size_t{1}, 0}});
    plan.reject = LoadInput{1, 0};
    plan.loads.push_back(std::make_unique<fake::Load>(rejected, false, false, "rejects"));
  }
  // The last link holds all values, in each chain and behind them.
  void sum_up() { plan.links[1] = fake::planned("parts", {std::size_t{0}, 0}); }
  // The last link passes the first of each key in the order of the source.
  void remember() {
    plan.links[1] = fake::planned("state", {std::size_t{0}, 0});
    plan.links[1].traits.ordered = 1;
  }
};

// What an epoch's end makes of what was before it.
void go_on(Standing& standing, const Cut& cut, std::uint64_t epoch) {
  standing.epoch = epoch;
  standing.finished.insert(standing.finished.end(), cut.finished.begin(), cut.finished.end());
  standing.open = cut.open;
  standing.reached = cut.reached;
  standing.totals = cut.totals;
  for (const auto& [link, load] : cut.prepared) standing.resume[link] = load.resume;
  for (const auto& [link, changes] : cut.state) {
    for (const auto& change : changes) {
      auto& items = standing.state[link];
      std::erase_if(items, [&](const auto& item) { return item.key == change.key; });
      if (change.value) items.push_back({change.key, *change.value});
    }
  }
}

// Lets a run die at random barriers, and others go on, to its end; what was written behind the last cut is lost.
struct EpochStory {
  Standing standing;
  std::vector<std::int64_t> values;
  integrity::Ledger ledger;
  int lives = 0;
  bool remembers = false;  // a link does
  bool sums_up = false;

  void live(const Shape& shape, bool ordered, std::size_t chains, std::mt19937& random) {
    for (bool ended = false; !ended; ++lives) {
      EpochBench bench(shape, ordered, chains, 1 + random() % 20);
      if (remembers) bench.remember();
      if (sums_up) bench.sum_up();
      Execution execution(bench.plan, standing);
      REQUIRE(execution.open());
      REQUIRE_FALSE(execution.one_epoch());
      for (std::uint64_t barriers = random() % 4; !ended;) {
        const auto flowed = execution.flow();
        REQUIRE(flowed);
        if (barriers-- == 0 && lives < 40) break;  // killed before it was prepared
        ended = *flowed == Flowed::end;
        const auto cut = execution.cut(standing.epoch + 1, ended);
        REQUIRE(cut);
        ledger = execution.ledger();
        go_on(standing, *cut, standing.epoch + 1);
        values.insert(values.end(), bench.loaded.values.begin(), bench.loaded.values.end());
        bench.loaded.values.clear();
      }
      execution.close_writers();
    }
  }
};

}  // namespace

TEST_CASE("however often a run dies, every row arrives once, and the ledger is that of one that did not") {
  int lives = 0;
  for (std::uint32_t seed = 1; seed <= 80; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const Shape shape = fake::random_shape(random);
    const bool ordered = random() % 2 == 0;
    EpochStory story;
    story.live(shape, ordered, 1 + random() % 4, random);
    lives += story.lives;
    std::vector<std::int64_t> expected = fake::values_of(shape);
    const auto all = expected.size();
    expected.erase(std::remove_if(expected.begin(), expected.end(), [](auto n) { return n % 2 != 0; }), expected.end());
    if (!ordered) std::sort(story.values.begin(), story.values.end());
    REQUIRE(story.values == expected);
    REQUIRE(story.ledger.balance());
    REQUIRE(story.ledger.extracted() == all);
    REQUIRE(story.ledger.loaded() == expected.size());
    REQUIRE(story.ledger.rejected() == all - expected.size());
    REQUIRE(story.ledger.confirmed() == static_cast<std::int64_t>(expected.size()));
    const auto pieces = std::accumulate(shape.pieces.begin(), shape.pieces.end(), std::int64_t{0});
    REQUIRE(story.ledger.lines.front().account.bytes == static_cast<std::uint64_t>(pieces) * 10);
    REQUIRE(story.standing.finished.size() == shape.pieces.size());
    REQUIRE(story.standing.open.empty());
  }
  CHECK(lives > 150);
}

TEST_CASE("however often a run dies, a link knows what it knew at the last cut") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const Shape shape = fake::random_shape(random);
    EpochStory story;
    story.remembers = true;
    story.live(shape, true, 1 + random() % 4, random);
    std::vector<std::int64_t> expected;
    std::set<std::int64_t> keys;
    for (const std::int64_t value : fake::values_of(shape)) {
      if (value % 2 == 0 && keys.insert(fake::key_of(value)).second) expected.push_back(value);
    }
    REQUIRE(story.values == expected);
    REQUIRE(story.ledger.balance());
  }
}

TEST_CASE("however often a run dies, what chains hold of a link is merged once, and in the order of the rows") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const Shape shape = fake::random_shape(random);
    const std::size_t chains = 1 + random() % 4;
    fake::merges = 0;
    EpochStory story;
    story.sums_up = true;
    story.live(shape, false, chains, random);
    std::vector<std::int64_t> expected = fake::values_of(shape);
    std::erase_if(expected, [](auto n) { return n % 2 != 0; });
    REQUIRE(story.values == expected);
    REQUIRE(story.ledger.balance());
    REQUIRE(story.ledger.loaded() == expected.size());
    if (story.lives == 1) REQUIRE((fake::merges > 0) == (chains > 1 && !expected.empty()));
  }
}

TEST_CASE("writers go on with what the epoch before told them") {
  EpochBench bench(Shape{{4}, 2, true, {}, {}, {}}, true, 1, 1);
  bench.plan.identity.epoch = 3;
  Standing standing;
  standing.epoch = 2;
  standing.resume["load"] = "behind epoch 2";
  Execution execution(bench.plan, standing);
  REQUIRE(execution.open());
  CHECK(bench.loaded.steps == std::vector<std::string>{"open behind epoch 2"});
}

TEST_CASE("a run of which something can't be gone on with is one epoch, and says why") {
  SECTION("a file that ends with its epoch") {
    EpochBench bench(Shape{{9}, 2, true, {}, {}, {}}, true, 1, 1);
    bench.rejected.whole = true;
    Execution execution(bench.plan);
    REQUIRE(execution.open());
    const auto why = execution.one_epoch();
    REQUIRE(why);
    CHECK(why->link == "rejects");
    CHECK(why->reason == "what it writes ends with its epoch");
    const auto flowed = execution.flow();
    REQUIRE(flowed);
    CHECK(*flowed == Flowed::end);
  }
  SECTION("a link that needs all rows, but for one whose state is kept") {
    EpochBench bench(Shape{{9}, 2, true, {}, {}, {}}, true, 1, 1);
    bench.plan.links[1].traits.scope = WEIR_SCOPE_RUN;
    {
      Execution execution(bench.plan);
      REQUIRE(execution.open());
      const auto why = execution.one_epoch();
      REQUIRE(why);
      CHECK(why->link == "hold");
    }
    bench.remember();
    bench.plan.links[1].traits.scope = WEIR_SCOPE_RUN;
    Execution execution(bench.plan);
    REQUIRE(execution.open());
    CHECK_FALSE(execution.one_epoch());
  }
}

TEST_CASE("an epoch ends by its time though nothing more comes, and what comes later is of the next") {
  fake::Gate gate;
  Shape shape{{4}, 2, true, {}, {}, {}};
  shape.on_read = [&gate](std::size_t, std::int64_t piece) -> base::Result<void> {
    if (piece == 2) gate.wait();
    return {};
  };
  EpochBench bench(shape, true, 1, UINT64_MAX);
  bench.plan.settings.checkpoint.every_ns = 20'000'000;
  Execution execution(bench.plan);
  REQUIRE(execution.open());
  const auto flowed = execution.flow();
  REQUIRE(flowed);
  CHECK(*flowed == Flowed::barrier);
  REQUIRE(execution.cut(1, false));
  CHECK(bench.loaded.values.size() == 2);  // the even ones
  gate.open();
  for (std::uint64_t epoch = 2;; ++epoch) {
    const auto more = execution.flow();
    REQUIRE(more);
    REQUIRE(execution.cut(epoch, *more == Flowed::end));
    if (*more == Flowed::end) break;
  }
  CHECK(bench.loaded.values.size() == 4);
}

TEST_CASE("one that is drained ends with what was read, and the next goes on behind it") {
  for (int i = 0; i < 30; ++i) {
    Shape shape{{20, 20}, 2, i % 2 == 0, {}, {}, {}};
    std::atomic<int> reads = 0;
    std::atomic<Execution*> running = nullptr;
    shape.on_read = [&](std::size_t, std::int64_t) -> base::Result<void> {
      if (++reads == 12 && running.load() != nullptr) running.load()->drain();
      return {};
    };
    EpochBench bench(shape, true, 2, UINT64_MAX);
    Execution execution(bench.plan);
    REQUIRE(execution.open());
    running = &execution;
    const auto flowed = execution.flow();
    running = nullptr;
    REQUIRE(flowed);
    REQUIRE(*flowed == Flowed::drained);
    const auto cut = execution.cut(1, false);
    REQUIRE(cut);
    REQUIRE(execution.ledger().balance());
    Standing standing;
    go_on(standing, *cut, 1);
    std::mt19937 random(static_cast<std::uint32_t>(i));
    EpochStory story;
    story.standing = standing;
    story.values = bench.loaded.values;
    story.live(shape, true, 2, random);
    std::vector<std::int64_t> expected = fake::values_of(shape);
    std::erase_if(expected, [](auto n) { return n % 2 != 0; });
    REQUIRE(story.values == expected);
  }
}

TEST_CASE("a failure at a barrier's back is told by the next flow") {
  Shape shape{{30}, 2, true, {}, {}, {}};
  shape.on_read = [](std::size_t, std::int64_t piece) -> base::Result<void> {
    if (piece < 25) return {};
    return base::unexpected(base::make_error(base::Status::data_loss, base::Fault::source, "x.read", "lost"));
  };
  EpochBench bench(shape, true, 2, 4);
  Execution execution(bench.plan);
  REQUIRE(execution.open());
  std::uint64_t epochs = 0;
  for (;;) {
    const auto flowed = execution.flow();
    if (!flowed) {
      CHECK(flowed.error().code == "x.read");
      break;
    }
    REQUIRE(*flowed == Flowed::barrier);
    REQUIRE(execution.cut(++epochs, false));
  }
  CHECK(epochs > 3);
}

TEST_CASE("what was counted comes back from its text") {
  Totals totals;
  integrity::Account account;
  account.rows_in = 5;
  account.leave(1, 3);
  account.bytes = 7;
  account.digest = integrity::Digest{5, 9};
  account.dropped.add("where", 1);
  account.rejected.add("not an integer \xff", 1);
  totals.sources = {account, {}};
  totals.links = {account};
  totals.ends = {{}};
  totals.confirmed = {-1};
  const auto back = totals_of(text_of(totals));
  REQUIRE(back);
  CHECK(text_of(*back) == text_of(totals));
  CHECK(back->sources[0].left_by(1) == 3);
  CHECK(back->confirmed == totals.confirmed);
  CHECK(back->sources[0].digest == totals.sources[0].digest);
  for (const char* text : {"", "{}", "[]", R"({"sources":[{"in":-1}],"links":[],"ends":[],"confirmed":[]})"}) {
    CAPTURE(text);
    const auto bad = totals_of(text);
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code == "state.damaged");
  }
}

}  // namespace weir::run
