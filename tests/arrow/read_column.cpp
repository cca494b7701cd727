// Every type through its view.
#include <cmath>
#include <stdexcept>

#include "columns.hpp"

namespace weir::bridge {
namespace {

using nlohmann::json;

template <class Bytes>
std::string hexadecimal(const Bytes& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const auto letter : bytes) {
    const auto byte = static_cast<unsigned char>(letter);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

template <class T>
std::string bits_of(T value, bool nan) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  return nan ? "nan" : hexadecimal(std::string_view(bytes, sizeof bytes));
}

json json_of(Half value) { return bits_of(value, std::isnan(to_float(value))); }
json json_of(float value) { return bits_of(value, std::isnan(value)); }
json json_of(double value) { return bits_of(value, std::isnan(value)); }
json json_of(Int128 value) {
  char digits[text::kMaxDecimal];
  return std::string(digits, text::write_decimal(digits, value, 0));
}
json json_of(const Int256& value) {
  char digits[text::kMaxDecimal];
  return std::string(digits, text::write_decimal256(digits, &value, 0));
}
json json_of(DaysTime value) { return json::array({value.days, value.milliseconds}); }
json json_of(MonthsDays value) { return json::array({value.months, value.days, value.nanoseconds}); }
json json_of(std::string_view value) { return hexadecimal(value); }
template <class T>
json json_of(T value) {
  return value;
}

// The rows of a column by its view; `make` makes a value of a row that is not null.
template <class View, class Make>
Values each(const View& view, Items rows, Make&& make) {
  Values values;
  for (std::int64_t row = rows.begin; row < rows.end; ++row)
    values.push_back(view.valid(row) ? json(make(row)) : json());
  return values;
}

template <class View>
Values plain(const View& view, Items rows) {
  return each(view, rows, [&view](std::int64_t row) { return json_of(view[row]); });
}

template <class View>
Values lists(const View& view, const ArrowSchema& field, Items rows) {
  return each(view, rows, [&](std::int64_t row) { return read_column(view.items(), *field.children[0], view[row]); });
}

Values structs(const StructColumn& view, const ArrowSchema& field, Items rows) {
  return each(view, rows, [&](std::int64_t row) {
    json fields = json::array();
    for (std::int64_t i = 0; i < view.count(); ++i)
      fields.push_back(read_column(view.field(i), *field.children[i], {row, row + 1}, view.outer())[0]);
    return fields;
  });
}

Values maps(const MapColumn& view, const ArrowSchema& field, Items rows) {
  const ArrowSchema& entries = *field.children[0];
  return each(view, rows, [&](std::int64_t row) {
    const Values keys = read_column(view.keys(), *entries.children[0], view[row], view.outer());
    const Values values = read_column(view.values(), *entries.children[1], view[row], view.outer());
    json pairs = json::array();
    for (std::size_t i = 0; i < keys.size(); ++i) pairs.push_back({keys[i], values[i]});
    return pairs;
  });
}

Values words(const DictionaryColumn& view, const ArrowSchema& field, Items rows) {
  return each(view, rows, [&](std::int64_t row) {
    return read_column(view.values(), *field.dictionary, {view[row], view[row] + 1})[0];
  });
}

Values interval(const ArrowArray& column, std::int32_t width, Items rows, std::int64_t outer) {
  if (width == 8) return plain(NumberColumn<DaysTime>(column, outer), rows);
  if (width == 16) return plain(NumberColumn<MonthsDays>(column, outer), rows);
  const NumberColumn<std::int32_t> view(column, outer);
  return each(view, rows, [&view](std::int64_t row) { return json::array({view[row]}); });
}

Values numbers(const ArrowArray& column, Type type, Items rows, std::int64_t outer) {
  switch (type) {
    case Type::int8: return plain(NumberColumn<std::int8_t>(column, outer), rows);
    case Type::uint8: return plain(NumberColumn<std::uint8_t>(column, outer), rows);
    case Type::int16: return plain(NumberColumn<std::int16_t>(column, outer), rows);
    case Type::uint16: return plain(NumberColumn<std::uint16_t>(column, outer), rows);
    case Type::date32:
    case Type::time32:
    case Type::int32: return plain(NumberColumn<std::int32_t>(column, outer), rows);
    case Type::uint32: return plain(NumberColumn<std::uint32_t>(column, outer), rows);
    case Type::date64:
    case Type::time64:
    case Type::timestamp:
    case Type::duration:
    case Type::int64: return plain(NumberColumn<std::int64_t>(column, outer), rows);
    case Type::uint64: return plain(NumberColumn<std::uint64_t>(column, outer), rows);
    case Type::float16: return plain(NumberColumn<Half>(column, outer), rows);
    case Type::float32: return plain(NumberColumn<float>(column, outer), rows);
    case Type::float64: return plain(NumberColumn<double>(column, outer), rows);
    case Type::decimal128: return plain(NumberColumn<Int128>(column, outer), rows);
    case Type::decimal256: return plain(NumberColumn<Int256>(column, outer), rows);
    default: throw std::runtime_error("expected a type that crosses, found another");
  }
}

}  // namespace

Values read_column(const ArrowArray& column, const ArrowSchema& field, Items rows, std::int64_t outer) {
  const TypeInfo info = type_of(field);
  if (field.dictionary != nullptr) return words(DictionaryColumn(column, info.type, outer), field, rows);
  switch (info.type) {
    case Type::null: return Values(static_cast<std::size_t>(rows.count()));
    case Type::boolean: return plain(BooleanColumn(column, outer), rows);
    case Type::utf8:
    case Type::binary: return plain(TextColumn(column, outer), rows);
    case Type::large_utf8:
    case Type::large_binary: return plain(LargeTextColumn(column, outer), rows);
    case Type::utf8_view:
    case Type::binary_view: return plain(ViewColumn(column, outer), rows);
    case Type::fixed_binary: return plain(FixedBinaryColumn(column, info.width, outer), rows);
    case Type::interval: return interval(column, info.width, rows, outer);
    case Type::list: return lists(ListColumn(column, outer), field, rows);
    case Type::large_list: return lists(LargeListColumn(column, outer), field, rows);
    case Type::fixed_list: return lists(FixedListColumn(column, info.width, outer), field, rows);
    case Type::structure: return structs(StructColumn(column, outer), field, rows);
    case Type::map: return maps(MapColumn(column, outer), field, rows);
    default: return numbers(column, info.type, rows, outer);
  }
}

}  // namespace weir::bridge
