// Texts of the types that only JSON writes so: decimals of 256 bits, durations and intervals (ISO 8601).
#pragma once

#include <cstdint>

#include <weir/arrow.hpp>

namespace weir::json {

// All write from `to` on and give the end. At most 240 bytes.
char* write_decimal256(char* to, const char* unscaled, int scale);
char* write_duration(char* to, std::int64_t value, Unit unit);             // "PT1.5S", "-PT3S"
char* write_months(char* to, std::int64_t months);                         // "P14M", "P-1M"
char* write_days(char* to, std::int64_t days, std::int64_t milliseconds);  // "P3DT0.25S", each with its own sign
char* write_months_days(char* to, const char* value);                      // "P1M-2DT3S"

}  // namespace weir::json
