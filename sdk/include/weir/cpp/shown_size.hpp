// shown_size(): an amount of memory as messages show it.
#pragma once

#include <cstdint>
#include <string>

namespace weir {

// "512 KiB", "256 MiB": what is more than a whole one is left out.
inline std::string shown_size(std::uint64_t bytes) {
  return bytes < (1U << 20U) ? std::to_string(bytes >> 10U) + " KiB" : std::to_string(bytes >> 20U) + " MiB";
}

}  // namespace weir
