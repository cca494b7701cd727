// NaiveZone: whose clocks timestamps without a zone were read from, as `times: naive` says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <cctz/time_zone.h>

namespace weir::run {

// Threads: [any].
class NaiveZone {
 public:
  // Nothing if this machine knows no zone of that name.
  static std::optional<NaiveZone> named(const std::string& name);

  // The instant at which a clock there shows that, both in seconds since 1970: the first of two, where clocks were put back;
  // where they were put forward over it, as if they had not been.
  std::int64_t instant_of(std::int64_t clock) const;

 private:
  cctz::time_zone zone_;
};

}  // namespace weir::run
