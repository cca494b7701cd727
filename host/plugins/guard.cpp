// The call guard's checks around a call.
#include "plugins/guard.hpp"

#include <exception>

#include <pthread.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace weir::plugins {
namespace {

#if defined(__SSE__)
constexpr std::uint32_t kFlags = 0x3F;  // what has happened, not how it goes on
std::uint32_t floating_mode() { return _mm_getcsr() & ~kFlags; }
void set_floating_mode(std::uint32_t mode) { _mm_setcsr(mode | (_mm_getcsr() & kFlags)); }
#else
std::uint32_t floating_mode() { return 0; }
void set_floating_mode(std::uint32_t) {}
#endif

bool same_signals(const sigset_t& a, const sigset_t& b) {
  for (int signal = 1; signal < NSIG; ++signal) {
    if (sigismember(&a, signal) != sigismember(&b, signal)) return false;
  }
  return true;
}

std::string global_locale() {
  const char* name = std::setlocale(LC_ALL, nullptr);
  return name == nullptr ? "" : name;
}

}  // namespace

ThreadManners::ThreadManners() noexcept
    : floating_(floating_mode()), rounding_(std::fegetround()), locale_(uselocale(nullptr)) {
  try {
    global_locale_ = global_locale();
  } catch (...) {
    global_locale_.clear();
  }
  sigemptyset(&signals_);
  pthread_sigmask(SIG_SETMASK, nullptr, &signals_);
}

std::string ThreadManners::changed() const {
  std::string found;
  if (floating_mode() != floating_ || std::fegetround() != rounding_) {
    found = "the floating-point mode";
    set_floating_mode(floating_);
    std::fesetround(rounding_);
  }
  if (uselocale(nullptr) != locale_) {
    found = "the thread's locale";
    uselocale(locale_);
  }
  if (global_locale() != global_locale_) {
    found = "the program's locale";
    std::setlocale(LC_ALL, global_locale_.c_str());
  }
  sigset_t signals;
  sigemptyset(&signals);
  pthread_sigmask(SIG_SETMASK, nullptr, &signals);
  if (!same_signals(signals, signals_)) {
    found = "the signal mask";
    pthread_sigmask(SIG_SETMASK, &signals_, nullptr);
  }
  return found;
}

namespace detail {

CallOutcome outcome_of(weir_status status, const weir_error& error, const Culprit& culprit,
                       const ThreadManners* manners) {
  CallOutcome outcome;
  const std::string changed = manners == nullptr ? std::string() : manners->changed();
  if (!changed.empty()) {
    outcome.status = WEIR_INTERNAL;
    outcome.failed.error =
        misbehaviour(culprit, "plugin.bad_manners", "expected it to leave " + changed + " as it was, found another");
    return outcome;
  }
  outcome.status = known_status(status) ? status : WEIR_INTERNAL;
  if (status != WEIR_OK) outcome.failed = plugin_error(status, error, culprit);
  if (outcome.failed.error.code == "plugin.bad_status") outcome.status = WEIR_INTERNAL;
  return outcome;
}

CallOutcome outcome_of_exception(const Culprit& culprit) {
  std::string what;
  try {
    throw;
  } catch (const std::exception& exception) {
    what = std::string("one that says: ") + exception.what();
  } catch (...) {
    what = "one of an unknown type";
  }
  CallOutcome outcome;
  outcome.status = WEIR_INTERNAL;
  outcome.failed.error = misbehaviour(culprit, "plugin.exception", "expected no exception to leave it, found " + what);
  return outcome;
}

void end_call(RunningCall& call, const CallTerms& terms, CallOutcome& outcome) {
  const CallEnd end = call.end(outcome.ok());
  if (end == CallEnd::in_time) return;
  outcome = {};
  outcome.failed.error = terms.watch->late_error(call.culprit(), end);
  outcome.status = static_cast<weir_status>(outcome.failed.error.status);
}

}  // namespace detail
}  // namespace weir::plugins
