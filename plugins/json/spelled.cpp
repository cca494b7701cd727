#include "spelled.hpp"

#include <limits>

namespace weir::json {
namespace {

template <class T>
bool add_narrow(FieldBuilder& to, std::int64_t value) {
  if (value < static_cast<std::int64_t>(std::numeric_limits<T>::min()) ||
      value > static_cast<std::int64_t>(std::numeric_limits<T>::max()))
    return false;
  to.add(static_cast<T>(value));
  return true;
}

int base64_digit(char byte) {
  if (byte >= 'A' && byte <= 'Z') return byte - 'A';
  if (byte >= 'a' && byte <= 'z') return byte - 'a' + 26;
  if (byte >= '0' && byte <= '9') return byte - '0' + 52;
  return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

// Bytes as base64 with padding (RFC 4648), as they are written.
const char* add_bytes(FieldBuilder& to, std::string_view text) {
  constexpr const char* kNone = "not base64";
  if (text.size() % 4 != 0) return kNone;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t skipped = i + 4 == text.size() ? padding : 0;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const int digit = k < 4 - skipped ? base64_digit(text[i + k]) : 0;
      if (digit < 0) return kNone;
      group = group << 6U | static_cast<std::uint32_t>(digit);
    }
    if (skipped > 0 && (group & (skipped == 1 ? 0xFFU : 0xFFFFU)) != 0) return kNone;
    for (std::size_t k = 0; k < 3 - skipped; ++k) {
      const auto byte = static_cast<std::uint8_t>(group >> (16 - 8 * k));
      to.data().append(&byte, 1);
    }
  }
  to.end_text();
  return nullptr;
}

const char* add_timestamp(FieldBuilder& to, std::string_view text) {
  text::ReadTimestamp read;
  std::int64_t value = 0;
  if (!text::parse_timestamp(text.data(), text.data() + text.size(), read)) return "not a timestamp";
  if ((read.spelling.zone != text::Spelling::Zone::none) != to.field().zoned) return "not a timestamp";
  if (!text::to_unit(read, to.field().unit, value)) return "out of range";
  to.add(value);
  return nullptr;
}

const char* add_number(FieldBuilder& to, std::string_view text) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  text::NumberText number;
  if (!text::scan_number(begin, end, number)) return "not a number";
  double real = 0;
  float narrow = 0;
  Int128 wide = 0;
  switch (to.field().type) {
    case Type::float64:
      if (!text::to_double(number, begin, end, real)) return "out of range";
      to.add(real);
      return nullptr;
    case Type::float32:
      if (!text::parse_float(begin, end, narrow)) return "out of range";
      to.add(narrow);
      return nullptr;
    case Type::decimal128:
      if (!text::parse_decimal(begin, end, to.field().precision, to.field().scale, wide)) return "out of range";
      to.add(wide);
      return nullptr;
    default:
      if (!number.integer) return "not an integer";
      return add_integer(to, number, begin, end) ? nullptr : "out of range";
  }
}

}  // namespace

bool add_integer(FieldBuilder& to, const text::NumberText& number, const char* begin, const char* end) {
  const bool zero = number.significant == 0;
  if (to.field().type == Type::uint64) {
    std::uint64_t large = 0;
    if (!zero && !text::parse_uint64(begin, end, large)) return false;
    to.add(large);
    return true;
  }
  std::int64_t value = 0;
  if (number.significant <= 18) {
    value = static_cast<std::int64_t>(number.digits);
    if (number.negative) value = -value;
  } else if (!text::parse_int64(begin, end, value)) {
    return false;
  }
  switch (to.field().type) {
    case Type::int8: return add_narrow<std::int8_t>(to, value);
    case Type::uint8: return add_narrow<std::uint8_t>(to, value);
    case Type::int16: return add_narrow<std::int16_t>(to, value);
    case Type::uint16: return add_narrow<std::uint16_t>(to, value);
    case Type::int32: return add_narrow<std::int32_t>(to, value);
    case Type::uint32: return add_narrow<std::uint32_t>(to, value);
    default: to.add(value); return true;
  }
}

const char* add_spelled(FieldBuilder& to, std::string_view text) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  std::int32_t days = 0;
  std::int64_t value = 0;
  switch (to.field().type) {
    case Type::date32:
      if (!text::parse_date(begin, end, days)) return "not a date";
      to.add(days);
      return nullptr;
    case Type::time64:
      if (!text::parse_time(begin, end, to.field().unit, value)) return "not a time";
      to.add(value);
      return nullptr;
    case Type::timestamp: return add_timestamp(to, text);
    case Type::binary: return add_bytes(to, text);
    case Type::boolean:
      if (text != "true" && text != "false") return "not true or false";
      to.add_boolean(text == "true");
      return nullptr;
    default: return add_number(to, text);
  }
}

}  // namespace weir::json
