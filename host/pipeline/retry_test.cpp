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

}  // namespace weir::pipeline
