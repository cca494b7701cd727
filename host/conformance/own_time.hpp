// OwnTime: how long something took, without the time in which its thread was ready and had to wait for a processor: on a machine that
// does much else that is the greater part, and no fault of a plugin.
#pragma once

#include <cstdint>

#include "plugins/host_table.hpp"
#include "security/waited.hpp"

namespace weir::conformance {

// Threads: for the one that made it.
class OwnTime {
 public:
  OwnTime() : begin_(plugins::monotonic_ns()), waited_(security::waited_ns()) {}
  std::int64_t ns() const { return plugins::monotonic_ns() - begin_ - (security::waited_ns() - waited_); }

 private:
  std::int64_t begin_, waited_;
};

}  // namespace weir::conformance
