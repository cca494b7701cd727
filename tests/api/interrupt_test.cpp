// Pipeline::interrupt(): from another thread or from a handler, at each moment of a run, before it and after it.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <weir_catch.hpp>

#include "orders.hpp"

namespace weir::api {
namespace {

using namespace test_orders;

// Calls `act` at the first event of a name, on the run's own thread.
class At : public Heard {
 public:
  At(std::string name, std::function<void()> act) : name_(std::move(name)), act_(std::move(act)) {}
  void handle(const PipelineEvent& event) override {
    Heard::handle(event);
    if (name_ != events::event_name(event.detail)) return;
    name_.clear();
    act_();
  }

 private:
  std::string name_;
  std::function<void()> act_;
};

// Lets another thread wait for a moment of a run.
class Moment {
 public:
  void come() {
    const std::lock_guard lock(mutex_);
    come_ = true;
    changed_.notify_all();
  }
  void await() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return come_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool come_ = false;
};

// More rows than any machine makes in the time that a test may take.
Outcome<Pipeline> endless(const Orders& orders, std::int64_t rows = 1'000'000'000'000) {
  PipelineBuilder builder("endless");
  return builder.folder(orders.folder.path().string())
      .extract("generate", {{"rows", rows}})
      .load("file", {{"path", "out.csv"}})
      .build();
}

constexpr const char* kWhole = "id,country,price\n1,DE,2.5\n3,DE,4.0\n";

void require_interrupted(const RunReport& report) {
  REQUIRE_FALSE(report.succeeded);
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems.front().code == "run.interrupted");
  CHECK(report.exit_code == report.problems.front().exit_code);
  CHECK(report.exit_code != 0);
}

}  // namespace

TEST_CASE("another thread ends a long run, twice, and nothing half is left") {
  const Orders orders;
  auto pipeline = endless(orders);
  REQUIRE(pipeline);
  Moment flowing;
  At heard("rows.moved", [&] { flowing.come(); });
  const auto subscription = pipeline->bus().subscribe(heard);
  std::thread other([&] {
    flowing.await();
    pipeline->interrupt();
    pipeline->interrupt();
  });
  const RunReport report = pipeline->run();
  other.join();
  require_interrupted(report);
  CHECK_FALSE(std::filesystem::exists(orders.path("out.csv")));
  CHECK(heard.first<events::EpochCommitted>() != nullptr);  // what was read is kept
  const auto* failed = heard.first<events::RunFailed>();
  REQUIRE(failed != nullptr);
  CHECK(failed->code == "run.interrupted");
  // It did not end, and another pipeline would go on with it: that is asked for.
  auto short_one = endless(orders, 3);
  REQUIRE(short_one);
  const RunReport refused = short_one->run();
  REQUIRE_FALSE(refused.succeeded);
  CHECK(refused.problems.front().code == "run.changed");
  const RunReport again = short_one->run(true);
  CHECK(again.succeeded);
  CHECK(again.rows_loaded == 3);
  CHECK(orders.files() == std::set<std::string>{"orders.csv", "out.csv"});
}

TEST_CASE("without a run there is nothing to interrupt: the next one goes to its end") {
  const Orders orders;
  auto pipeline = orders.builder().build();
  REQUIRE(pipeline);
  pipeline->interrupt();
  CHECK(pipeline->run().succeeded);
  pipeline->interrupt();
  CHECK(pipeline->run(true).succeeded);
  CHECK(text_of(orders.path("out.csv")) == kWhole);
}

TEST_CASE("an interrupt holds for the run in progress alone") {
  const Orders orders;
  auto pipeline = orders.builder().build();
  REQUIRE(pipeline);
  {
    At heard("run.started", [&] { pipeline->interrupt(); });
    const auto subscription = pipeline->bus().subscribe(heard);
    require_interrupted(pipeline->run());
  }
  CHECK(pipeline->run().succeeded);
}

TEST_CASE("at each moment before the last epoch an interrupt leaves what stood there, and the next run ends it") {
  for (const char* moment : {"run.planned", "run.started", "split.started", "split.read", "rows.moved"}) {
    CAPTURE(moment);
    const Orders orders;
    orders.write("out.csv", "old\n");
    auto pipeline = orders.builder().build();
    REQUIRE(pipeline);
    {
      At heard(moment, [&] { pipeline->interrupt(); });
      const auto subscription = pipeline->bus().subscribe(heard);
      const RunReport report = pipeline->run();
      if (!report.succeeded) require_interrupted(report);  // it may have read all by then
      CHECK(text_of(orders.path("out.csv")) == (report.succeeded ? kWhole : "old\n"));
    }
    CHECK(pipeline->run().succeeded);
    CHECK(text_of(orders.path("out.csv")) == kWhole);
    CHECK(orders.files() == std::set<std::string>{"orders.csv", "out.csv"});
  }
}

TEST_CASE("from the decision on an interrupt comes too late") {
  for (const char* moment : {"epoch.prepared", "epoch.committed", "run.completed"}) {
    CAPTURE(moment);
    const Orders orders;
    auto pipeline = orders.builder().build();
    REQUIRE(pipeline);
    At heard(moment, [&] { pipeline->interrupt(); });
    const auto subscription = pipeline->bus().subscribe(heard);
    CHECK(pipeline->run().succeeded);
    CHECK(text_of(orders.path("out.csv")) == kWhole);
  }
}

TEST_CASE("a plugin that is blocked is told, and the run is said to be interrupted, not the plugin to have failed") {
  const Orders orders;
  ::setenv("WEIR_PLUGIN_PATH", (std::string(PLUGINS) + ":" + BAD_PLUGINS).c_str(), 1);
  PipelineBuilder builder("blocked");
  auto pipeline =
      builder.folder(orders.folder.path().string()).extract("blocks").load("file", {{"path", "out.csv"}}).build();
  if (!pipeline) FAIL(describe(pipeline.problems()));
  Moment started;
  At heard("split.started", [&] { started.come(); });
  const auto subscription = pipeline->bus().subscribe(heard);
  std::thread other([&] {
    started.await();
    pipeline->interrupt();
  });
  const RunReport report = pipeline->run();
  other.join();
  require_interrupted(report);
  CHECK(orders.files() == std::set<std::string>{"orders.csv"});
}

}  // namespace weir::api
