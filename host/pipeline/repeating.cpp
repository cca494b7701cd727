#include "pipeline/repeating.hpp"

#include "pipeline/component.hpp"

namespace weir::pipeline {

std::shared_ptr<Breaker> Retries::breaker_of(const std::string& connection) {
  auto& breaker = breakers_[connection];
  if (breaker == nullptr) breaker = own_breaker(connection);
  return breaker;
}

bool Repeating::may_go_out() {
  if (component_.breaker == nullptr) return true;
  while (const std::int64_t wait = component_.breaker->admit(plugins::monotonic_ns())) {
    if (component_.waited(function_, wait)) continue;
    if (outcome_.ok()) {
      outcome_.failed.error = base::make_error(base::Status::cancelled, base::Fault::host, "run.interrupted",
                                               "the run was stopped before its end");
    }
    return false;
  }
  return true;
}

bool Repeating::is_done(plugins::CallOutcome outcome) {
  outcome_ = std::move(outcome);
  const bool all_is_well = outcome_.ok() && (component_.breaker == nullptr || component_.breaker->failures() == 0);
  const std::int64_t now = all_is_well ? 0 : plugins::monotonic_ns();
  if (begin_ns_ == 0) begin_ns_ = now - outcome_.duration_ns;
  if (component_.breaker != nullptr) {
    const auto change = component_.breaker->answered(outcome_.status, now);
    if (change != Breaker::Change::none && component_.retries != nullptr && component_.retries->tell) {
      const Breaker& breaker = *component_.breaker;
      if (change == Breaker::Change::opened)
        component_.retries->tell(events::ConnectionPaused{breaker.connection(), breaker.failures(), breaker.pause_ns(),
                                                          outcome_.failed.error.message});
      else
        component_.retries->tell(events::ConnectionResumed{breaker.connection()});
    }
  }
  if (outcome_.ok() && component_.retries != nullptr) component_.retries->budget.went_well();
  return outcome_.ok();
}

bool Repeating::again() {
  if (!backoff_) backoff_.emplace(component_.retrying, static_cast<std::uint32_t>(begin_ns_));
  const auto delay =
      backoff_->next(outcome_.status, outcome_.failed.retry_after_ns, plugins::monotonic_ns() - begin_ns_);
  if (!delay) return false;
  if (component_.retries != nullptr && !component_.retries->budget.take()) {
    std::string& hint = outcome_.failed.error.hint;
    hint += (hint.empty() ? "the run has made the " : "; the run has made the ") +
            std::to_string(component_.retries->budget.repeats()) +
            " repeats that it may make: see why calls fail so often, or raise retry: { budget: … }";
    return false;
  }
  return component_.waited(function_, *delay);
}

}  // namespace weir::pipeline
