// What every input must leave true.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace weir::fuzz {

// Ends the process, as a finding, if a rule does not hold.
inline void demand(bool holds, const char* rule) {
  if (holds) return;
  std::fprintf(stderr, "violated: %s\n", rule);
  std::abort();
}

}  // namespace weir::fuzz
