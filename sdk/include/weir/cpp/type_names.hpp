// Names of types, as manifests have them: the reverse of type_name(). Every component that takes the name of a type takes
// these.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema.hpp"
#include "suggest.hpp"

namespace weir {

// A type that was named. `any_unit`: a time or timestamp of which no unit was said; `format` then has microseconds.
struct NamedType {
  std::string format;
  bool any_unit = false;
};

namespace detail {

struct PlainType {
  std::string_view name, format;
};

// The first name of a format is the one that is suggested.
inline constexpr PlainType kPlainTypes[] = {
    {"string", "u"},  {"int64", "l"},   {"int32", "i"},  {"int16", "s"},  {"int8", "c"},    {"uint64", "L"},
    {"uint32", "I"},  {"uint16", "S"},  {"uint8", "C"},  {"double", "g"}, {"float", "f"},   {"bool", "b"},
    {"date", "tdD"},  {"binary", "z"},  {"text", "u"},   {"int", "l"},    {"integer", "l"}, {"bigint", "l"},
    {"float64", "g"}, {"float32", "f"}, {"boolean", "b"}};

inline std::string without_blanks(std::string_view text) {
  std::string out(text);
  std::erase(out, ' ');
  return out;
}

inline std::string in_small_letters(std::string_view text) {
  std::string out;
  for (const char c : text) out += small_letter(c);
  return out;
}

inline std::optional<NamedType> decimal_named(const std::vector<std::string>& arguments) {
  std::int32_t numbers[2] = {0, 0};
  if (arguments.empty() || arguments.size() > 2) return std::nullopt;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const char* end = arguments[i].data() + arguments[i].size();
    const auto read = std::from_chars(arguments[i].data(), end, numbers[i]);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  }
  if (numbers[0] < 1 || numbers[0] > 38 || numbers[1] < 0 || numbers[1] > numbers[0]) return std::nullopt;
  return NamedType{"d:" + std::to_string(numbers[0]) + "," + std::to_string(numbers[1])};
}

// `letter`: 's' of a timestamp, 't' of a time.
inline std::optional<NamedType> moment_named(char letter, const std::vector<std::string>& arguments) {
  static constexpr std::string_view kUnits[] = {"s", "ms", "us", "ns"};
  std::size_t unit = 2;
  if (!arguments.empty()) {
    const std::string name = in_small_letters(arguments[0]);
    unit = static_cast<std::size_t>(std::find(std::begin(kUnits), std::end(kUnits), name) - std::begin(kUnits));
    if (unit == std::size(kUnits)) return std::nullopt;
  }
  if (arguments.size() > (letter == 's' ? 2U : 1U)) return std::nullopt;
  if (arguments.size() == 2 && arguments[1].empty()) return std::nullopt;
  std::string format = std::string("t") + letter + "smun"[unit];
  if (letter == 's') format += ":" + (arguments.size() == 2 ? arguments[1] : std::string());
  return NamedType{std::move(format), arguments.empty()};
}

}  // namespace detail

// The type that `text` names: "int64", "decimal(10,2)", "timestamp(us, UTC)"; none if it names none. Case and blanks don't
// matter, but for the letters of a zone.
inline std::optional<NamedType> type_named(std::string_view text) {
  const std::string squeezed = detail::without_blanks(text);
  const std::size_t open = std::min(squeezed.find('('), squeezed.size());
  const std::string name = detail::in_small_letters(squeezed.substr(0, open));
  std::vector<std::string> arguments;
  if (open < squeezed.size()) {
    if (squeezed.back() != ')') return std::nullopt;
    std::string_view rest = std::string_view(squeezed).substr(open + 1, squeezed.size() - open - 2);
    while (true) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      arguments.emplace_back(rest.substr(0, comma));
      if (comma == rest.size()) break;
      rest.remove_prefix(comma + 1);
    }
  }
  if (name == "decimal") return detail::decimal_named(arguments);
  if (name == "timestamp") return detail::moment_named('s', arguments);
  if (name == "time") return detail::moment_named('t', arguments);
  if (!arguments.empty()) return std::nullopt;
  for (const auto& plain : detail::kPlainTypes) {
    if (plain.name == name) return NamedType{std::string(plain.format)};
  }
  return std::nullopt;
}

// The hint for a text that names no type: "did you mean 'int64'?", else what there is.
inline std::string type_hint(std::string_view text) {
  std::vector<std::string_view> names;
  for (const auto& plain : detail::kPlainTypes) names.push_back(plain.name);
  for (const std::string_view name : {"decimal(10,2)", "time", "timestamp", "timestamp(us, UTC)"})
    names.push_back(name);
  const std::string_view nearest = nearest_name(text, names);
  if (!nearest.empty()) return "did you mean '" + std::string(nearest) + "'?";
  return "types are int8 to int64, uint8 to uint64, float, double, decimal(10,2), string, bool, date, time, timestamp, "
         "timestamp(us, UTC), binary";
}

}  // namespace weir
