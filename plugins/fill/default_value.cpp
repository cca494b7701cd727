#include "default_value.hpp"

#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include <weir/cpp/failure.hpp>

namespace weir::fill {
namespace {

constexpr std::int64_t kDayMillis = 86'400'000;
constexpr int kExactDigits = 15;  // of a double

bool is_string(Type type) { return type == Type::utf8 || type == Type::large_utf8 || type == Type::utf8_view; }

// What the option holds, as the text that stands for it.
std::string text_of(const Config& config, const std::string& option) {
  char room[text::kMaxDouble];
  switch (config.kind(option)) {
    case WEIR_CONFIG_BOOLEAN: return config.boolean(option) ? "true" : "false";
    case WEIR_CONFIG_INTEGER: return std::to_string(config.integer(option));
    case WEIR_CONFIG_NUMBER: return {room, text::write_double(room, config.number(option))};
    default: return std::string(config.text(option));
  }
}

template <class T>
bool keep(T value, std::string& bytes) {
  bytes.assign(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return true;
}

template <class T>
bool read_integer(std::string_view text, std::string& bytes) {
  std::int64_t value = 0;
  return text::parse_int64(text.data(), text.data() + text.size(), value) && std::in_range<T>(value) &&
         keep(static_cast<T>(value), bytes);
}

bool read_unsigned(std::string_view text, std::string& bytes) {
  std::uint64_t value = 0;
  return text::parse_uint64(text.data(), text.data() + text.size(), value) && keep(value, bytes);
}

bool read_half(std::string_view text, std::string& bytes) {
  float value = 0;
  if (!text::parse_float(text.data(), text.data() + text.size(), value)) return false;
  const Half half = to_half(value);
  return (half.bits & 0x7C00U) != 0x7C00U && keep(half.bits, bytes);
}

bool read_float(std::string_view text, std::string& bytes) {
  float value = 0;
  return text::parse_float(text.data(), text.data() + text.size(), value) && keep(value, bytes);
}

bool read_double(std::string_view text, std::string& bytes) {
  double value = 0;
  return text::parse_double(text.data(), text.data() + text.size(), value) && keep(value, bytes);
}

bool read_decimal(std::string_view text, const TypeInfo& info, std::string& bytes) {
  Int128 value = 0;
  if (!text::parse_decimal(text.data(), text.data() + text.size(), info.precision, info.scale, value)) return false;
  if (info.type == Type::decimal128) return keep(value, bytes);
  const auto sign = value < 0 ? ~std::uint64_t{0} : 0;
  return keep(Int256{{static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(value >> 64), sign, sign}}, bytes);
}

bool read_date(std::string_view text, Type type, std::string& bytes) {
  std::int32_t days = 0;
  if (!text::parse_date(text.data(), text.data() + text.size(), days)) return false;
  return type == Type::date32 ? keep(days, bytes) : keep(days * kDayMillis, bytes);
}

bool read_time(std::string_view text, const TypeInfo& info, std::string& bytes) {
  std::int64_t value = 0;
  if (!text::parse_time(text.data(), text.data() + text.size(), info.unit, value)) return false;
  return info.type == Type::time64 ? keep(value, bytes) : keep(static_cast<std::int32_t>(value), bytes);
}

bool read_timestamp(std::string_view text, const TypeInfo& info, std::string& bytes) {
  text::ReadTimestamp read;
  std::int64_t value = 0;
  if (!text::parse_timestamp(text.data(), text.data() + text.size(), read)) return false;
  const bool has_zone = read.spelling.zone != text::Spelling::Zone::none;
  return has_zone == !info.zone.empty() && text::to_unit(read, info.unit, value) && keep(value, bytes);
}

bool read_value(std::string_view text, const TypeInfo& info, std::string& bytes) {
  switch (info.type) {
    case Type::boolean: return (text == "true" || text == "false") && keep<std::uint8_t>(text == "true" ? 1 : 0, bytes);
    case Type::int8: return read_integer<std::int8_t>(text, bytes);
    case Type::uint8: return read_integer<std::uint8_t>(text, bytes);
    case Type::int16: return read_integer<std::int16_t>(text, bytes);
    case Type::uint16: return read_integer<std::uint16_t>(text, bytes);
    case Type::int32: return read_integer<std::int32_t>(text, bytes);
    case Type::uint32: return read_integer<std::uint32_t>(text, bytes);
    case Type::int64: return read_integer<std::int64_t>(text, bytes);
    case Type::uint64: return read_unsigned(text, bytes);
    case Type::float16: return read_half(text, bytes);
    case Type::float32: return read_float(text, bytes);
    case Type::float64: return read_double(text, bytes);
    case Type::decimal128:
    case Type::decimal256: return read_decimal(text, info, bytes);
    case Type::date32:
    case Type::date64: return read_date(text, info.type, bytes);
    case Type::time32:
    case Type::time64: return read_time(text, info, bytes);
    case Type::timestamp: return read_timestamp(text, info, bytes);
    default: return false;
  }
}

std::string hint_of(const TypeInfo& info) {
  switch (info.type) {
    case Type::boolean: return "write true or false";
    case Type::float16:
    case Type::float32:
    case Type::float64: return "write a number within the type's range, such as 0.5";
    case Type::decimal128:
    case Type::decimal256:
      return "write it in quotes, such as \"12.5\": at most " +
             std::to_string(info.precision < 38 ? info.precision : 38) + " digits, of them " +
             std::to_string(info.scale) + " behind the point";
    case Type::utf8:
    case Type::large_utf8:
    case Type::utf8_view: return "put it in quotes";
    case Type::date32:
    case Type::date64: return "write it as \"2026-01-31\"";
    case Type::time32:
    case Type::time64: return "write it as \"12:30:00\", with no more digits of a second than the column has";
    case Type::timestamp:
      return std::string("write it as \"2026-01-31T12:30:00") + (info.zone.empty() ? "" : "Z") +
             "\", with no more digits of a second than the column has";
    default: return "write a whole number within the type's range; from 9223372036854775807 on in quotes";
  }
}

bool can_be_filled(const ArrowSchema& field) {
  if (field.dictionary != nullptr) return false;
  const TypeInfo info = type_of(field);
  const bool is_span = info.type == Type::duration || info.type == Type::interval || info.type == Type::fixed_binary;
  return info.type == Type::boolean || is_string(info.type) || (value_width(info) > 0 && !is_span);
}

// Whether the text says all that the option does: a double and an integer at the end of its range may have lost digits.
bool is_exact(const Config& config, const std::string& option, const TypeInfo& info, std::string_view text) {
  const std::int32_t kind = config.kind(option);
  if (kind == WEIR_CONFIG_INTEGER) return config.integer(option) != std::numeric_limits<std::int64_t>::max();
  const bool is_decimal = info.type == Type::decimal128 || info.type == Type::decimal256;
  if (kind != WEIR_CONFIG_NUMBER || !is_decimal) return true;
  text::NumberText number;
  return text::scan_number(text.data(), text.data() + text.size(), number) && number.significant <= kExactDigits;
}

}  // namespace

std::string default_value(const Config& config, const std::string& option, const ArrowSchema& field) {
  const TypeInfo info = type_of(field);
  if (!can_be_filled(field)) {
    const std::string found = field.dictionary != nullptr ? "a dictionary" : type_name(field);
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected a column that can be filled, found " + found)
        .option(option)
        .hint("columns of bool, numbers, decimals, strings, dates, times and timestamps can");
  }
  const std::string text = text_of(config, option);
  const bool is_text = config.kind(option) == WEIR_CONFIG_TEXT;
  std::string bytes = text;
  const bool fits =
      is_string(info.type) ? is_text : is_exact(config, option, info, text) && read_value(text, info, bytes);
  if (fits) return bytes;
  throw Failure(
      WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
      "expected a value of the column's type " + type_name(field) + ", found " + (is_text ? "'" + text + "'" : text))
      .option(option)
      .hint(hint_of(info));
}

}  // namespace weir::fill
