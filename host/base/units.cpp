// Durations, sizes and counts: parsed exactly (integers, no floating point), written for people.
#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <span>

namespace weir::base {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr std::array<Unit, 7> kDurations{{{"ns", 1},
                                          {"us", 1'000},
                                          {"ms", 1'000'000},
                                          {"s", 1'000'000'000},
                                          {"m", 60'000'000'000},
                                          {"h", 3'600'000'000'000},
                                          {"d", 86'400'000'000'000}}};
constexpr std::array<Unit, 9> kSizes{{{"B", 1},
                                      {"kB", 1'000},
                                      {"MB", 1'000'000},
                                      {"GB", 1'000'000'000},
                                      {"TB", 1'000'000'000'000},
                                      {"KiB", std::int64_t{1} << 10},
                                      {"MiB", std::int64_t{1} << 20},
                                      {"GiB", std::int64_t{1} << 30},
                                      {"TiB", std::int64_t{1} << 40}}};

// What is being parsed, for its messages.
struct Quantity {
  std::span<const Unit> units;
  std::string_view what;     // "a duration"
  std::string_view example;  // the unit that a bare number most likely meant
  std::string_view code;
};

constexpr std::string_view kDigits = "0123456789";

std::string unit_list(const Quantity& quantity) {
  std::string list;
  for (const Unit& unit : quantity.units) list += (list.empty() ? "" : ", ") + std::string(unit.name);
  return list;
}

Unexpected wrong(const Quantity& quantity, std::string_view text, std::string_view digits, bool unit_missing) {
  const std::string shown(text.substr(0, 60));
  const std::string example(quantity.example);
  Error error = manifest_error(std::string(quantity.code),
                               "expected " + std::string(quantity.what) + " with a unit, found \"" + shown + "\"");
  error.hint = unit_missing ? "write " + std::string(digits) + example + "; units: " + unit_list(quantity)
                            : "write a number and one of the units " + unit_list(quantity) + ", such as 10" + example;
  return unexpected(std::move(error));
}

// Adds digits to `value` as long as they fit; says whether they did.
bool add_digits(std::string_view digits, std::int64_t& value) {
  for (const char digit : digits) {
    if (__builtin_mul_overflow(value, std::int64_t{10}, &value)) return false;
    if (__builtin_add_overflow(value, std::int64_t{digit - '0'}, &value)) return false;
  }
  return true;
}

__extension__ using Wide = unsigned __int128;  // holds the product of a fraction's digits and a unit

// Gives whole.fraction × factor, what is below one cut off; false if it does not fit. Digits past the 18th are ignored.
bool scale(std::string_view whole, std::string_view fraction, std::int64_t factor, std::int64_t& result) {
  std::int64_t value = 0;
  if (!add_digits(whole, value) || __builtin_mul_overflow(value, factor, &value)) return false;
  Wide numerator = 0;
  Wide denominator = 1;
  for (const char digit : fraction.substr(0, 18)) {
    numerator = numerator * 10 + static_cast<unsigned>(digit - '0');
    denominator *= 10;
  }
  const auto part = static_cast<std::int64_t>(numerator * static_cast<Wide>(factor) / denominator);
  return !__builtin_add_overflow(value, part, &result);
}

Result<std::int64_t> parse(const Quantity& quantity, std::string_view text) {
  std::string_view rest = text;
  const auto take_digits = [&rest] {
    const std::size_t end = std::min(rest.find_first_not_of(kDigits), rest.size());
    const std::string_view digits = rest.substr(0, end);
    rest.remove_prefix(end);
    return digits;
  };
  const std::string_view whole = take_digits();
  std::string_view fraction;
  if (!whole.empty() && rest.starts_with('.')) {
    rest.remove_prefix(1);
    fraction = take_digits();
    if (fraction.empty()) return wrong(quantity, text, whole, false);
  }
  const std::string_view digits = text.substr(0, text.size() - rest.size());
  if (whole.empty()) return wrong(quantity, text, digits, false);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  if (rest.empty()) return wrong(quantity, text, digits, true);
  for (const Unit& unit : quantity.units) {
    if (unit.name != rest) continue;
    std::int64_t value = 0;
    if (scale(whole, fraction, unit.factor, value)) return value;
    return unexpected(manifest_error(
        std::string(quantity.code),
        "expected " + std::string(quantity.what) + " below 2^63, found \"" + std::string(text.substr(0, 60)) + "\""));
  }
  return wrong(quantity, text, digits, false);
}

// Three significant digits, without zeros at the end.
std::string three_digits(double value) {
  std::array<char, 32> buffer{};
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
  std::string text(buffer.data(), static_cast<std::size_t>(length));
  if (decimals > 0) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  return text;
}

std::string scaled(double value, double step, std::span<const std::string_view> names) {
  std::size_t index = 0;
  while (index + 1 < names.size() && value >= step - 0.5) {
    value /= step;
    ++index;
  }
  return three_digits(value) + " " + std::string(names[index]);
}

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

constexpr std::size_t kLongestWord = 64;

// Edit distance with neighbours swapped as one edit, letters' case ignored. Precondition: both at most kLongestWord.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, kLongestWord + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& before = rows[(i + 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const char x = lower(a[i - 1]);
      const char y = lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (x == y ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && x == lower(b[j - 2]) && lower(a[i - 2]) == y;
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

Result<std::int64_t> parse_duration_ns(std::string_view text) {
  return parse({kDurations, "a duration", "s", "manifest.duration"}, text);
}

Result<std::int64_t> parse_size_bytes(std::string_view text) {
  return parse({kSizes, "a size", "MiB", "manifest.size"}, text);
}

std::string format_bytes(std::uint64_t bytes) {
  static constexpr std::array<std::string_view, 7> kNames{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  return scaled(static_cast<double>(bytes), 1000, kNames);
}

std::string format_binary_bytes(std::uint64_t bytes) {
  static constexpr std::array<std::string_view, 7> kNames{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  return scaled(static_cast<double>(bytes), 1024, kNames);
}

std::string format_duration_ns(std::int64_t duration_ns) {
  if (duration_ns < 0) {
    const bool lowest = duration_ns == std::numeric_limits<std::int64_t>::min();
    return "-" + format_duration_ns(lowest ? std::numeric_limits<std::int64_t>::max() : -duration_ns);
  }
  constexpr std::int64_t kSecond = 1'000'000'000;
  if (duration_ns < 60 * kSecond - kSecond / 20) {
    static constexpr std::array<std::string_view, 4> kNames{"ns", "us", "ms", "s"};
    return scaled(static_cast<double>(duration_ns), 1000, kNames);
  }
  const std::int64_t seconds = (duration_ns - kSecond / 2) / kSecond + 1;
  const auto two = [](std::int64_t big, const char* unit, std::int64_t small, const char* small_unit) {
    return std::to_string(big) + " " + unit + (small ? " " + std::to_string(small) + " " + small_unit : std::string());
  };
  if (seconds < 3600) return two(seconds / 60, "m", seconds % 60, "s");
  if (seconds < 86400) return two(seconds / 3600, "h", seconds % 3600 / 60, "m");
  return two(seconds / 86400, "d", seconds % 86400 / 3600, "h");
}

std::string format_count(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.size() > kLongestWord) return {};
  std::size_t best = word.size() <= 1 ? 0 : word.size() <= 3 ? 1 : word.size() <= 7 ? 2 : word.size() / 3;
  std::string found;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestWord || candidate == word) continue;
    const std::size_t edits = distance(word, candidate);
    if (edits < best || (edits == best && found.empty())) {
      best = edits;
      found = candidate;
    }
  }
  return found;
}

}  // namespace weir::base
