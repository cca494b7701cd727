#include "plugins/running_call.hpp"

#include "plugins/call_watch.hpp"

namespace weir::plugins {
namespace {

thread_local RunningCall* innermost_call = nullptr;

}  // namespace

RunningCall::RunningCall(const Culprit& culprit, const CallTerms& terms)
    : culprit_(culprit), terms_(terms), outer_(innermost_call) {
  innermost_call = this;
  if (terms_.watch != nullptr) terms_.watch->begin(*this);
}

RunningCall::~RunningCall() {
  if (!ended_) end(false);
}

CallEnd RunningCall::end(bool moved) {
  ended_ = true;
  const CallEnd came = terms_.watch == nullptr ? CallEnd::in_time : terms_.watch->end(*this, moved);
  innermost_call = outer_;
  return came;
}

const RunningCall* RunningCall::innermost() { return innermost_call; }

void RunningCall::handed_over() {
  RunningCall* const call = innermost_call;
  if (call == nullptr || call->terms_.watch == nullptr) return;
  const std::int64_t now = call->terms_.watch->now();
  call->alive_ns_.store(now, std::memory_order_relaxed);
  call->handed_ns_.store(now, std::memory_order_relaxed);
}

bool RunningCall::told_to_stop() {
  for (const RunningCall* call = innermost_call; call != nullptr; call = call->outer_) {
    if (call->state_.load(std::memory_order_acquire) != State::running) return true;
  }
  return false;
}

}  // namespace weir::plugins
