#include "run/naive_zone.hpp"

#include <cctz/civil_time.h>

namespace weir::run {

std::optional<NaiveZone> NaiveZone::named(const std::string& name) {
  NaiveZone made;
  if (!cctz::load_time_zone(name, &made.zone_)) return std::nullopt;
  return made;
}

std::int64_t NaiveZone::instant_of(std::int64_t clock) const {
  return zone_.lookup(cctz::civil_second(1970, 1, 1) + clock).pre.time_since_epoch().count();
}

}  // namespace weir::run
