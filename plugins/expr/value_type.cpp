// Types: from Arrow, to Arrow, in words.
#include "value_type.hpp"

#include <array>

namespace weir::expr {
namespace {

std::array<Int128, 39> powers_of_ten() {
  std::array<Int128, 39> powers{};
  Int128 power = 1;
  for (std::size_t i = 0; i < powers.size(); ++i) {
    powers[i] = power;
    if (i + 1 < powers.size()) power *= 10;
  }
  return powers;
}

ValueType integer(std::int32_t digits) { return {.kind = Kind::integer, .precision = digits}; }

}  // namespace

Int128 power_of_ten(std::int32_t exponent) {
  static const std::array<Int128, 39> kPowers = powers_of_ten();
  return kPowers[static_cast<std::size_t>(exponent)];
}

ValueType value_type_of(const ArrowSchema& field) {
  const TypeInfo info = type_of(field.dictionary == nullptr ? field : *field.dictionary);
  switch (info.type) {
    case Type::null: return {};
    case Type::boolean: return {.kind = Kind::boolean};
    case Type::int8:
    case Type::uint8: return integer(3);
    case Type::int16:
    case Type::uint16: return integer(5);
    case Type::int32:
    case Type::uint32: return integer(10);
    case Type::int64: return integer(19);
    case Type::uint64: return {.kind = Kind::decimal, .precision = 20};
    case Type::float16:
    case Type::float32:
    case Type::float64: return {.kind = Kind::real};
    case Type::decimal128:
      if (info.scale < 0 || info.scale > kMaximumPrecision) return {.kind = Kind::other};
      return {.kind = Kind::decimal, .precision = info.precision, .scale = info.scale};
    case Type::utf8:
    case Type::large_utf8:
    case Type::utf8_view: return {.kind = Kind::text};
    case Type::date32:
    case Type::date64: return {.kind = Kind::date};
    case Type::time32:
    case Type::time64: return {.kind = Kind::time, .unit = info.unit};
    case Type::duration: return {.kind = Kind::duration, .unit = info.unit};
    case Type::timestamp:
      return {.kind = Kind::timestamp, .unit = info.unit, .zoned = !info.zone.empty(), .zone = std::string(info.zone)};
    default: return {.kind = Kind::other};
  }
}

std::string format_of(const ValueType& type) {
  const char unit = "smun"[static_cast<std::size_t>(type.unit)];
  switch (type.kind) {
    case Kind::null: return "n";
    case Kind::boolean: return "b";
    case Kind::integer: return "l";
    case Kind::real: return "g";
    case Kind::text: return "u";
    case Kind::date: return "tdD";
    case Kind::decimal: return "d:" + std::to_string(type.precision) + "," + std::to_string(type.scale);
    case Kind::timestamp: return std::string("ts") + unit + ":" + type.zone;
    case Kind::time: return std::string("tt") + unit;
    case Kind::duration: return std::string("tD") + unit;
    case Kind::other: break;
  }
  return {};
}

std::string name_of(const ValueType& type) {
  if (type.kind == Kind::other) return "unknown";
  const Schema field = Schema::field(format_of(type), "");
  return type_name(field.get());
}

}  // namespace weir::expr
