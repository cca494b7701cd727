// SpentTime: where the time of a run goes: into the work of each link, and into waiting.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include <weir/events/event.hpp>

#include "run/plan.hpp"

namespace weir::run {

// Sums in nanoseconds, of all threads together. Threads: [any], but told().
class SpentTime {
 public:
  using Sum = std::atomic<std::int64_t>;

  explicit SpentTime(const Plan& plan)
      : sources(plan.sources.size()), links(plan.links.size()), ends(plan.ends.size()), plan_(plan) {}

  events::RunTimed told(std::size_t chains) const;

  std::vector<Sum> sources, links, ends;  // by their numbers in the plan
  Sum chains_waited{0};                   // for room for what they read, or for something to read
  Sum loads_waited{0};                    // for rows
  Sum flowing{0};                         // what is left of the run was spent on the ends of its epochs

 private:
  const Plan& plan_;  // lent
};

// Counts the time until its end, wherever it is spent. Threads: as its owner, who may be a coroutine.
class Waited {
 public:
  explicit Waited(SpentTime::Sum& sum) : sum_(sum), since_ns_(plugins::monotonic_ns()) {}
  Waited(const Waited&) = delete;
  Waited& operator=(const Waited&) = delete;
  ~Waited() { sum_.fetch_add(plugins::monotonic_ns() - since_ns_, std::memory_order_relaxed); }

 private:
  SpentTime::Sum& sum_;
  std::int64_t since_ns_;
};

}  // namespace weir::run
