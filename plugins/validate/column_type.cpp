// Names of types, and values in messages.
#include "column_type.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace weir::validate {
namespace {

struct Plain {
  std::string_view name, format;
};

constexpr Plain kPlain[] = {{"int8", "c"},    {"int16", "s"},  {"int32", "i"},  {"int64", "l"},  {"integer", "l"},
                            {"int", "l"},     {"uint8", "C"},  {"uint16", "S"}, {"uint32", "I"}, {"uint64", "L"},
                            {"float", "f"},   {"double", "g"}, {"string", "u"}, {"text", "u"},   {"bool", "b"},
                            {"boolean", "b"}, {"date", "tdD"}};
constexpr std::string_view kUnits[] = {"s", "ms", "us", "ns"};
constexpr std::string_view kUnitLetters = "smun";

std::string_view stripped(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> arguments_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    parts.push_back(stripped(text.substr(0, comma)));
    if (comma == text.size()) return parts;
    text.remove_prefix(comma + 1);
  }
}

NamedType made(std::string format, bool open = false) {
  const Schema field = Schema::field(format, "");
  return {{format, type_name(field.get())}, open};
}

std::optional<NamedType> decimal(const std::vector<std::string_view>& arguments) {
  std::int32_t numbers[2] = {0, 0};
  if (arguments.empty() || arguments.size() > 2) return std::nullopt;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const char* end = arguments[i].data() + arguments[i].size();
    const auto read = std::from_chars(arguments[i].data(), end, numbers[i]);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  }
  if (numbers[0] < 1 || numbers[0] > 38 || numbers[1] < 0 || numbers[1] > numbers[0]) return std::nullopt;
  return made("d:" + std::to_string(numbers[0]) + "," + std::to_string(numbers[1]));
}

std::optional<NamedType> moment(char letter, const std::vector<std::string_view>& arguments) {
  std::size_t unit = 2;
  if (!arguments.empty()) {
    unit = static_cast<std::size_t>(std::find(std::begin(kUnits), std::end(kUnits), arguments[0]) - std::begin(kUnits));
    if (unit == std::size(kUnits)) return std::nullopt;
  }
  if (arguments.size() > (letter == 's' ? 2U : 1U)) return std::nullopt;
  std::string format = std::string("t") + letter + kUnitLetters[unit];
  if (letter == 's') format += ":" + std::string(arguments.size() == 2 ? arguments[1] : std::string_view());
  return made(std::move(format), arguments.empty());
}

template <class Column>
std::string quoted(const Column& column, std::int64_t row) {
  constexpr std::size_t kShown = 64;
  const std::string_view text = column[row];
  std::size_t length = std::min(text.size(), kShown);
  while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  std::string shown = "\"";
  for (const char byte : text.substr(0, length)) {
    if (byte == '"' || byte == '\\') shown += '\\';
    shown += static_cast<unsigned char>(byte) < 0x20 ? ' ' : byte;
  }
  return shown + (length < text.size() ? "…\"" : "\"");
}

template <class T>
std::int64_t word_at(const ArrowArray& column, std::int64_t outer, std::int64_t row) {
  return static_cast<std::int64_t>(NumberColumn<T>(column, outer)[row]);
}

Int128 wide_at(const ArrowArray& column, std::int64_t outer, std::int64_t row) {
  Int128 value = 0;
  std::memcpy(&value, static_cast<const char*>(column.buffers[1]) + 16 * (column.offset + outer + row), 16);
  return value;
}

// Writes the value to `to`; gives the end, or null: it has no text.
char* write_value(char* to, const ArrowSchema& field, const ArrowArray& column, std::int64_t outer, std::int64_t row) {
  const TypeInfo info = type_of(field);
  switch (info.type) {
    case Type::int8: return text::write_int64(to, word_at<std::int8_t>(column, outer, row));
    case Type::uint8: return text::write_int64(to, word_at<std::uint8_t>(column, outer, row));
    case Type::int16: return text::write_int64(to, word_at<std::int16_t>(column, outer, row));
    case Type::uint16: return text::write_int64(to, word_at<std::uint16_t>(column, outer, row));
    case Type::int32: return text::write_int64(to, word_at<std::int32_t>(column, outer, row));
    case Type::uint32: return text::write_int64(to, word_at<std::uint32_t>(column, outer, row));
    case Type::int64: return text::write_int64(to, word_at<std::int64_t>(column, outer, row));
    case Type::uint64: return text::write_uint64(to, NumberColumn<std::uint64_t>(column, outer)[row]);
    case Type::float32: return text::write_float(to, NumberColumn<float>(column, outer)[row]);
    case Type::float64: return text::write_double(to, NumberColumn<double>(column, outer)[row]);
    case Type::decimal128: return text::write_decimal(to, wide_at(column, outer, row), info.scale);
    case Type::date32: return text::write_date(to, NumberColumn<std::int32_t>(column, outer)[row]);
    case Type::time32: return text::write_time(to, word_at<std::int32_t>(column, outer, row), info.unit);
    case Type::time64: return text::write_time(to, word_at<std::int64_t>(column, outer, row), info.unit);
    case Type::timestamp:
      return text::write_timestamp(to, word_at<std::int64_t>(column, outer, row), info.unit, text::spelling_of(field));
    default: return nullptr;
  }
}

}  // namespace

Layout ColumnType::layout() const {
  switch (info().type) {
    case Type::int8:
    case Type::uint8:
    case Type::int16:
    case Type::uint16:
    case Type::int32:
    case Type::uint32:
    case Type::int64:
    case Type::date32:
    case Type::date64:
    case Type::time32:
    case Type::time64:
    case Type::timestamp: return Layout::word;
    case Type::uint64:
    case Type::decimal128: return Layout::wide;
    case Type::float32:
    case Type::float64: return Layout::real;
    case Type::utf8:
    case Type::large_utf8:
    case Type::utf8_view: return Layout::text;
    case Type::boolean: return Layout::boolean;
    default: return Layout::none;
  }
}

ColumnType column_type_of(const ArrowSchema& field) {
  return {field.format == nullptr ? "" : field.format, type_name(field)};
}

std::optional<NamedType> type_named(std::string_view text) {
  text = stripped(text);
  const std::size_t open = std::min(text.find('('), text.size());
  const std::string_view name = stripped(text.substr(0, open));
  std::vector<std::string_view> arguments;
  if (open < text.size()) {
    if (text.back() != ')') return std::nullopt;
    arguments = arguments_of(text.substr(open + 1, text.size() - open - 2));
  }
  if (name == "decimal") return decimal(arguments);
  if (name == "timestamp") return moment('s', arguments);
  if (name == "time") return moment('t', arguments);
  if (!arguments.empty()) return std::nullopt;
  for (const Plain& plain : kPlain) {
    if (plain.name == name) return made(std::string(plain.format));
  }
  return std::nullopt;
}

std::string_view type_examples() {
  return "types are int8 to int64, uint8 to uint64, float, double, decimal(10,2), string, bool, date, time, timestamp, "
         "timestamp(us, UTC)";
}

std::int64_t per_second(Unit unit) {
  return unit == Unit::second ? 1 : unit == Unit::milli ? 1'000 : unit == Unit::micro ? 1'000'000 : 1'000'000'000;
}

std::string text_of_value(const ArrowSchema& field, const ArrowArray& column, std::int64_t outer, std::int64_t row) {
  if (column.n_buffers == 0 || !Validity(column, outer).valid(row)) return "null";
  if (field.dictionary != nullptr) return "a value";
  switch (type_of(field).type) {
    case Type::utf8: return quoted(TextColumn(column, outer), row);
    case Type::large_utf8: return quoted(LargeTextColumn(column, outer), row);
    case Type::utf8_view: return quoted(ViewColumn(column, outer), row);
    case Type::boolean: return BooleanColumn(column, outer)[row] ? "true" : "false";
    default: break;
  }
  char room[text::kMaxDecimal];
  const char* end = write_value(room, field, column, outer, row);
  return end == nullptr ? "a value" : std::string(room, static_cast<std::size_t>(end - room));
}

}  // namespace weir::validate
