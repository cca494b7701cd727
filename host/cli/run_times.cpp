#include "cli/run_times.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "base/utf8.hpp"

namespace weir::cli {
namespace {

using Seconds = cctz::time_point<cctz::seconds>;

// The second that an instant is in.
Seconds second_of(Instant instant) {
  return std::chrono::floor<cctz::seconds>(
      cctz::time_point<std::chrono::nanoseconds>(std::chrono::nanoseconds(instant)));
}
Instant instant_of(Seconds second) { return second.time_since_epoch().count() * kSecond; }

// The first minute that begins at `second` or later.
cctz::civil_minute minute_from(cctz::civil_second second) {
  const cctz::civil_minute minute(second);
  return second.second() == 0 ? minute : minute + 1;
}

// When clocks show what a day names: once, though they may show it twice, or never.
Seconds once(const cctz::time_zone& zone, cctz::civil_minute minute) {
  const auto found = zone.lookup(cctz::civil_second(minute));
  return found.kind == cctz::time_zone::civil_lookup::SKIPPED ? found.trans : found.pre;
}

Seconds next_of_the_day(const CronExpression& cron, const cctz::time_zone& zone, Seconds now) {
  cctz::civil_minute minute = cron.next(minute_from(cctz::convert(now, zone)));
  while (once(zone, minute) <= now) minute = cron.next(minute + 1);
  return once(zone, minute);
}

// As often as clocks show it: between two of their changes they go as time does.
Seconds next_shown(const CronExpression& cron, const cctz::time_zone& zone, Seconds now) {
  for (Seconds from = now + cctz::seconds(1);;) {
    const cctz::civil_second shown = cctz::convert(from, zone);
    const Seconds found = from + cctz::seconds(cctz::civil_second(cron.next(minute_from(shown))) - shown);
    cctz::time_zone::civil_transition change;
    if (!zone.next_transition(from, &change)) return found;
    const Seconds changed = zone.lookup(change.to).trans;
    if (changed > found) return found;
    from = changed;
  }
}

}  // namespace

base::Result<cctz::time_zone> zone_named(const std::optional<std::string>& name) {
  const char* const variable = std::getenv("TZ");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  std::string wanted = name.value_or(variable == nullptr ? "" : variable);
  if (!name && wanted.starts_with(':')) wanted.erase(0, 1);
  cctz::time_zone zone;
  if (!name && wanted.empty()) return cctz::local_time_zone();
  if (cctz::load_time_zone(wanted, &zone)) return zone;
  return base::unexpected(
      base::manifest_error("usage.schedule", std::string(name ? "--zone" : "TZ") +
                                                 ": expected a zone that this machine knows, found '" +
                                                 base::printable(wanted) + "'")
          .with_hint("write it as IANA does, Europe/Rome or UTC; Debian's package tzdata has them"));
}

RunTimes RunTimes::every(std::int64_t interval_ns, Instant start) {
  RunTimes made;
  made.every_ = interval_ns;
  made.start_ = start;
  return made;
}

RunTimes RunTimes::at(const CronExpression& cron, cctz::time_zone zone) {
  RunTimes made;
  made.cron_ = cron;
  made.zone_ = std::move(zone);
  return made;
}

Instant RunTimes::after(Instant now) const {
  if (every_ > 0) return now < start_ ? start_ : start_ + ((now - start_) / every_ + 1) * every_;
  const Seconds second = second_of(now);
  return instant_of(cron_->of_the_day() ? next_of_the_day(*cron_, zone_, second) : next_shown(*cron_, zone_, second));
}

std::uint64_t RunTimes::between(Instant from, Instant to) const {
  const Instant first = after(from);
  if (first > to) return 0;
  if (every_ > 0) return static_cast<std::uint64_t>((to - first) / every_) + 1;
  std::uint64_t count = 0;
  for (Instant time = first; time <= to && count < kMostCounted; time = after(time)) ++count;
  return count;
}

std::string RunTimes::text(Instant instant) const {
  return cctz::format("%Y-%m-%dT%H:%M:%S%Ez", second_of(instant), zone_);
}

RunSchedule::RunSchedule(RunTimes times, std::int64_t jitter_ns, std::function<double()> draw, Instant now)
    : times_(std::move(times)), jitter_(jitter_ns), draw_(std::move(draw)), seen_(now) {
  wait_for(times_.after(now - 1));
}

void RunSchedule::wait_for(Instant time) {
  time_ = time;
  next_ = time;
  if (jitter_ <= 0) return;
  const std::int64_t most = std::min(jitter_, times_.after(time) - time);
  next_ += std::min(most - 1, static_cast<std::int64_t>(draw_() * static_cast<double>(most)));
}

std::optional<RunSchedule::Due> RunSchedule::due(Instant now) {
  if (seen_ - now > times_.most_put_back()) {
    times_.put_back(now);
    wait_for(times_.after(now - 1));
  }
  seen_ = now;
  if (now < next_) return std::nullopt;
  const Due come{1 + times_.between(time_, now), time_};
  wait_for(times_.after(now));
  return come;
}

}  // namespace weir::cli
