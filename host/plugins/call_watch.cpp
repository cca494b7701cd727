#include "plugins/call_watch.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "base/units.hpp"
#include "plugins/host_table.hpp"

namespace weir::plugins {
namespace {

std::atomic<bool> some_given_up{false};

constexpr const char* kDeadlineHint = "if it may take that long, say so in the manifest: deadlines: { call: 1h }";

// A time so much later; never, if the limit is that.
std::int64_t after(std::int64_t time, std::int64_t limit) {
  return limit > CallLimits::kNever - time ? CallLimits::kNever : time + limit;
}

std::string to_link(const Culprit& culprit) {
  return culprit.link.empty() ? std::string() : " to '" + std::string(culprit.link) + "'";
}

}  // namespace

std::string CallInProgress::text() const {
  return (is_wait ? "the wait before " : "") + function + "() of plugin '" + plugin + "'" +
         (link.empty() ? "" : " in '" + link + "'") + ", for " + base::format_duration_ns(since_ns);
}

// What one look has found to be done.
struct CallWatch::Due {
  std::int64_t now = 0;
  std::int64_t next = 0;
  std::vector<RunningCall*> cancels;
  std::optional<Stall> stall;
  std::optional<std::int64_t> moves_on;
  std::optional<base::Error> given_up;
};

CallWatch::CallWatch(CallLimits limits, WatchHandler handler, std::function<std::int64_t()> clock)
    : limits_(limits), handler_(std::move(handler)), clock_(std::move(clock)), moved_ns_(now()) {}

CallWatch::~CallWatch() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ending_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (auto& thread : cancels_) thread.join();
}

bool CallWatch::any_given_up() { return some_given_up; }

std::int64_t CallWatch::now() const { return clock_ ? clock_() : monotonic_ns(); }

void CallWatch::begin(RunningCall& call) {
  const std::int64_t begin = now();
  call.begin_ns_ = begin;
  call.alive_ns_.store(begin, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  if (call.outer_ != nullptr) call.outer_->within_ = true;
  call.place_ = calls_.size();
  calls_.push_back(&call);
  if (!clock_ && !thread_.joinable()) thread_ = std::thread([this] { watch(); });
}

CallEnd CallWatch::end(RunningCall& call, bool moved) {
  std::unique_lock lock(mutex_);
  cancelled_.wait(lock, [&call] { return !call.cancelling_; });  // invariant 4
  if (call.state_ == RunningCall::State::given_up) {
    lock.unlock();
    for (;;) ::pause();  // invariant 3
  }
  const std::int64_t end = now();
  calls_[call.place_] = calls_.back();
  calls_[call.place_]->place_ = call.place_;
  calls_.pop_back();
  if (call.outer_ != nullptr) {
    call.outer_->within_ = false;
    call.outer_->alive_ns_.store(end, std::memory_order_relaxed);  // invariant 1
  }
  if (call.handed_ns_ > moved_ns_) moved_ns_ = call.handed_ns_;
  if (moved && call.reason_ == CallEnd::in_time) moved_ns_ = end;
  return call.reason_;
}

// A call that begins while it sleeps has no deadline before it wakes: so nobody need wake it.
std::int64_t CallWatch::longest_sleep_ns() const {
  return std::min({limits_.call_ns, limits_.stalled_ns, limits_.exit_ns});
}

void CallWatch::watch() {
  for (;;) {
    const std::int64_t next = look();
    std::unique_lock lock(mutex_);
    if (given_up_) return;
    const auto ended = [this] { return ended_; };
    if (next == CallLimits::kNever)
      ending_.wait(lock, ended);
    else
      ending_.wait_for(lock, std::chrono::nanoseconds(std::max<std::int64_t>(next - now(), 0)), ended);
    if (ended_) return;
  }
}

std::int64_t CallWatch::look() {
  Due due;
  due.now = now();
  due.next = after(due.now, longest_sleep_ns());
  {
    const std::lock_guard lock(mutex_);
    if (given_up_) return CallLimits::kNever;
    look_for_stall(due);
    for (RunningCall* const call : calls_) look_at(*call, due);
    for (RunningCall* const call : due.cancels) cancels_.emplace_back([this, call] { cancel(*call); });
  }
  if (due.moves_on && handler_.moves_on) handler_.moves_on(*due.moves_on);
  if (due.stall && handler_.stalled) handler_.stalled(*due.stall);
  if (due.given_up) {
    some_given_up = true;
    if (handler_.given_up) handler_.given_up(std::move(*due.given_up));
  }
  return due.next;
}

void CallWatch::look_at(RunningCall& call, Due& due) {
  const auto wake_at = [&due](std::int64_t time) { due.next = std::min(due.next, time); };
  if (call.state_ == RunningCall::State::told) {
    const std::int64_t end = after(call.told_ns_, limits_.cancel_ns);
    if (due.now < end) return wake_at(end);
    if (given_up_) return;
    call.state_ = RunningCall::State::given_up;
    given_up_ = true;
    due.given_up = error_of(call, due.now);
    return;
  }
  const bool spared = call.terms_.is_wait || (call.terms_.may_wait && limits_.spare_waiting);
  if (call.within_ || spared || limits_.call_ns == CallLimits::kNever) return;
  const std::int64_t deadline = after(call.alive_ns_, limits_.call_ns);
  if (due.now < deadline) return wake_at(deadline);
  tell_to_stop(call, CallEnd::late, due);
}

void CallWatch::tell_to_stop(RunningCall& call, CallEnd reason, Due& due) {
  call.state_ = RunningCall::State::told;
  call.reason_ = reason;
  call.told_ns_ = due.now;
  due.next = std::min(due.next, after(due.now, limits_.cancel_ns));
  if (!call.terms_.cancel) return;
  call.cancelling_ = true;
  due.cancels.push_back(&call);
}

// On a thread of its own: it is the plugin's code, which may hang as well.
void CallWatch::cancel(RunningCall& call) {
  try {
    call.terms_.cancel();
  } catch (...) {
    // Ignored: whoever does not end its call is given up.
  }
  const std::lock_guard lock(mutex_);
  call.cancelling_ = false;
  cancelled_.notify_all();
}

std::int64_t CallWatch::moved_ns() const {
  std::int64_t moved = moved_ns_;
  for (const RunningCall* const call : calls_)
    moved = std::max(moved, call->handed_ns_.load(std::memory_order_relaxed));
  return moved;
}

void CallWatch::look_for_stall(Due& due) {
  const std::int64_t moved = moved_ns(), still = due.now - moved;
  if (stalled_ns_ != 0 && moved > stalled_ns_) {
    due.moves_on = moved - stalled_ns_;
    stalled_ns_ = 0;
  }
  const auto wait_for = [&](std::int64_t limit) {
    if (limit != CallLimits::kNever && still < limit) due.next = std::min(due.next, after(moved, limit));
  };
  wait_for(limits_.exit_ns);
  if (stalled_ns_ == 0) wait_for(limits_.stalled_ns);
  if (calls_.empty()) return;  // the host is at work
  if (stalled_ns_ == 0 && still >= limits_.stalled_ns) {
    stalled_ns_ = moved;
    due.stall = Stall{still, in_progress(due.now)};
  }
  if (exiting_ || still < limits_.exit_ns) return;
  exiting_ = true;
  for (RunningCall* const call : calls_) {
    if (!call->within_ && call->state_ == RunningCall::State::running) tell_to_stop(*call, CallEnd::stalled, due);
  }
}

std::vector<CallInProgress> CallWatch::in_progress(std::int64_t now) const {
  std::vector<CallInProgress> told;
  for (const RunningCall* const call : calls_) {
    if (call->within_) continue;
    const Culprit& culprit = call->culprit_;
    told.push_back({std::string(culprit.plugin), std::string(culprit.link), std::string(culprit.function),
                    now - call->alive_ns_, call->terms_.is_wait});
  }
  std::sort(told.begin(), told.end(), [](const auto& one, const auto& other) { return one.since_ns > other.since_ns; });
  return told;
}

base::Error CallWatch::error_of(const RunningCall& call, std::int64_t now) const {
  const std::string limit = base::format_duration_ns(call.told_ns_ - call.alive_ns_);
  base::Error error =
      misbehaviour(call.culprit_, "plugin.given_up",
                   "expected it to end when it was told to stop, after " + limit +
                       " in which it neither returned nor handed anything over" + to_link(call.culprit_) +
                       ", found it at work " + base::format_duration_ns(now - call.told_ns_) + " later");
  error.status = base::Status::deadline_exceeded;
  error.hint =
      "the run is left as a crash would leave it, and the next one goes on from there; if it may take that long, "
      "say so in the manifest: deadlines: { call: 1h }";
  return error;
}

base::Error CallWatch::late_error(const Culprit& culprit, CallEnd end) const {
  if (end == CallEnd::stalled) {
    return base::make_error(base::Status::cancelled, base::Fault::unknown, "run.stalled",
                            "expected something to move within " + base::format_duration_ns(limits_.exit_ns) +
                                ", found nothing moved; plugin '" + std::string(culprit.plugin) + "' was in " +
                                std::string(culprit.function) + "()")
        .with_link(std::string(culprit.link))
        .with_hint("look at what it waits for; the next run goes on from where this one stopped");
  }
  base::Error error = misbehaviour(culprit, "plugin.deadline",
                                   "expected it to return, or to hand something over" + to_link(culprit) + ", within " +
                                       base::format_duration_ns(limits_.call_ns) + ", found neither");
  error.status = base::Status::deadline_exceeded;
  error.hint = kDeadlineHint;
  return error;
}

}  // namespace weir::plugins
