#include "pipeline/breaker.hpp"

#include <algorithm>

namespace weir::pipeline {
namespace {

constexpr std::int64_t kAskAgainNs = 100'000'000;  // while another's call finds out

}  // namespace

std::int64_t Breaker::admit(std::int64_t now) {
  if (failures_ == 0) return 0;  // nothing is wrong: no lock
  const std::lock_guard lock(mutex_);
  if (state_ == State::closed) return 0;
  if (state_ == State::open && now < open_until_) return open_until_ - now;
  state_ = State::half_open;
  if (trying_) return std::min(kAskAgainNs, settings_.pause_ns);
  trying_ = true;
  return 0;
}

Breaker::Change Breaker::answered(weir_status status, std::int64_t now) {
  if (settings_.failures == 0) return Change::none;
  const bool no_answer = status == WEIR_UNAVAILABLE || status == WEIR_DEADLINE_EXCEEDED;
  if (!no_answer && failures_ == 0) return Change::none;
  const std::lock_guard lock(mutex_);
  if (no_answer) return failed(now);
  trying_ = false;
  if (status == WEIR_CANCELLED) return Change::none;
  const bool was_closed = state_ == State::closed;
  state_ = State::closed;
  failures_ = 0;
  return was_closed ? Change::none : Change::closed;
}

Breaker::Change Breaker::failed(std::int64_t now) {
  ++failures_;
  const bool opens = state_ == State::half_open || (state_ == State::closed && failures_ >= settings_.failures);
  trying_ = false;
  if (!opens) return Change::none;  // of a call that went out before it opened
  state_ = State::open;
  open_until_ = now + settings_.pause_ns;
  return Change::opened;
}

}  // namespace weir::pipeline
