// RunTimes: when a pipeline is to be run: every so often, or when the clocks of a zone show what a CronExpression names.
// RunSchedule: the times that have come since, one run at a time. Neither looks at a clock: they are told what it shows.
//
// Days of 23 and 25 hours. A time of the day (`30 2 * * *`) that a day does not have, as clocks are put forward over it, is the first
// instant after; one that a day has twice is the first of the two. An expression with * or a step from * as its minute or its hour
// is none of a day's: it goes by whatever the clocks show, as often as they show it, so that */5 stays five minutes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <cctz/time_zone.h>

#include "cli/cron.hpp"

namespace weir::cli {

// Nanoseconds since 1970.
using Instant = std::int64_t;
inline constexpr Instant kSecond = 1'000'000'000;

class RunTimes {
 public:
  // At `start`, and again and again so much later; more than 0.
  static RunTimes every(std::int64_t interval_ns, Instant start);
  static RunTimes at(const CronExpression& cron, cctz::time_zone zone);

  // The first that is later than `now`.
  Instant after(Instant now) const;
  // How many are later than `from` and not later than `to`; of --at kMostCounted stands for as many, or more.
  std::uint64_t between(Instant from, Instant to) const;
  // An instant as clocks of the zone show it: "2026-11-28T03:00:00+01:00".
  std::string text(Instant instant) const;
  // How far a clock is put back for that to be another beginning.
  std::int64_t most_put_back() const { return every_ > 0 ? every_ : kDay; }
  // The same times, for a clock that was put back to `now`.
  void put_back(Instant now) { start_ = now; }

  static constexpr std::uint64_t kMostCounted = 10000;

 private:
  static constexpr std::int64_t kDay = 86'400'000'000'000;

  std::int64_t every_ = 0;  // 0: by cron_
  Instant start_ = 0;
  std::optional<CronExpression> cron_;
  cctz::time_zone zone_ = cctz::local_time_zone();
};

// A zone by its name, as --zone has it. Nothing: the machine's own, as $TZ says, or /etc/localtime. Errors: usage.schedule: this machine
// knows no such zone.
base::Result<cctz::time_zone> zone_named(const std::optional<std::string>& name);

// Says when the next run begins, and what passed by meanwhile:
//
//   waiting ──due(now)──► running ──ended(now)──► waiting
//
// 1. Times that come while a run goes on, or while nobody looked (the machine slept), are one run, at once, and told as missed.
// 2. A delay is drawn for each time, shorter than `jitter` and than the time to the next one.
// 3. A clock that is put back by more than a day, or than the interval, begins anew; by less, no time comes twice.
// Threads: one caller at a time.
class RunSchedule {
 public:
  // What has come.
  struct Due {
    std::uint64_t times = 1;  // that this run stands for; 1: none was missed
    Instant first = 0;        // of them; as it was meant, without its delay
  };
  // `draw` gives a number of [0, 1).
  RunSchedule(RunTimes times, std::int64_t jitter_ns, std::function<double()> draw, Instant now);

  // When to look again.
  Instant next() const { return next_; }
  // What a run that begins now stands for; nothing: it is not time yet. After it the schedule waits for the next one.
  std::optional<Due> due(Instant now);
  const RunTimes& times() const { return times_; }

 private:
  void wait_for(Instant time);

  RunTimes times_;
  std::int64_t jitter_;
  std::function<double()> draw_;
  Instant time_ = 0;  // the next of the times
  Instant next_ = 0;  // with its delay
  Instant seen_ = 0;  // what the clock has shown last
};

}  // namespace weir::cli
