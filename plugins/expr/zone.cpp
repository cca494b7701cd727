// Zones: see zone.hpp.
#include "zone.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

namespace weir::expr {
namespace {

using Seconds = cctz::time_point<cctz::seconds>;

// Beyond these rules are those of the first and last years that cctz knows.
constexpr std::int64_t kFarthest = std::int64_t{1} << 55U;

Seconds point_of(std::int64_t instant) { return Seconds(cctz::seconds(instant)); }

// The first instant of the new offset. What clocks show then is shown once, or for the second time.
std::int64_t moment_of(const cctz::time_zone& zone, const cctz::time_zone::civil_transition& change) {
  const auto found = zone.lookup(change.to);
  const bool again = found.kind == cctz::time_zone::civil_lookup::REPEATED;
  return (again ? found.trans : found.pre).time_since_epoch().count();
}

// "+02:00", "-0530", "+2": seconds; nothing if it is none.
std::optional<std::int64_t> fixed_offset(std::string_view name) {
  if (name.size() < 2 || (name[0] != '+' && name[0] != '-')) return std::nullopt;
  std::int64_t digits = 0, count = 0;
  for (const char c : name.substr(1)) {
    if (c == ':' && count == 2) continue;
    if (c < '0' || c > '9' || ++count > 4) return std::nullopt;
    digits = digits * 10 + (c - '0');
  }
  const std::int64_t hours = count <= 2 ? digits : digits / 100, minutes = count <= 2 ? 0 : digits % 100;
  if (count == 3 || hours > 23 || minutes > 59) return std::nullopt;
  return (hours * 3600 + minutes * 60) * (name[0] == '-' ? -1 : 1);
}

}  // namespace

struct Zone::Rules {
  cctz::time_zone zone;
};

std::optional<Zone> Zone::named(std::string_view name) {
  auto rules = std::make_shared<Rules>();
  if (name == "Z" || name == "utc") name = "UTC";
  if (const auto offset = fixed_offset(name)) {
    rules->zone = cctz::fixed_time_zone(cctz::seconds(*offset));
    return Zone(std::move(rules));
  }
  // Names that begin otherwise are paths and cctz's own, and differ from machine to machine.
  const bool plain = !name.empty() && ((name[0] >= 'A' && name[0] <= 'Z') || (name[0] >= 'a' && name[0] <= 'z')) &&
                     name != "localtime" && name.find("..") == std::string_view::npos;
  if (!plain || !cctz::load_time_zone(std::string(name), &rules->zone)) return std::nullopt;
  return Zone(std::move(rules));
}

void Zone::look_up(std::int64_t instant) const {
  const cctz::time_zone& zone = rules_->zone;
  const Seconds point = point_of(std::clamp(instant, -kFarthest, kFarthest));
  offset_ = zone.lookup(point).offset;
  from_ = std::numeric_limits<std::int64_t>::min();
  until_ = std::numeric_limits<std::int64_t>::max();
  cctz::time_zone::civil_transition change;
  if (zone.prev_transition(point + cctz::seconds(1), &change)) from_ = moment_of(zone, change);
  if (zone.next_transition(point, &change)) until_ = moment_of(zone, change);
}

std::int64_t Zone::instant_of(std::int64_t clock) const {
  // Where the offset before and after is the same one, no clock was changed near: no look-up is needed.
  constexpr std::int64_t kDay = 86'400;
  if (clock < -kFarthest || clock > kFarthest) return clock - offset_at(clock);
  const std::int64_t offset = offset_at(clock - kDay);
  if (until_ - kDay > clock) return clock - offset;
  const cctz::civil_second civil = cctz::civil_second(1970, 1, 1) + clock;
  return rules_->zone.lookup(civil).pre.time_since_epoch().count();
}

}  // namespace weir::expr
