#include <weir/events/bus.hpp>

#include <stdexcept>
#include <thread>
#include <weir_catch.hpp>

namespace weir::events {
namespace {

struct Heard : EventHandler {
  std::vector<PipelineEvent> events;
  void handle(const PipelineEvent& event) override { events.push_back(event); }
};

PipelineEvent split(const std::string& name) { return {"p", "r", 1, SplitStarted{name}}; }

}  // namespace

TEST_CASE("every handler hears every event, until its subscription ends") {
  EventBus bus;
  Heard first, second;
  CHECK_FALSE(bus.heard());
  auto one = bus.subscribe(first);
  {
    const auto two = bus.subscribe(second);
    bus.publish(split("a"));
  }
  bus.publish(split("b"));
  REQUIRE(first.events.size() == 2);
  CHECK(std::get<SplitStarted>(first.events[1].detail).split == "b");
  CHECK(second.events.size() == 1);
  one = {};
  CHECK_FALSE(bus.heard());
}

TEST_CASE("a handler that throws harms nobody") {
  struct Throws : EventHandler {
    void handle(const PipelineEvent&) override { throw std::runtime_error("no"); }
  } throws;
  EventBus bus;
  Heard heard;
  const auto one = bus.subscribe(throws);
  const auto two = bus.subscribe(heard);
  bus.publish(split("a"));
  CHECK(heard.events.size() == 1);
}

TEST_CASE("a shared handler lives as long as the bus, a subscription may outlive it") {
  auto heard = std::make_shared<Heard>();
  Heard lent;
  EventBus::Subscription subscription;
  {
    EventBus bus;
    subscription = bus.subscribe(lent);
    bus.subscribe(heard);
    CHECK(heard.use_count() == 2);
    bus.publish(split("a"));
  }
  CHECK(heard.use_count() == 1);
  CHECK(heard->events.size() == 1);
}

TEST_CASE("handlers are called one at a time, from whichever threads") {
  EventBus bus;
  Heard heard;  // not made for several threads
  const auto subscription = bus.subscribe(heard);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&bus] {
      for (int j = 0; j < 1000; ++j) bus.publish(split("x"));
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(heard.events.size() == 4000);
}

TEST_CASE("every event has a name of its own") {
  CHECK(event_name(RunStarted{}) == std::string("run.started"));
  CHECK(event_name(EpochAborted{}) == std::string("epoch.aborted"));
}

}  // namespace weir::events
