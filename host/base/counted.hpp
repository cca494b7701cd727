// Counted: a number of things, as a message says it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/units.hpp"

namespace weir::base {

// "1 row", "10,000 rows". `what`: one of them, in a word that gets an s.
inline std::string counted(std::uint64_t count, std::string_view what) {
  return format_count(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

}  // namespace weir::base
