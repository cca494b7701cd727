// Texts of values that SQLite has no type for: dates, times, timestamps, intervals, decimals. All are ISO 8601, or the
// spelling that the column's metadata asks for. Writers take where to write and give the end; nothing allocates. [any]
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::sqlite {

inline constexpr std::size_t kMaxText = 200;  // bytes that any writer here needs at most

// How a timestamp is written.
struct Spelling {
  char separator = 'T';
  int digits = 0;                  // of the fraction, at least
  bool utc = false;                // ends with Z
  bool offset = false;             // ends with offset_minutes
  std::int32_t offset_minutes = 0;
};

// Reads kSpellingKey's value; an empty or unknown one gives `otherwise`.
Spelling spelling_of(std::string_view text, const Spelling& otherwise);

// Days since 1970-01-01, as YYYY-MM-DD (years beyond four digits, or before 0, with a sign).
char* write_date(char* to, std::int64_t days);
// Ticks of `per_second` since midnight, as HH:MM:SS and a fraction of `digits` digits.
char* write_time(char* to, std::int64_t ticks, std::int64_t per_second, int digits);
// Ticks since 1970 in UTC. Writes more digits than the spelling says if the value needs them.
char* write_timestamp(char* to, std::int64_t ticks, std::int64_t per_second, int unit_digits, const Spelling& spelling);
// An ISO 8601 duration: P1M2DT3.5S; parts that are zero are left out.
char* write_interval(char* to, std::int64_t months, std::int64_t days, std::int64_t nanoseconds);
// A two's complement integer of 16 or 32 bytes, with `scale` decimals.
char* write_decimal(char* to, const void* bytes, int width, int scale);

}  // namespace weir::sqlite
