// Moments as people and programs read them.
#pragma once

#include <cstdint>
#include <string>

namespace weir::observe {

// Nanoseconds since 1970, of the system's clock.
std::int64_t now_ns();

// "2026-11-26T22:19:05Z"; `milliseconds`: with three digits of them.
std::string time_text(std::int64_t since_1970_ns, bool milliseconds = false);

}  // namespace weir::observe
