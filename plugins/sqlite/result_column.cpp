#include "result_column.hpp"

#include <bit>
#include <charconv>
#include <limits>

#include <weir/cpp/utf8.hpp>

namespace weir::sqlite {
namespace {

constexpr std::size_t kMostBytes = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kLongestNumber = 400;  // of a double without exponent

bool has_bytes(Type type) { return type == Type::utf8 || type == Type::binary; }

void set_bit(Buffer& bits, std::size_t row, bool value) {
  const auto mask = static_cast<std::uint8_t>(1U << (row & 7U));
  std::uint8_t& byte = bits.data()[row >> 3U];
  byte = static_cast<std::uint8_t>(value ? byte | mask : byte & ~mask);
}

std::size_t ones(const Buffer& bits, std::size_t rows) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < rows / 8; ++i) count += static_cast<std::size_t>(std::popcount(bits.data()[i]));
  const unsigned rest = rows % 8 == 0 ? 0 : bits.data()[rows / 8] & ((1U << (rows % 8)) - 1U);
  return count + static_cast<std::size_t>(std::popcount(rest));
}

}  // namespace

ResultColumn::ResultColumn(const ArrowSchema& field, std::size_t capacity)
    : name_(field.name), type_(type_name(field)), info_(type_of(field)), capacity_(capacity) {
  width_ = has_bytes(info_.type)                                     ? sizeof(std::int32_t)
           : info_.type == Type::boolean || info_.type == Type::null ? 0
                                                                     : static_cast<std::size_t>(value_width(info_));
}

void ResultColumn::begin() {
  if (info_.type == Type::null) return;
  values_.resize(width_ == 0 ? capacity_ / 8 + 1 : (capacity_ + 1) * width_);
  valid_.resize(capacity_ / 8 + 1);
  data_.reserve(usual_bytes_);
  if (has_bytes(info_.type)) values_.as<std::int32_t>()[0] = 0;
}

std::size_t ResultColumn::size_bytes(std::size_t rows) const { return width_ * rows + data_.size(); }

template <class T>
const char* ResultColumn::set(std::size_t row, T value) {
  values_.as<T>()[row] = value;
  return nullptr;
}

const char* ResultColumn::append(std::string_view bytes) {
  if (bytes.size() > kMostBytes - data_.size()) return "too long for a batch";
  data_.append(bytes.data(), bytes.size());
  return nullptr;
}

const char* ResultColumn::put(std::size_t row, const Value& value) {
  const bool null = value.kind == Value::Kind::null;
  if (info_.type == Type::null) return null ? nullptr : "not null";
  set_bit(valid_, row, !null);
  const bool bytes = has_bytes(info_.type);
  // Takes back what a row that was left out had put here.
  if (bytes) data_.resize(static_cast<std::size_t>(values_.as<std::int32_t>()[row]));
  const char* reason = nullptr;
  if (!null) {
    reason = put_value(row, value);
  } else if (width_ == 16) {
    set<Int128>(row, 0);
  } else if (width_ == 8) {
    set<std::int64_t>(row, 0);
  } else if (width_ == 4 && !bytes) {
    set<std::int32_t>(row, 0);
  } else if (width_ == 0) {
    set_bit(values_, row, false);
  }
  if (bytes) set<std::int32_t>(row + 1, static_cast<std::int32_t>(data_.size()));
  return reason;
}

const char* ResultColumn::put_value(std::size_t row, const Value& value) {
  using Kind = Value::Kind;
  switch (info_.type) {
    case Type::int64: return value.kind == Kind::integer ? set(row, value.integer) : "not an integer";
    case Type::float64:
      if (value.kind == Kind::real) return set(row, value.real);
      if (value.kind != Kind::integer) return "not a number";
      if (value.integer < -kLargestExact || value.integer > kLargestExact)
        return "an integer that a double would round";
      return set(row, static_cast<double>(value.integer));
    case Type::uint64: {
      std::uint64_t number = static_cast<std::uint64_t>(value.integer);
      const char* const begin = value.bytes.data();
      const bool fine = value.kind == Kind::integer
                            ? value.integer >= 0
                            : value.kind == Kind::text && text::parse_uint64(begin, begin + value.bytes.size(), number);
      return fine ? set(row, number) : "not an integer of 64 bits without sign";
    }
    case Type::utf8: return put_text(value);
    case Type::binary: return value.kind == Kind::blob ? append(value.bytes) : "not bytes";
    case Type::boolean: return put_boolean(row, value);
    case Type::decimal128: return put_decimal(row, value);
    default: return put_moment(row, value);
  }
}

// Numbers become the text that reads back as the same number.
const char* ResultColumn::put_text(const Value& value) {
  char number[text::kMaxDouble];
  switch (value.kind) {
    case Value::Kind::text:
      return invalid_utf8(value.bytes) == std::string_view::npos ? append(value.bytes) : "not UTF-8";
    case Value::Kind::integer:
      return append({number, static_cast<std::size_t>(text::write_int64(number, value.integer) - number)});
    case Value::Kind::real:
      return append({number, static_cast<std::size_t>(text::write_double(number, value.real) - number)});
    default: return "not text";
  }
}

const char* ResultColumn::put_boolean(std::size_t row, const Value& value) {
  if (value.kind != Value::Kind::integer || (value.integer != 0 && value.integer != 1)) return "not a boolean (0 or 1)";
  set_bit(values_, row, value.integer == 1);
  return nullptr;
}

const char* ResultColumn::put_decimal(std::size_t row, const Value& value) {
  char digits[kLongestNumber];
  std::string_view text = value.bytes;
  if (value.kind == Value::Kind::integer) {
    text = {digits, static_cast<std::size_t>(text::write_int64(digits, value.integer) - digits)};
  } else if (value.kind == Value::Kind::real) {
    const auto written = std::to_chars(digits, digits + sizeof digits, value.real, std::chars_format::fixed);
    text = {digits, static_cast<std::size_t>(written.ptr - digits)};
  } else if (value.kind != Value::Kind::text) {
    return "not a decimal number";
  }
  Int128 unscaled = 0;
  const bool fine = text::parse_decimal(text.data(), text.data() + text.size(), info_.precision, info_.scale, unscaled);
  return fine ? set(row, unscaled) : "not a decimal number of this precision and scale";
}

const char* ResultColumn::put_moment(std::size_t row, const Value& value) {
  const char* const begin = value.bytes.data();
  const char* const end = begin + value.bytes.size();
  const bool text = value.kind == Value::Kind::text;
  std::int64_t number = 0;
  if (info_.type == Type::date32) {
    std::int32_t day = 0;
    return text && text::parse_date(begin, end, day) ? set(row, day) : "not a date";
  }
  if (info_.type == Type::time64)
    return text && text::parse_time(begin, end, info_.unit, number) ? set(row, number) : "not a time";
  text::ReadTimestamp read;
  if (!text || !text::parse_timestamp(begin, end, read)) return "not a timestamp";
  if ((read.spelling.zone != text::Spelling::Zone::none) != !info_.zone.empty())
    return info_.zone.empty() ? "a timestamp with a zone" : "a timestamp without a zone";
  return text::to_unit(read, info_.unit, number) ? set(row, number) : "out of range";
}

Array ResultColumn::finish(std::size_t rows) {
  const auto length = static_cast<std::int64_t>(rows);
  if (info_.type == Type::null) return make_array(length, length, {});
  const auto nulls = length - static_cast<std::int64_t>(ones(valid_, rows));
  std::vector<Buffer> buffers(has_bytes(info_.type) ? 3 : 2);
  if (nulls > 0) buffers[0] = std::exchange(valid_, Buffer());
  buffers[1] = std::exchange(values_, Buffer());
  usual_bytes_ = data_.size();
  if (buffers.size() == 3) buffers[2] = std::exchange(data_, Buffer());
  return make_array(length, nulls, std::move(buffers));
}

}  // namespace weir::sqlite
