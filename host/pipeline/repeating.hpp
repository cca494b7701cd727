// Repeating: one call to a plugin, and what comes before it is made again: the wait, the run's budget, the connection's
// breaker.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <weir/events/event.hpp>

#include "pipeline/breaker.hpp"
#include "pipeline/retry.hpp"
#include "plugins/guard.hpp"

namespace weir::pipeline {

struct Component;

// What the repeated calls of a run share. Threads: [any] but breaker_of(), which is [main].
class Retries {
 public:
  Retries(std::uint64_t repeats, BreakerSettings settings) : budget(repeats), settings_(settings) {}

  // The breaker of a connection, the same each time.
  std::shared_ptr<Breaker> breaker_of(const std::string& connection);
  // One of its own, for who has no connection; `name`: for people.
  std::shared_ptr<Breaker> own_breaker(std::string name) const {
    return std::make_shared<Breaker>(std::move(name), settings_);
  }

  RetryBudget budget;
  std::function<void(events::EventDetail)> tell;  // who hears of breakers; empty: nobody; set before the first call

 private:
  const BreakerSettings settings_;
  std::map<std::string, std::shared_ptr<Breaker>> breakers_;
};

// Threads: one caller at a time.
class Repeating {
 public:
  // `component` is lent.
  Repeating(const Component& component, std::string_view function) : component_(component), function_(function) {}

  // Waits while the connection's breaker is open; false: the run was told to stop.
  bool may_go_out();
  // Takes what came of a call: true, it went well.
  bool is_done(plugins::CallOutcome outcome);
  // Waits as long as is due before it is made again; false: it is not to be.
  bool again();
  // Of the last call.
  plugins::PluginError take_failure() { return std::move(outcome_.failed); }

 private:
  const Component& component_;
  std::string_view function_;
  std::int64_t begin_ns_ = 0;  // when the first call was made; 0: not yet
  std::optional<Backoff> backoff_;
  plugins::CallOutcome outcome_;
};

}  // namespace weir::pipeline
