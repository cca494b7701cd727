// Durations and sizes as people write them: "200ms", "64MiB". The unit is required.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace weir::base {

// Parses a duration: digits, perhaps a fraction, and one of ns us ms s m h d. Gives nanoseconds.
Result<std::int64_t> parse_duration_ns(std::string_view text);

// Parses a size: digits, perhaps a fraction, and one of B kB MB GB TB KiB MiB GiB TiB. Gives bytes.
Result<std::int64_t> parse_size_bytes(std::string_view text);

// Writes them back, in the largest unit that fits: "1.31 GB", "12.4 s", "64 MiB" (binary).
std::string format_bytes(std::uint64_t bytes);
std::string format_binary_bytes(std::uint64_t bytes);
std::string format_duration_ns(std::int64_t duration_ns);

// Writes 10000000 as "10,000,000".
std::string format_count(std::uint64_t count);

// The nearest of `candidates` by edit distance, or empty if none is near enough to be what was meant.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace weir::base
