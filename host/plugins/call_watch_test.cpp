#include "plugins/call_watch.hpp"

#include <weir_catch.hpp>

#include "plugins/guard.hpp"

namespace weir::plugins {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNever = CallLimits::kNever;

// A watch whose time is told by the test, and what it did.
struct Watched {
  std::int64_t time = 1000 * kSecond;
  std::vector<Stall> stalls;
  std::vector<std::int64_t> moved_on;
  std::vector<base::Error> given_up;
  std::atomic<bool> gave_up{false};
  CallWatch watch;

  explicit Watched(CallLimits limits)
      : watch(limits,
              {[this](const Stall& stall) { stalls.push_back(stall); },
               [this](std::int64_t still_ns) { moved_on.push_back(still_ns); },
               [this](base::Error error) {
                 given_up.push_back(std::move(error));
                 gave_up = true;
               }},
              [this] { return time; }) {}

  // Lets time pass, and looks; gives how long it then would sleep.
  std::int64_t after(std::int64_t seconds) {
    time += seconds * kSecond;
    const std::int64_t next = watch.look();
    return next == kNever ? kNever : (next - time) / kSecond;
  }
};

// A call of "read" in "orders".
struct Reading {
  Culprit culprit{"csv", "orders", "read"};
  CallTerms terms;
  RunningCall call;
  explicit Reading(Watched& watched, std::function<void()> cancel = {}, bool may_wait = false)
      : terms{&watched.watch, std::move(cancel), may_wait}, call(culprit, terms) {}
};

const CallLimits kFive{5 * kSecond, 2 * kSecond, kNever, kNever};

}  // namespace

TEST_CASE("a call that returns in time is left alone") {
  Watched watched(kFive);
  bool cancelled = false;
  Reading reading(watched, [&] { cancelled = true; });
  CHECK(watched.after(4) == 1);
  CHECK(reading.call.end(true) == CallEnd::in_time);
  CHECK(watched.after(100) == 5);
  CHECK_FALSE(cancelled);
}

TEST_CASE("a call that is late is cancelled, has failed, and is not given up once it has returned") {
  Watched watched(kFive);
  std::atomic<bool> cancelled = false;
  Reading reading(watched, [&] { cancelled = true; });
  CHECK_FALSE(RunningCall::told_to_stop());
  CHECK(watched.after(5) == 2);
  CHECK(RunningCall::told_to_stop());
  CHECK(reading.call.end(true) == CallEnd::late);
  CHECK(cancelled);
  watched.after(100);
  CHECK(watched.given_up.empty());
}

TEST_CASE("what is handed over gives a call its whole time again") {
  Watched watched(kFive);
  Reading reading(watched);
  watched.after(4);
  RunningCall::handed_over();
  CHECK(watched.after(4) == 1);
  CHECK(reading.call.end(true) == CallEnd::in_time);
}

TEST_CASE("a call stands still while another is made within it, and is not blamed for it") {
  Watched watched(kFive);
  Reading outer(watched);
  {
    Reading inner(watched);
    watched.after(4);
    CHECK(inner.call.end(true) == CallEnd::in_time);
  }
  watched.after(4);
  std::atomic<int> cancelled = 0;
  {
    Reading inner(watched, [&] { ++cancelled; });
    watched.after(5);
    CHECK(inner.call.end(true) == CallEnd::late);
  }
  CHECK(cancelled == 1);
  CHECK(outer.call.end(true) == CallEnd::in_time);
}

TEST_CASE("a call that may wait has no deadline, unless one is asked for") {
  CallLimits limits = kFive;
  Watched spared(limits);
  Reading patient(spared, {}, true);
  spared.after(1000);
  CHECK(patient.call.end(true) == CallEnd::in_time);
  limits.spare_waiting = false;
  Watched strict(limits);
  Reading late(strict, {}, true);
  strict.after(5);
  CHECK(late.call.end(true) == CallEnd::late);
}

TEST_CASE("a call that does not end when it is told to is given up, and named") {
  auto* const watched = new Watched(kFive);  // as it says: nothing of it may be destroyed
  std::thread([watched] {
    Reading reading(*watched);
    watched->after(5);
    watched->after(2);
    reading.call.end(true);  // does not return
    FAIL_CHECK("expected a call that was given up not to return");
  }).detach();
  while (!watched->gave_up) std::this_thread::yield();
  CHECK(CallWatch::any_given_up());
  const base::Error& error = watched->given_up.front();
  CHECK(error.code == "plugin.given_up");
  CHECK(error.link == "orders");
  CHECK(error.message ==
        "plugin 'csv', read(): expected it to end when it was told to stop, after 5 s in which it neither returned nor "
        "handed anything over to 'orders', found it at work 2 s later");
}

TEST_CASE("nothing moved for a while is told once, with what is waited for, and so is its end") {
  Watched watched({kNever, kNever, 60 * kSecond, kNever});
  {
    Reading first(watched);
    first.call.end(true);
  }
  watched.time += 10 * kSecond;
  Reading reading(watched);
  CHECK(watched.after(20) == 30);
  CHECK(watched.stalls.empty());
  watched.after(30);
  REQUIRE(watched.stalls.size() == 1);
  CHECK(watched.stalls[0].still_ns == 60 * kSecond);
  REQUIRE(watched.stalls[0].calls.size() == 1);
  CHECK(watched.stalls[0].calls[0].text() == "read() of plugin 'csv' in 'orders', for 50 s");
  watched.after(60);
  CHECK(watched.stalls.size() == 1);
  RunningCall::handed_over();
  watched.after(1);
  CHECK(watched.moved_on == std::vector<std::int64_t>{120 * kSecond});
  watched.after(59);
  CHECK(watched.stalls.size() == 2);
}

TEST_CASE("calls that fail are no progress") {
  Watched watched({kNever, kNever, 60 * kSecond, kNever});
  for (int i = 0; i < 6; ++i) {
    Reading busy(watched);
    watched.after(10);
    busy.call.end(false);
  }
  CHECK(watched.stalls.size() == 1);
}

TEST_CASE("where an exit is asked for, what nothing comes from is told to stop") {
  Watched watched({kNever, 2 * kSecond, kNever, 600 * kSecond});
  Reading reading(watched, {}, true);
  CHECK(watched.after(599) == 1);
  watched.after(1);
  CHECK(reading.call.end(false) == CallEnd::stalled);
  const base::Error error = watched.watch.late_error(reading.culprit, CallEnd::stalled);
  CHECK(error.code == "run.stalled");
  CHECK(base::exit_code(error) == 1);
}

TEST_CASE("a call that was told to stop fails, whatever it returns") {
  Watched watched(kFive);
  const CallTerms terms{&watched.watch};
  const CallOutcome outcome = guarded_call(
      {"csv", "orders", "read"}, GuardDepth::quick,
      [&](weir_error* /*error*/) {
        watched.after(5);
        return WEIR_OK;
      },
      terms);
  CHECK(outcome.status == WEIR_DEADLINE_EXCEEDED);
  CHECK(outcome.failed.error.code == "plugin.deadline");
  CHECK(
      outcome.failed.error.message ==
      "plugin 'csv', read(): expected it to return, or to hand something over to 'orders', within 5 s, found neither");
}

TEST_CASE("a watch with a thread of its own cancels what is late") {
  CallWatch watch({1'000'000, kNever, kNever, kNever}, {});
  std::atomic<bool> cancelled = false;
  const CallTerms terms{&watch, [&] { cancelled = true; }};
  const Culprit culprit{"csv", "orders", "read"};
  RunningCall call(culprit, terms);
  while (!cancelled) std::this_thread::yield();
  CHECK(call.end(false) == CallEnd::late);
}

}  // namespace weir::plugins
