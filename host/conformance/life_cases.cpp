// Cases of an instance's life: how it begins, ends, and lives beside others.
#include <thread>

#include "conformance/failing_memory.hpp"
#include "conformance/lived.hpp"
#include "conformance/own_time.hpp"

namespace weir::conformance {
namespace {

constexpr std::int64_t kMostCalls = 60;  // that an early end, a cancel, a refusal is tried at

Step repeats(Subject& subject) {
  WEIR_TRY_ASSIGN(const auto first, rows_of_life(subject));
  WEIR_TRY_ASSIGN(const auto second, rows_of_life(subject));
  return same_rows(first, second, "a second life passed on other rows");
}

// How many calls, or callbacks, a whole life has.
base::Result<std::int64_t> length_of_life(Subject& subject, bool callbacks) {
  Session session(subject, {});
  WEIR_TRY(session.live());
  return std::min(callbacks ? session.callbacks() : session.calls(), kMostCalls);
}

Step ends_early(Subject& subject) {
  WEIR_TRY_ASSIGN(const auto whole, rows_of_life(subject));
  WEIR_TRY_ASSIGN(const std::int64_t calls, length_of_life(subject, false));
  for (std::int64_t at = 0; at < calls; ++at) {
    Knobs knobs;
    knobs.end_after = at;
    WEIR_TRY(rows_of_life(subject, std::move(knobs)));
  }
  WEIR_TRY_ASSIGN(const auto after, rows_of_life(subject));
  return same_rows(whole, after, "after instances that ended early a whole life passed on other rows");
}

Step cancels(Subject& subject) {
  constexpr std::int64_t kSoonNs = 2'000'000'000;
  WEIR_TRY_ASSIGN(const std::int64_t calls, length_of_life(subject, false));
  for (std::int64_t at = 0; at < calls; ++at) {
    Knobs knobs;
    knobs.cancel_at = at;
    Session session(subject, std::move(knobs));
    const OwnTime time;
    static_cast<void>(session.live());
    WEIR_TRY(observation(session, subject));
    if (time.ns() > kSoonNs) return fail("a life that was cancelled went on for more than 2 s");
  }
  return {};
}

Step in_parallel(Subject& subject) {
  WEIR_TRY_ASSIGN(const auto alone, rows_of_life(subject));
  constexpr int kThreads = 4, kLives = 5;
  std::vector<Step> ends(kThreads);
  std::vector<std::jthread> threads;
  for (Step& end : ends) {
    threads.emplace_back([&] {
      for (int i = 0; i < kLives && end; ++i) {
        auto rows = rows_of_life(subject);
        end = rows ? same_rows(alone, *rows, "beside others an instance passed on other rows")
                   : Step(fail(rows.error().message));
      }
    });
  }
  threads.clear();
  for (Step& end : ends) WEIR_TRY(end);
  return {};
}

Step on_any_thread(Subject& subject) {
  WEIR_TRY_ASSIGN(const auto rows, rows_of_life(subject));
  Knobs knobs;
  knobs.other_threads = true;
  WEIR_TRY_ASSIGN(const auto moved, rows_of_life(subject, std::move(knobs)));
  return same_rows(rows, moved, "called on a thread a call it passed on other rows");
}

// Two instances of a transformer, call by call in turn, ended in the order in which they began.
Step in_turn(Subject& subject) {
  WEIR_TRY_ASSIGN(const auto alone, rows_of_life(subject));
  Session first(subject, {}), second(subject, {});
  WEIR_TRY(first.begin());
  WEIR_TRY(second.begin());
  {
    auto one = std::make_unique<Transformation>(first);
    const auto other = std::make_unique<Transformation>(second);
    WEIR_TRY(one->create());
    WEIR_TRY(other->create());
    for (const auto& rows : first.batches()) {
      WEIR_TRY(one->process(rows));
      WEIR_TRY(other->process(rows));
    }
    if (WEIR_CAN(&first.table<weir_transformer>(), flush)) {
      WEIR_TRY(one->flush(WEIR_FLUSH_BARRIER));
      WEIR_TRY(other->flush(WEIR_FLUSH_BARRIER));
    }
    WEIR_TRY(one->end());
    one.reset();
    WEIR_TRY(other->end());
  }
  WEIR_TRY(
      same_rows(alone, by_output(first.rows()), "two instances in turn: the first passed on other rows than alone"));
  return same_rows(alone, by_output(second.rows()),
                   "two instances in turn: the second passed on other rows than alone");
}

Step rows_outlive(Subject& subject) {
  Knobs knobs;
  knobs.release_elsewhere = true;
  Session session(subject, std::move(knobs));
  Step lived = session.live();
  WEIR_TRY(observation(session, subject));
  return lived;
}

Step structs_grow(Subject& subject) {
  WEIR_TRY_ASSIGN(const auto rows, rows_of_life(subject));
  Knobs knobs;
  knobs.grown = true;
  Session session(subject, std::move(knobs));
  const Step lived = session.live();
  WEIR_TRY(observation(session, subject));
  if (!lived) return fail("with structs of a later host: " + lived.error().message);
  return same_rows(rows, by_output(session.rows()), "with structs of a later host it passed on other rows");
}

Step memory_refused(Subject& subject) {
  WEIR_TRY(rows_of_life(subject));
  Knobs knobs;
  knobs.memory_refused = true;
  Session session(subject, std::move(knobs));
  static_cast<void>(session.live());
  if (session.status() == WEIR_OK || session.status() == WEIR_RESOURCE_EXHAUSTED) return {};
  return fail("without memory a call returned " + std::string(plugins::status_name(session.status())) + ": " +
              session.message());
}

// Whole lives, in each of which one more of its calls for memory fails: all of the first, and then one here and there.
Step allocation_fails(Subject& subject) {
  constexpr std::int64_t kEach = 100, kMostNs = 8'000'000'000;
  if (subject.info().go) return skip("Go's runtime ends the process where there is no memory");
  WEIR_TRY(rows_of_life(subject));
  WEIR_TRY_ASSIGN(const weir_component* described, subject.description());
  WEIR_TRY_ASSIGN(FailingMemory memory, FailingMemory::of(described->table));
  memory.fail_at(-1);
  WEIR_TRY(rows_of_life(subject));
  const std::int64_t calls = memory.calls();
  const OwnTime time;
  for (std::int64_t at = 0; at < calls && time.ns() < kMostNs; at += 1 + at / kEach) {
    Session session(subject, {});
    memory.fail_at(at);
    static_cast<void>(session.live());
    memory.fail_at(-1);
    // Not error-says-what: who has no memory may have none for a message.
    for (const char* const rule : {"status-known", "nothing-thrown", "rows-valid"}) {
      if (const std::string* problem = session.observed(rule))
        return fail("with its call " + std::to_string(at + 1) + " for memory failing, " + *problem);
    }
  }
  WEIR_TRY(rows_of_life(subject));
  return {};
}

constexpr Case kLifeCases[] = {
    {"life", "repeats", "A second instance does what the first one did.", kEveryKind, repeats,
     "keep what an instance remembers in `self`, not in globals", "Two instances of one component run at"},
    {"life", "ends-early", "An instance may be ended before any of its calls.", kEveryKind, ends_early,
     "let destroy() and close() take what was made so far, and nothing for granted",
     "Ends the instance; may be the only call after create()."},
    {"life", "cancel-any-call", "Cancelled before any call, it returns OK or CANCELLED soon, and can be ended.",
     kEveryKind, cancels,
     "look at what cancel() and host->cancelled() say wherever a call takes long, and return CANCELLED",
     "Makes a running call return CANCELLED soon. For good: only destroy() follows."},
    {"life", "in-parallel", "Instances on four threads each do what one does alone.", kEveryKind, in_parallel,
     "keep what an instance remembers in `self`; guard what instances share by a lock",
     "Two instances of one component run at"},
    {"life", "in-turn", "Two instances that are called in turn do not see each other.", kTransformer, in_turn,
     "keep what an instance remembers in `self`, not in globals", "An instance is made for one schema an input."},
    {"life", "on-any-thread", "Each call may come on another thread.", kEveryKind, on_any_thread,
     "keep nothing of an instance in thread_local variables", "one call at a time on an"},
    {"life", "rows-outlive-instance",
     "Rows that were pushed hold their values when their instance is gone, and are released on any thread.", kGivesRows,
     rows_outlive, "let release() alone free what the buffers of an array are made of",
     "after the instance that made the array was destroyed, but always"},
    {"life", "structs-grow",
     "It works with structs that are longer than those it knows, and writes to none of the rest.", kEveryKind,
     structs_grow, "read `size` by WEIR_HAS and WEIR_CAN only, and never write a whole struct of the host's",
     "Fields are only appended."},
    {"life", "memory-refused", "Without memory of the host's it says RESOURCE_EXHAUSTED, if it asks for any.",
     kEveryKind, memory_refused, "return the status that allocate() and reserve() gave",
     "Waits for the budget no longer than `deadline`, then"},
    {"life", kAllocationFails, "Where malloc() or new has no memory for it, it goes on or returns an error.",
     kEveryKind, allocation_fails, "look at what malloc() gives, and turn std::bad_alloc into RESOURCE_EXHAUSTED",
     "No exception, longjmp or signal leaves a function."},
};

}  // namespace

std::span<const Case> life_cases() { return kLifeCases; }

}  // namespace weir::conformance
