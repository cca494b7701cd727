// The call guard, as far as it needs no pipeline: a call to a plugin is timed, its status checked, and what it must
// leave as it was (floating-point mode, locale, signal mask) compared. What goes through weir_next is the pipeline's.
#pragma once

#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <weir/weir.h>

#include "base/result.hpp"
#include "plugins/call_watch.hpp"
#include "plugins/error.hpp"
#include "plugins/host_table.hpp"
#include "plugins/running_call.hpp"

namespace weir::plugins {

// How much is checked around a call.
enum class GuardDepth { quick, full };

// The thread's state that a plugin must not change: rounding and exception-trap modes, thread locale, signal mask.
// Taken before a call and compared after it, at full depth only (a system call each time).
class ThreadManners {
 public:
  // Takes the calling thread's.
  ThreadManners() noexcept;
  // Names what has changed ("the floating-point mode"), and puts it back; empty: nothing. Same thread.
  std::string changed() const;

 private:
  std::uint32_t floating_ = 0;
  int rounding_ = 0;
  locale_t locale_ = nullptr;
  std::string global_locale_;
  sigset_t signals_{};
};

// What came of a call.
struct CallOutcome {
  weir_status status = WEIR_OK;
  std::int64_t duration_ns = 0;
  PluginError failed;  // if status is not OK

  bool ok() const { return status == WEIR_OK; }
};

namespace detail {
// Turns what was returned into an outcome, misbehaviour included. `manners` may be null.
CallOutcome outcome_of(weir_status status, const weir_error& error, const Culprit& culprit,
                       const ThreadManners* manners);
// The same for an exception that came out of a C function (call it in a catch block).
CallOutcome outcome_of_exception(const Culprit& culprit);
// Ends the call; what was told to stop has failed, whatever it returned.
void end_call(RunningCall& call, const CallTerms& terms, CallOutcome& outcome);
}  // namespace detail

// Calls `function`, which gets a cleared weir_error* and returns a weir_status, and tells how long it took and what
// came of it. An exception that crosses the ABI, which it must not, becomes a misbehaviour. The culprit's texts and the
// terms are lent for the call.
template <class Function>
CallOutcome guarded_call(const Culprit& culprit, GuardDepth depth, Function&& function, const CallTerms& terms = {}) {
  weir_error error = empty_error();
  const auto run = [&](const ThreadManners* manners) {
    const std::int64_t begin = monotonic_ns();
    RunningCall call(culprit, terms);
    CallOutcome outcome;
    try {
      outcome = detail::outcome_of(std::forward<Function>(function)(&error), error, culprit, manners);
    } catch (...) {
      outcome = detail::outcome_of_exception(culprit);
    }
    detail::end_call(call, terms, outcome);
    outcome.duration_ns = monotonic_ns() - begin;
    return outcome;
  };
  if (depth == GuardDepth::quick) return run(nullptr);
  const ThreadManners manners;
  return run(&manners);
}

// Calls a function that can't fail: destroy, close, cancel. Gives the error of one that broke the contract, or that was
// told to stop.
template <class Function>
std::optional<base::Error> guarded_void(const Culprit& culprit, Function&& function, const CallTerms& terms = {}) {
  CallOutcome outcome = guarded_call(
      culprit, GuardDepth::quick,
      [&](weir_error* /*error*/) {
        std::forward<Function>(function)();
        return WEIR_OK;
      },
      terms);
  if (outcome.ok()) return std::nullopt;
  return std::move(outcome.failed.error);
}

}  // namespace weir::plugins
