// Columns out of JSON, for tests: {"name": "a", "format": "l", "children": […], "values": […]}, as in the vectors that
// examples/34_row_digest shares with digests made elsewhere. Values: as they lie in Arrow; decimals and bytes as their digits.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <weir/arrow.hpp>

namespace weir::integrity {

using nlohmann::json;

inline weir::Schema field_of(const json& told) {
  const auto& format = told.at("format").get_ref<const std::string&>();
  std::vector<weir::Schema> children;
  if (told.contains("children")) {
    for (const auto& child : told["children"]) children.push_back(field_of(child));
  }
  const std::string name = told.at("name");
  if (format == "+m") return weir::Schema::map(name, std::move(children.at(0)), std::move(children.at(1)));
  return weir::Schema::field(format, name, true, {}, std::move(children));
}

template <class T>
weir::Array numbers_of(const json& values) {
  weir::NumberBuilder<T> made;
  for (const auto& value : values) value.is_null() ? made.append_null() : made.append(value.get<T>());
  return made.finish();
}

inline weir::Int256 unscaled(const std::string& digits) {
  weir::Int256 made;
  const auto step = [&made](std::uint64_t factor, std::uint64_t carry) {
    for (auto& word : made.words) {
      __extension__ const auto product = static_cast<unsigned __int128>(word) * factor + carry;
      word = static_cast<std::uint64_t>(product);
      carry = static_cast<std::uint64_t>(product >> 64U);
    }
  };
  for (const char digit : digits) {
    if (digit >= '0' && digit <= '9') step(10, static_cast<std::uint64_t>(digit - '0'));
  }
  if (!digits.starts_with('-')) return made;
  for (auto& word : made.words) word = ~word;
  step(1, 1);
  return made;
}

// Values of a negative scale end in zeros that are not stored.
inline weir::Array decimals_of(const json& values, const weir::TypeInfo& type) {
  weir::NumberBuilder<weir::Int256> long_ones;
  weir::NumberBuilder<weir::Int128> short_ones;
  for (const auto& value : values) {
    if (value.is_null()) {
      long_ones.append_null();
      short_ones.append_null();
      continue;
    }
    auto digits = value.get<std::string>();
    if (type.scale < 0) digits.resize(digits.size() - static_cast<std::size_t>(-type.scale));
    const weir::Int256 number = unscaled(digits);
    long_ones.append(number);
    short_ones.append(static_cast<weir::Int128>(number.words[1]) << 64U | static_cast<weir::Int128>(number.words[0]));
  }
  return type.type == weir::Type::decimal128 ? short_ones.finish() : long_ones.finish();
}

inline std::string bytes_of_digits(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

inline weir::Array texts_of(const json& values, bool binary) {
  weir::TextBuilder made;
  for (const auto& value : values) {
    if (value.is_null())
      made.append_null();
    else
      made.append(binary ? bytes_of_digits(value.get<std::string>()) : value.get<std::string>());
  }
  return made.finish();
}

inline weir::Array booleans_of(const json& values) {
  weir::BooleanBuilder made;
  for (const auto& value : values) value.is_null() ? made.append_null() : made.append(value.get<bool>());
  return made.finish();
}

weir::Array array_of(const json& field, const json& values);

inline weir::Array structs_of(const json& field, const json& values) {
  weir::ArrayParts parts;
  weir::ValidityBuilder validity;
  for (const auto& value : values) value.is_null() ? validity.append_null() : validity.append_valid();
  parts.length = validity.length();
  parts.null_count = validity.null_count();
  for (const auto& child : field["children"]) {
    json inner = json::array();
    for (const auto& value : values)
      inner.push_back(value.is_null() ? json() : value.at(child.at("name").get<std::string>()));
    parts.children.push_back(array_of(child, inner));
  }
  parts.buffers.push_back(validity.finish());
  return weir::make_array(std::move(parts));
}

// Lists, and maps as lists of pairs.
inline weir::Array lists_of(const json& field, const json& values) {
  const bool map = field["format"] == "+m";
  json items = json::array();
  weir::ArrayParts parts;
  weir::ValidityBuilder validity;
  weir::Buffer offsets;
  for (std::int32_t end = 0; const auto& value : values) {
    offsets.append(&end, sizeof end);
    for (const auto& item : value) items.push_back(map ? json{{"key", item[0]}, {"value", item[1]}} : item);
    end = static_cast<std::int32_t>(items.size());
    value.is_null() ? validity.append_null() : validity.append_valid();
  }
  const auto end = static_cast<std::int32_t>(items.size());
  offsets.append(&end, sizeof end);
  parts.length = validity.length();
  parts.null_count = validity.null_count();
  parts.buffers.push_back(validity.finish());
  parts.buffers.push_back(std::move(offsets));
  const json entries{{"format", "+s"}, {"children", field["children"]}};
  parts.children.push_back(array_of(map ? entries : field["children"][0], items));
  return weir::make_array(std::move(parts));
}

inline weir::Array array_of(const json& field, const json& values) {
  const auto type = weir::type_of(field.at("format").get_ref<const std::string&>().c_str());
  switch (type.type) {
    case weir::Type::boolean: return booleans_of(values);
    case weir::Type::int8: return numbers_of<std::int8_t>(values);
    case weir::Type::int32:
    case weir::Type::date32:
    case weir::Type::time32: return numbers_of<std::int32_t>(values);
    case weir::Type::uint64: return numbers_of<std::uint64_t>(values);
    case weir::Type::float32: return numbers_of<float>(values);
    case weir::Type::float64: return numbers_of<double>(values);
    case weir::Type::decimal128:
    case weir::Type::decimal256: return decimals_of(values, type);
    case weir::Type::utf8:
    case weir::Type::binary: return texts_of(values, type.type == weir::Type::binary);
    case weir::Type::list:
    case weir::Type::map: return lists_of(field, values);
    case weir::Type::structure: return structs_of(field, values);
    default: return numbers_of<std::int64_t>(values);
  }
}

// Rows of given columns.
struct JsonRows {
  weir::Schema schema;
  weir::Array rows;

  explicit JsonRows(const json& told) {
    std::vector<weir::Schema> fields;
    std::vector<weir::Array> arrays;
    for (const auto& column : told) {
      fields.push_back(field_of(column));
      arrays.push_back(array_of(column, column.at("values")));
    }
    schema = weir::Schema::rows(std::move(fields));
    const std::int64_t length = arrays.empty() ? 0 : arrays.front()->length;
    rows = weir::rows_of(length, std::move(arrays));
  }
};

}  // namespace weir::integrity
