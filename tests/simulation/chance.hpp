// Chance: what a seed decides, the same everywhere (splitmix64).
#pragma once

#include <cstdint>

namespace weir::simulation {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL) {}

  std::uint64_t bits() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31U);
  }
  // Gives a number below `bound`, which is at least 1.
  unsigned below(unsigned bound) { return static_cast<unsigned>(((bits() >> 32U) * bound) >> 32U); }
  bool one_in(unsigned count) { return below(count) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace weir::simulation
