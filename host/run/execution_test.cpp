// Execution: chains, the loader and whoever stops them, over fakes. Run under ThreadSanitizer too.
#include <algorithm>
#include <functional>
#include <new>
#include <random>
#include <stdexcept>
#include <thread>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "run/fake_links.hpp"
#include "run/totals.hpp"

namespace weir::run {
namespace {

using fake::Gate;
using fake::Loaded;
using fake::Shape;

// A plan of fakes, and what arrives.
struct Bench {
  Loaded loaded, rejected;
  Plan plan;

  explicit Bench(Shape shape, bool ordered = true, std::size_t chains = 4) {
    plan.settings.chains = chains;
    plan.settings.budget_bytes = 400;
    plan.settings.validate_full = true;
    plan.sources.push_back(std::make_unique<fake::Source>(std::move(shape)));
    plan.loads.push_back(std::make_unique<fake::Load>(loaded, ordered, true));
    plan.ends.push_back({{0, 0}, {}});
  }
  // Adds a link in front of the load.
  void add(const std::string& name, std::int32_t scope = WEIR_SCOPE_CHAIN) {
    plan.links.push_back(fake::planned(name, plan.ends[0].from, scope));
    plan.ends[0].from = {plan.links.size() - 1, 0};
  }
  void keep_rejects() {
    plan.reject = LoadInput{plan.loads.size(), 0};
    plan.loads.push_back(std::make_unique<fake::Load>(rejected, false, false));
  }
  base::Result<void> run() {
    Execution execution(plan);
    return fake::run(execution);
  }
};

}  // namespace

TEST_CASE("every row arrives once, in order where the loader needs it, and the ledger balances") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const Shape shape = fake::random_shape(random);
    const bool ordered = random() % 2 == 0;
    Bench bench(shape, ordered, 1 + random() % 8);
    if (random() % 2 == 0) bench.add("pass");
    const bool gathered = random() % 2 == 0;
    if (gathered) bench.add("pass", WEIR_SCOPE_RUN);
    const auto done = bench.run();
    REQUIRE(done);
    if (!ordered && !gathered) std::sort(bench.loaded.values.begin(), bench.loaded.values.end());
    REQUIRE(bench.loaded.values == fake::values_of(shape));
  }
}

TEST_CASE("rejects go to their sink, from chains and from behind the gather") {
  for (const auto scope : {WEIR_SCOPE_CHAIN, WEIR_SCOPE_RUN}) {
    Bench bench(Shape{{5, 7, 2}, 4, true, {}, {}, {}});
    bench.add("odd", scope);
    bench.keep_rejects();
    REQUIRE(bench.run());
    CHECK(bench.loaded.rows == 28);
    CHECK(bench.rejected.rows == 28);
    CHECK(std::all_of(bench.loaded.values.begin(), bench.loaded.values.end(), [](auto n) { return n % 2 == 0; }));
  }
}

TEST_CASE("a reject that nobody keeps fails the run, with its reason") {
  Bench bench(Shape{{5}, 4, true, {}, {}, {}});
  bench.add("odd");
  const auto done = bench.run();
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "data.rejected");
  CHECK(done.error().link == "odd");
}

TEST_CASE("what links held back follows at the end") {
  for (const auto scope : {WEIR_SCOPE_CHAIN, WEIR_SCOPE_RUN}) {
    const Shape shape{{6, 6}, 3, false, {}, {}, {}};
    Bench bench(shape);
    bench.add("hold", scope);
    REQUIRE(bench.run());
    std::sort(bench.loaded.values.begin(), bench.loaded.values.end());
    CHECK(bench.loaded.values == fake::values_of(shape));
  }
}

TEST_CASE("the failure of a reader, a link or the loader ends the run and is the run's error") {
  Shape shape{{20, 20, 20}, 3, true, {}, {}, {}};
  SECTION("reader") {
    shape.on_read = [](std::size_t split, std::int64_t piece) -> base::Result<void> {
      if (split != 1 || piece != 3) return {};
      return base::unexpected(base::make_error(base::Status::data_loss, base::Fault::source, "x.read", "lost"));
    };
    for (int i = 0; i < 20; ++i) {
      Bench bench(shape);
      const auto done = bench.run();
      REQUIRE_FALSE(done);
      REQUIRE(done.error().code == "x.read");
    }
  }
  SECTION("reader, before the last rows: what is held back is not flushed") {
    shape = Shape{{1}, 3, true, {}, {}, {}};
    shape.on_read = [](std::size_t, std::int64_t piece) -> base::Result<void> {
      if (piece == 0) return {};
      return base::unexpected(base::make_error(base::Status::data_loss, base::Fault::source, "x.read", "lost"));
    };
    for (int i = 0; i < 50; ++i) {
      Bench bench(shape);
      bench.add("hold", WEIR_SCOPE_RUN);
      REQUIRE_FALSE(bench.run());
      REQUIRE(bench.loaded.values.empty());
    }
  }
  SECTION("link") {
    Bench bench(shape);
    bench.add("broken");
    const auto done = bench.run();
    REQUIRE_FALSE(done);
    CHECK_THAT(done.error().message, test::Contains("broke"));
    CHECK(done.error().link == "broken");
  }
  SECTION("link that loses rows") {
    Bench bench(shape);
    bench.add("lossy");
    const auto done = bench.run();
    REQUIRE_FALSE(done);
    CHECK(done.error().code == "plugin.unbalanced");
  }
  SECTION("loader") {
    Bench bench(shape);
    bench.loaded.on_write = [&bench](const pipeline::Batch&) -> base::Result<void> {
      if (bench.loaded.rows < 30) return {};
      return base::unexpected(base::make_error(base::Status::data_loss, base::Fault::destination, "x.full", "full"));
    };
    const auto done = bench.run();
    REQUIRE_FALSE(done);
    CHECK(done.error().code == "x.full");
    CHECK(bench.loaded.rows == 30);
  }
}

TEST_CASE("an exception in the host ends the run with an error") {
  Shape shape{{20, 20}, 3, true, {}, {}, {}};
  SECTION("no memory") {
    shape.on_read = [](std::size_t, std::int64_t piece) -> base::Result<void> {
      if (piece == 2) throw std::bad_alloc();
      return {};
    };
    Bench bench(shape);
    const auto done = bench.run();
    REQUIRE_FALSE(done);
    CHECK(done.error().code == "run.out_of_memory");
  }
  SECTION("any other") {
    Bench bench(shape);
    bench.loaded.on_write = [](const pipeline::Batch&) -> base::Result<void> { throw std::runtime_error("odd"); };
    const auto done = bench.run();
    REQUIRE_FALSE(done);
    CHECK(done.error().code == "run.exception");
  }
}

TEST_CASE("an interrupt ends a reader that waits") {
  Gate gate;
  Shape shape{{3, 3}, 3, false, {}, {}, {}};
  shape.on_read = [&gate](std::size_t, std::int64_t piece) -> base::Result<void> {
    if (piece < 2) return {};
    gate.wait();
    return base::unexpected(fake::cancelled());
  };
  shape.on_cancel = [&gate] { gate.open(); };
  Bench bench(shape);
  Execution execution(bench.plan);
  REQUIRE(execution.open());
  std::thread other([&] {
    gate.await_waiters(1);
    execution.interrupt();
  });
  const auto done = execution.flow();
  other.join();
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "run.interrupted");
}

TEST_CASE("an interrupt ends a loader that waits") {
  Gate gate;
  Bench bench(Shape{{9, 9}, 3, true, {}, {}, {}});
  bench.loaded.on_write = [&gate](const pipeline::Batch&) -> base::Result<void> {
    gate.wait();
    return base::unexpected(fake::cancelled());
  };
  bench.loaded.on_cancel = [&gate] { gate.open(); };
  Execution execution(bench.plan);
  REQUIRE(execution.open());
  std::thread other([&] {
    gate.await_waiters(1);
    execution.interrupt();
  });
  const auto done = execution.flow();
  other.join();
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "run.interrupted");
}

TEST_CASE("an interrupt while a split is being opened ends the run: its reader is not asked") {
  Execution* execution = nullptr;
  bool asked = false;
  Shape shape{{3}, 3, true, {}, {}, {}};
  shape.on_open = [&](std::size_t) { execution->interrupt(); };
  shape.on_read = [&](std::size_t, std::int64_t) -> base::Result<void> {
    asked = true;
    return {};
  };
  Bench bench(shape);
  std::atomic<bool> cancelled{false};
  bench.plan.cancelled = &cancelled;
  Execution made(bench.plan);
  execution = &made;
  REQUIRE(made.open());
  const auto done = made.flow();
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "run.interrupted");
  CHECK_FALSE(asked);
  CHECK(cancelled);
}

TEST_CASE("interrupts at any time end the run, or come too late") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    std::mt19937 random(seed);
    Bench bench(Shape{{10, 10, 10}, 2, random() % 2 == 0, {}, {}, {}}, random() % 2 == 0, 1 + random() % 6);
    bench.add("hold");
    Execution execution(bench.plan);
    REQUIRE(execution.open());
    const auto spins = random() % 200'000;
    std::thread other([&] {
      std::atomic<std::uint64_t> spun{0};
      while (spun.fetch_add(1) < spins) continue;
      execution.interrupt();
    });
    const auto done = execution.flow();
    other.join();
    if (done)
      REQUIRE(bench.loaded.rows == 60);
    else
      REQUIRE(done.error().code == "run.interrupted");
  }
}

TEST_CASE("sources that wait in all chains don't keep the loader from a thread") {
  Gate gate;
  Shape shape{{1, 1, 1, 1, 1, 1}, 3, false, {}, {}, {}};
  shape.on_read = [&gate](std::size_t split, std::int64_t) -> base::Result<void> {
    if (split != 0) gate.wait();
    return {};
  };
  Bench bench(shape, false, 5);
  bench.plan.settings.budget_bytes = 10'000;  // so that all chains read at once
  // The loader writes its first rows while all five chains wait: only that lets them go on.
  bench.loaded.on_write = [&gate](const pipeline::Batch&) -> base::Result<void> {
    gate.await_waiters(5);
    gate.open();
    return {};
  };
  REQUIRE(bench.run());
  CHECK(bench.loaded.rows == 18);
}

TEST_CASE("a link that can be there only so often makes as many chains") {
  Bench bench(Shape{{8, 8}, 3, true, {}, {}, {}}, true, 8);
  bench.add("pass");
  bench.plan.links[0].traits.max_instances = 1;
  REQUIRE(bench.run());
  CHECK(bench.loaded.rows == 48);
}

TEST_CASE("what ends a run from without or behind is told as the golden file says") {
  weir::test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "messages.txt");
  const auto run = [&](const char* title, const std::function<void(Execution&)>& meanwhile) {
    Execution* running = nullptr;
    Bench bench(Shape{{3, 3}, 3, true, {}, {}, {}});
    bench.loaded.on_write = [&](const pipeline::Batch&) -> base::Result<void> {
      meanwhile(*running);
      return {};
    };
    Execution execution(bench.plan);
    running = &execution;
    REQUIRE(execution.open());
    told.tell_failure(title, execution.flow());
  };
  run("an interrupt", [](Execution& execution) { execution.interrupt(); });
  run("no memory", [](Execution&) { throw std::bad_alloc(); });
  run("an exception", [](Execution&) { throw std::runtime_error("oops"); });
  run("an exception of another kind", [](Execution&) { throw 5; });
  told.tell_failure("counts of a checkpoint that are none", totals_of("garbage"));
  told.end();
}

}  // namespace weir::run
