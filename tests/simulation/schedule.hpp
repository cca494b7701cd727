// Schedule: one run from its first start to its end, with all that a seed lets happen to it: calls that fail, whose answer is
// lost, that take effect late, or twice; workers and hosts that die at any call; others that are given a lane while its holder
// goes on (what a clock that jumps does to a lease). The same seed does the same.
#pragma once

#include <cstdint>
#include <cstdio>

#include "world.hpp"

namespace weir::simulation {

struct Verdict {
  const char* problem = nullptr;  // null: exactly once
  std::uint32_t calls = 0, accidents = 0, workers = 0;
};

// `trace`: where every call is told; null: nowhere.
Verdict simulate(std::uint64_t seed, Wrong wrong = Wrong::nothing, std::FILE* trace = nullptr);

}  // namespace weir::simulation
