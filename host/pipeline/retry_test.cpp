#include "pipeline/retry.hpp"

#include <weir_catch.hpp>

#include "pipeline/fake_parts.hpp"

namespace weir::pipeline {
namespace {

// Calls a function that fails `failures` times; gives how often it was called.
struct Calls {
  int calls = 0;
  std::vector<std::int64_t> waited;
  base::Result<void> run(weir_status status, int failures, bool may_repeat = true, std::int64_t retry_after_ns = 0) {
    const auto component = fake::component(WEIR_KIND_LOADER, nullptr, "l");
    component->wait = [this](std::int64_t ns) {
      waited.push_back(ns);
      return true;
    };
    return component->call(
        "write",
        [&](weir_error* error) {
          if (calls++ >= failures) return static_cast<weir_status>(WEIR_OK);
          error->retry_after_ns = retry_after_ns;
          return weir_fail(error, status, WEIR_FAULT_DESTINATION, "busy");
        },
        [&] { return may_repeat; });
  }
};

}  // namespace

TEST_CASE("a call that took no effect is repeated, any other is not") {
  Calls busy, full, broken;
  CHECK(busy.run(WEIR_UNAVAILABLE, 3));
  CHECK(busy.calls == 4);
  CHECK(full.run(WEIR_RESOURCE_EXHAUSTED, 1));
  CHECK(full.calls == 2);
  CHECK_FALSE(broken.run(WEIR_ABORTED, 1));
  CHECK(broken.calls == 1);
}

TEST_CASE("a call that passed something on is not repeated") {
  Calls calls;
  CHECK_FALSE(calls.run(WEIR_UNAVAILABLE, 1, false));
  CHECK(calls.calls == 1);
  CHECK(calls.waited.empty());
}

TEST_CASE("repeating ends, with the plugin's own error") {
  Calls calls;
  const auto done = calls.run(WEIR_UNAVAILABLE, 1000);
  REQUIRE_FALSE(done);
  CHECK(done.error().message == "busy");
  CHECK(calls.calls == static_cast<int>(Retrying{}.attempts));
}

TEST_CASE("delays double, are never longer than that, and not shorter than was asked for") {
  for (std::uint32_t seed = 1; seed < 200; ++seed) {
    const Retrying retrying{7, 100, 1000, 1};
    Backoff backoff(retrying, seed), asked(retrying, seed);
    for (const std::int64_t most : {100, 200, 400, 800, 1000, 1000}) {
      const auto delay = backoff.next(WEIR_UNAVAILABLE, 0, 0);
      REQUIRE(delay);
      CHECK(*delay >= 0);
      CHECK(*delay <= most);
      CHECK(*asked.next(WEIR_UNAVAILABLE, 1000, 0) >= 1000);
    }
    CHECK_FALSE(backoff.next(WEIR_UNAVAILABLE, 0, 0));
  }
}

TEST_CASE("the delays before an epoch begins again are bounded by twice as much each time, however many") {
  Backoff backoff({2, 100, 1000, 1}, 7);
  for (const std::int64_t most : {100, 200, 400, 800, 1000, 1000}) {
    const std::int64_t delay = backoff.delay();
    CHECK(delay >= 0);
    CHECK(delay <= most);
  }
}

TEST_CASE("a delay longer than anyone waits for is final") {
  Calls calls;
  CHECK_FALSE(calls.run(WEIR_UNAVAILABLE, 1, true, Retrying{}.max_ns + 1));
  CHECK(calls.calls == 1);
}

TEST_CASE("a call that took long by itself has waited for its repeats too") {
  const Retrying retrying{2, 100, 1000, 5000};
  CHECK(Backoff(retrying, 1).next(WEIR_UNAVAILABLE, 0, 4999));
  CHECK_FALSE(Backoff(retrying, 1).next(WEIR_UNAVAILABLE, 0, 5000));
  CHECK(Backoff(retrying, 1).next(WEIR_UNAVAILABLE, 1000, 5000));  // that long it was asked to
}

TEST_CASE("who is told to stop does not wait") {
  std::atomic<bool> cancelled{true};
  plugins::HostServices services;
  services.cancelled = &cancelled;
  const plugins::HostTable host(services, "l", "p");
  CHECK_FALSE(wait_on_thread(INT64_MAX, host.get()));
}

TEST_CASE("the sets of what may come after a failure are apart") {
  CHECK(again_after(WEIR_UNAVAILABLE) == Again::call);
  CHECK(again_after(WEIR_RESOURCE_EXHAUSTED) == Again::call);
  CHECK(again_after(WEIR_ABORTED) == Again::epoch);
  CHECK(again_after(WEIR_DEADLINE_EXCEEDED) == Again::if_undone);
  CHECK(again_after(WEIR_UNKNOWN) == Again::if_undone);
  for (const weir_status status :
       {WEIR_CANCELLED, WEIR_INVALID_ARGUMENT, WEIR_NOT_FOUND, WEIR_DATA_LOSS, WEIR_INTERNAL})
    CHECK(again_after(status) == Again::no);
}

TEST_CASE("delays are spread over all of their range, and the same for the same seed") {
  const Retrying retrying{2, 1'000'000, 1'000'000, 1};
  int low = 0, high = 0;
  for (std::uint32_t seed = 1; seed <= 1000; ++seed) {
    const auto delay = Backoff(retrying, seed * 7919).next(WEIR_UNAVAILABLE, 0, 0);
    REQUIRE(delay);
    CHECK(*delay == *Backoff(retrying, seed * 7919).next(WEIR_UNAVAILABLE, 0, 0));
    low += *delay < 250'000 ? 1 : 0;
    high += *delay >= 750'000 ? 1 : 0;
  }
  CHECK(low > 150);
  CHECK(high > 150);
}

TEST_CASE("a run repeats as often as its budget says, and once more for ten calls that went well") {
  RetryBudget budget(2);
  CHECK(budget.take());
  CHECK(budget.take());
  CHECK_FALSE(budget.take());
  for (int i = 0; i < 9; ++i) budget.went_well();
  CHECK_FALSE(budget.take());
  budget.went_well();
  CHECK(budget.take());
  for (int i = 0; i < 1000; ++i) budget.went_well();
  CHECK(budget.take());
  CHECK(budget.take());
  CHECK_FALSE(budget.take());
}

TEST_CASE("without budget a call that may be repeated fails, and says so") {
  const auto component = fake::component(WEIR_KIND_LOADER, nullptr, "l");
  component->retries = std::make_shared<Retries>(1, BreakerSettings{});
  component->wait = [](std::int64_t) { return true; };
  int calls = 0;
  const auto done = component->call("write", [&](weir_error* error) {
    ++calls;
    return weir_fail(error, WEIR_UNAVAILABLE, WEIR_FAULT_DESTINATION, "busy");
  });
  REQUIRE_FALSE(done);
  CHECK(calls == 2);
  CHECK(done.error().message == "busy");
  CHECK(done.error().hint.find("the 1 repeats that it may make") != std::string::npos);
}

TEST_CASE("calls of one connection wait while it does not answer, and that is told") {
  const auto retries = std::make_shared<Retries>(100, BreakerSettings{2, 40'000'000'000});
  std::vector<std::string> told;
  retries->tell = [&](const events::EventDetail& detail) { told.emplace_back(events::event_name(detail)); };
  std::vector<std::int64_t> waits;
  bool answers = false;
  int calls = 0;
  const auto made = [&] {
    auto component = fake::component(WEIR_KIND_LOADER, nullptr, "l");
    component->retries = retries;
    component->breaker = retries->breaker_of("shop");
    component->retrying.attempts = 2;
    component->wait = [&](std::int64_t ns) {
      waits.push_back(ns);
      answers = ns > 30'000'000'000;
      return ns < 30'000'000'000;  // nobody waits that long in a test: it is as if the run were told to stop
    };
    return component;
  };
  const auto one = made(), other = made();
  const auto call = [&](const auto& component) {
    return component->call("write", [&](weir_error* error) {
      ++calls;
      return answers ? WEIR_OK : weir_fail(error, WEIR_UNAVAILABLE, WEIR_FAULT_DESTINATION, "no answer");
    });
  };
  CHECK_FALSE(call(one));
  CHECK(calls == 2);
  CHECK(told == std::vector<std::string>{"connection.paused"});
  CHECK_FALSE(call(other));
  CHECK(calls == 2);  // nothing goes out
  CHECK(waits.back() > 30'000'000'000);
}

}  // namespace weir::pipeline
