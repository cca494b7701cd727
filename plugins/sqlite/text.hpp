// Texts of values that neither SQLite nor the SDK's text.hpp has: intervals, and decimals of 256 bits. [any]
#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::sqlite {

inline constexpr int kMaxScale = 100;         // of a decimal, above and below zero
inline constexpr std::size_t kMaxText = 200;  // bytes that a writer here needs at most

// Writes an ISO 8601 duration, P1M2DT3.5S, and gives its end; parts that are zero are left out.
char* write_interval(char* to, std::int64_t months, std::int64_t days, std::int64_t nanoseconds);
// Writes a two's complement integer of 32 bytes with `scale` decimals, and gives its end. |scale| is at most kMaxScale.
char* write_decimal256(char* to, const void* bytes, int scale);

}  // namespace weir::sqlite
