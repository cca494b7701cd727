// Types: what the format texts of Arrow mean, and the texts of those that cross (weir.h, "Arrow").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../weir.h"

namespace weir {

// The types that cross; `unknown`: a format text that is none of them.
enum class Type : std::int32_t {
  null,
  boolean,
  int8,
  uint8,
  int16,
  uint16,
  int32,
  uint32,
  int64,
  uint64,
  float16,
  float32,
  float64,
  decimal128,
  decimal256,
  utf8,
  large_utf8,
  utf8_view,
  binary,
  large_binary,
  binary_view,
  fixed_binary,
  date32,
  date64,
  time32,
  time64,
  timestamp,
  duration,
  interval,
  list,
  large_list,
  fixed_list,
  structure,
  map,
  unknown,
};

// The unit of a time, a timestamp or a duration.
enum class Unit : std::int32_t { second, milli, micro, nano };

// A format text, taken apart. `zone` points into the text. Of a dictionary it is the type of the indices.
struct TypeInfo {
  Type type = Type::unknown;
  Unit unit = Unit::second;    // time, timestamp, duration
  std::int32_t precision = 0;  // decimals
  std::int32_t scale = 0;      // decimals
  std::int32_t width = 0;      // fixed-size binary, interval: bytes of a value; fixed-size list: items
  std::string_view zone;       // timestamps; empty: none
};

namespace detail {

// Every format of one letter, in the order of the types that they name; '-': a type that has none.
inline constexpr std::string_view kLetters = "nbcCsSiIlLefg--uU-zZ";
inline constexpr std::string_view kUnitLetters = "smun";

// Take what `text` begins with off it; false, if it begins with something else.
inline bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}
inline bool take_number(std::string_view& text, std::int32_t& value) {
  const bool negative = take(text, "-");
  std::size_t digits = 0;
  for (value = 0; digits < text.size() && digits < 9 && text[digits] >= '0' && text[digits] <= '9'; ++digits)
    value = value * 10 + (text[digits] - '0');
  text.remove_prefix(digits);
  if (negative) value = -value;
  return digits > 0;
}
inline bool take_unit(std::string_view& text, Unit& unit) {
  const std::size_t at = text.empty() ? std::string_view::npos : kUnitLetters.find(text[0]);
  if (at == std::string_view::npos) return false;
  unit = static_cast<Unit>(at);
  text.remove_prefix(1);
  return true;
}

// These take apart what stands behind the letters that say the family, and leave the type unknown if they can't.
inline TypeInfo decimal(std::string_view text) {
  TypeInfo info;
  std::int32_t bits = 128;
  bool good = take_number(text, info.precision) && take(text, ",") && take_number(text, info.scale);
  if (good && !text.empty()) good = take(text, ",") && take_number(text, bits);
  if (!good || !text.empty()) return info;
  info.type = bits == 128 ? Type::decimal128 : bits == 256 ? Type::decimal256 : Type::unknown;
  return info;
}

inline TypeInfo fixed(Type type, std::string_view text) {
  TypeInfo info;
  if (take_number(text, info.width) && text.empty()) info.type = type;
  return info;
}

inline TypeInfo with_unit(Type type, std::string_view text) {
  TypeInfo info;
  if (take_unit(text, info.unit) && text.empty()) info.type = type;
  if (info.type == Type::time64 && info.unit < Unit::micro) info.type = Type::time32;
  return info;
}

inline TypeInfo timestamp(std::string_view text) {
  TypeInfo info;
  if (!take_unit(text, info.unit) || !take(text, ":")) return info;
  info.type = Type::timestamp;
  info.zone = text;
  return info;
}

inline TypeInfo interval(std::string_view text) {
  TypeInfo info;
  info.width = text == "M" ? 4 : text == "D" ? 8 : text == "n" ? 16 : 0;
  if (info.width > 0) info.type = Type::interval;
  return info;
}

inline TypeInfo plain(Type type) {
  TypeInfo info;
  info.type = type;
  return info;
}

inline TypeInfo temporal(std::string_view text) {
  if (text == "dD") return plain(Type::date32);
  if (text == "dm") return plain(Type::date64);
  if (take(text, "t")) return with_unit(Type::time64, text);
  if (take(text, "D")) return with_unit(Type::duration, text);
  if (take(text, "s")) return timestamp(text);
  if (take(text, "i")) return interval(text);
  return {};
}

inline TypeInfo nested(std::string_view text) {
  if (text == "l") return plain(Type::list);
  if (text == "L") return plain(Type::large_list);
  if (text == "s") return plain(Type::structure);
  if (text == "m") return plain(Type::map);
  if (take(text, "w:")) return fixed(Type::fixed_list, text);
  return {};
}

}  // namespace detail

// Takes a format text apart; the type is unknown if it is not one of those that cross, to the letter.
inline TypeInfo type_of(const char* format) {
  std::string_view text = format == nullptr ? std::string_view() : std::string_view(format);
  if (text.size() == 1 && text != "-") {
    const std::size_t at = detail::kLetters.find(text[0]);
    return at == std::string_view::npos ? TypeInfo{} : detail::plain(static_cast<Type>(at));
  }
  if (detail::take(text, "t")) return detail::temporal(text);
  if (detail::take(text, "+")) return detail::nested(text);
  if (detail::take(text, "d:")) return detail::decimal(text);
  if (detail::take(text, "w:")) return detail::fixed(Type::fixed_binary, text);
  if (text == "vu") return detail::plain(Type::utf8_view);
  if (text == "vz") return detail::plain(Type::binary_view);
  return {};
}

// The type of a field; of a dictionary that of its indices.
inline TypeInfo type_of(const ArrowSchema& schema) { return type_of(schema.format); }

// The format text of a type: type_of() the other way. Empty for unknown.
inline std::string format_of(const TypeInfo& info) {
  const char unit = detail::kUnitLetters[static_cast<std::size_t>(info.unit)];
  const std::string digits = std::to_string(info.precision) + "," + std::to_string(info.scale);
  switch (info.type) {
    case Type::decimal128: return "d:" + digits;
    case Type::decimal256: return "d:" + digits + ",256";
    case Type::utf8_view: return "vu";
    case Type::binary_view: return "vz";
    case Type::fixed_binary: return "w:" + std::to_string(info.width);
    case Type::date32: return "tdD";
    case Type::date64: return "tdm";
    case Type::time32:
    case Type::time64: return std::string("tt") + unit;
    case Type::timestamp: return std::string("ts") + unit + ":" + std::string(info.zone);
    case Type::duration: return std::string("tD") + unit;
    case Type::interval: return info.width == 4 ? "tiM" : info.width == 8 ? "tiD" : "tin";
    case Type::list: return "+l";
    case Type::large_list: return "+L";
    case Type::fixed_list: return "+w:" + std::to_string(info.width);
    case Type::structure: return "+s";
    case Type::map: return "+m";
    case Type::unknown: return {};
    default: return std::string(1, detail::kLetters[static_cast<std::size_t>(info.type)]);
  }
}

// Bytes of one value in a column's data buffer; 0: not of a fixed width in bytes (boolean, text, nested).
inline std::int32_t value_width(const TypeInfo& info) {
  switch (info.type) {
    case Type::int8:
    case Type::uint8: return 1;
    case Type::int16:
    case Type::uint16:
    case Type::float16: return 2;
    case Type::int32:
    case Type::uint32:
    case Type::float32:
    case Type::date32:
    case Type::time32: return 4;
    case Type::int64:
    case Type::uint64:
    case Type::float64:
    case Type::date64:
    case Type::time64:
    case Type::timestamp:
    case Type::duration: return 8;
    case Type::decimal128: return 16;
    case Type::decimal256: return 32;
    case Type::fixed_binary:
    case Type::interval: return info.width;
    default: return 0;
  }
}

// The name of a type as people read and write it: "int64", "timestamp(us, UTC)", "decimal(10,2)", "list". It is what
// `types:` of a manifest takes and what messages show.
inline std::string type_name(const ArrowSchema& schema) {
  static constexpr const char* kNames[] = {"null",     "bool",   "int8",   "uint8",   "int16",  "uint16",    "int32",
                                           "uint32",   "int64",  "uint64", "float16", "float",  "double",    "decimal",
                                           "decimal",  "string", "string", "string",  "binary", "binary",    "binary",
                                           "binary",   "date",   "date",   "time",    "time",   "timestamp", "duration",
                                           "interval", "list",   "list",   "list",    "struct", "map",       "unknown"};
  static constexpr const char* kUnits[] = {"s", "ms", "us", "ns"};
  const TypeInfo info = type_of(schema);
  std::string name = kNames[static_cast<std::size_t>(info.type)];
  if (info.type == Type::decimal128 || info.type == Type::decimal256) {
    name += "(" + std::to_string(info.precision) + "," + std::to_string(info.scale) + ")";
  }
  if (info.type == Type::timestamp) {
    name += std::string("(") + kUnits[static_cast<std::size_t>(info.unit)];
    if (!info.zone.empty()) name += ", " + std::string(info.zone);
    name += ")";
  }
  return name;
}

}  // namespace weir
