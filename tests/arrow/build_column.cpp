// Every type through its builder.
#include <algorithm>
#include <limits>
#include <stdexcept>

#include "columns.hpp"

namespace weir::bridge {
namespace {

using nlohmann::json;

std::string bytes_of(const json& value) {
  const auto digits = value.get<std::string>();
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

template <class T>
T from_bits(const json& value) {
  T made;
  const std::string bytes = bytes_of(value);
  if (bytes.size() != sizeof made) throw std::runtime_error("expected the bits of a float, found " + value.dump());
  std::memcpy(&made, bytes.data(), sizeof made);
  return made;
}

// The unscaled value of a decimal from its digits.
Int256 wide(const json& value) {
  const auto digits = value.get<std::string>();
  Int256 made;
  for (const char digit : digits) {
    if (digit == '-') continue;
    auto carry = static_cast<Int128>(digit - '0');
    for (auto& word : made.words) {
      carry += static_cast<Int128>(word) * 10;
      word = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
  }
  Int128 carry = 1;
  for (auto& word : made.words) {
    if (digits[0] != '-') break;
    carry += static_cast<Int128>(~word);
    word = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return made;
}

void make(const json& value, std::string& made) { made = bytes_of(value); }
void make(const json& value, Half& made) {
  made = value == "nan" ? to_half(std::numeric_limits<float>::quiet_NaN()) : from_bits<Half>(value);
}
void make(const json& value, float& made) {
  made = value == "nan" ? std::numeric_limits<float>::quiet_NaN() : from_bits<float>(value);
}
void make(const json& value, double& made) {
  made = value == "nan" ? std::numeric_limits<double>::quiet_NaN() : from_bits<double>(value);
}
void make(const json& value, Int256& made) { made = wide(value); }
void make(const json& value, Int128& made) {
  const Int256 all = wide(value);
  std::memcpy(&made, all.words.data(), sizeof made);
}
void make(const json& value, DaysTime& made) { made = {value[0].get<std::int32_t>(), value[1].get<std::int32_t>()}; }
void make(const json& value, MonthsDays& made) {
  made = {value[0].get<std::int32_t>(), value[1].get<std::int32_t>(), value[2].get<std::int64_t>()};
}
template <class T>
void make(const json& value, T& made) {
  made = value.get<T>();
}

template <class T, class Builder>
Array build_plain(Builder builder, const Values& values) {
  for (const json& value : values) {
    if (value.is_null()) {
      builder.append_null();
      continue;
    }
    T made{};
    make(value, made);
    builder.append(made);
  }
  return builder.finish();
}

template <class T>
Array number(const Values& values) {
  return build_plain<T>(NumberBuilder<T>(), values);
}

Array months(const Values& values) {
  Values numbers;
  for (const json& value : values) numbers.push_back(value.is_null() ? value : value[0]);
  return number<std::int32_t>(numbers);
}

template <class Builder>
Array build_lists(Builder builder, const ArrowSchema& field, const Values& values, std::int64_t pad) {
  Values items;
  for (const json& value : values) {
    for (const json& item : value) items.push_back(item);
    value.is_null() ? builder.append_null() : builder.append(static_cast<std::int64_t>(items.size()));
  }
  return builder.finish(build_column(*field.children[0], items, pad));
}

Array fixed_list(const ArrowSchema& field, std::int32_t width, const Values& values, std::int64_t pad) {
  Values items;
  FixedListBuilder builder;
  for (const json& value : values) {
    value.is_null() ? builder.append_null() : builder.append();
    for (std::int32_t i = 0; i < width; ++i)
      items.push_back(value.is_null() ? json() : value[static_cast<std::size_t>(i)]);
  }
  return builder.finish(build_column(*field.children[0], items, pad));
}

Array build_structs(const ArrowSchema& field, const Values& values, std::int64_t pad) {
  StructBuilder builder;
  std::vector<Array> columns;
  for (const json& value : values) value.is_null() ? builder.append_null() : builder.append();
  for (std::int64_t i = 0; i < field.n_children; ++i) {
    Values column;
    for (const json& value : values) column.push_back(value.is_null() ? json() : value[static_cast<std::size_t>(i)]);
    columns.push_back(build_column(*field.children[i], column, pad + i));
  }
  return builder.finish(std::move(columns));
}

Array map(const ArrowSchema& field, const Values& values, std::int64_t pad) {
  MapBuilder builder;
  Values keys, items;
  for (const json& value : values) {
    for (const json& pair : value) {
      keys.push_back(pair[0]);
      items.push_back(pair[1]);
    }
    value.is_null() ? builder.append_null() : builder.append(static_cast<std::int64_t>(keys.size()));
  }
  const ArrowSchema& entries = *field.children[0];
  return builder.finish(build_column(*entries.children[0], keys, pad),
                        build_column(*entries.children[1], items, pad + 1));
}

Array by_type(const ArrowSchema& field, const Values& values, std::int64_t pad);

// The dictionary's builder is for texts behind int32; for the others, each value is a word of its own.
Array dictionary(const ArrowSchema& field, Type index, const Values& values, std::int64_t pad) {
  if (index == Type::int32 && type_of(*field.dictionary).type == Type::utf8)
    return build_plain<std::string>(DictionaryBuilder(), values);
  Values words, indices;
  for (const json& value : values) {
    const auto found = std::find(words.begin(), words.end(), value);
    indices.push_back(value.is_null() ? json() : json(found - words.begin()));
    if (found == words.end() && !value.is_null()) words.push_back(value);
  }
  const Schema plain_index = Schema::field(field.format, "");
  return with_dictionary(by_type(plain_index.get(), indices, pad), build_column(*field.dictionary, words, pad));
}

Array by_type(const ArrowSchema& field, const Values& values, std::int64_t pad) {
  const TypeInfo info = type_of(field);
  if (field.dictionary != nullptr) return dictionary(field, info.type, values, pad);
  switch (info.type) {
    case Type::null: {
      NullBuilder builder;
      for (std::size_t i = 0; i < values.size(); ++i) builder.append_null();
      return builder.finish();
    }
    case Type::boolean: return build_plain<bool>(BooleanBuilder(), values);
    case Type::int8: return number<std::int8_t>(values);
    case Type::uint8: return number<std::uint8_t>(values);
    case Type::int16: return number<std::int16_t>(values);
    case Type::uint16: return number<std::uint16_t>(values);
    case Type::int32:
    case Type::date32:
    case Type::time32: return number<std::int32_t>(values);
    case Type::uint32: return number<std::uint32_t>(values);
    case Type::int64:
    case Type::date64:
    case Type::time64:
    case Type::timestamp:
    case Type::duration: return number<std::int64_t>(values);
    case Type::uint64: return number<std::uint64_t>(values);
    case Type::float16: return number<Half>(values);
    case Type::float32: return number<float>(values);
    case Type::float64: return number<double>(values);
    case Type::decimal128: return number<Int128>(values);
    case Type::decimal256: return number<Int256>(values);
    case Type::interval:
      return info.width == 4 ? months(values) : info.width == 8 ? number<DaysTime>(values) : number<MonthsDays>(values);
    case Type::utf8:
    case Type::binary: return build_plain<std::string>(TextBuilder(), values);
    case Type::large_utf8:
    case Type::large_binary: return build_plain<std::string>(LargeTextBuilder(), values);
    case Type::utf8_view:
    case Type::binary_view: return build_plain<std::string>(ViewBuilder(), values);
    case Type::fixed_binary: return build_plain<std::string>(FixedBinaryBuilder(info.width), values);
    case Type::list: return build_lists(ListBuilder(), field, values, pad);
    case Type::large_list: return build_lists(LargeListBuilder(), field, values, pad);
    case Type::fixed_list: return fixed_list(field, info.width, values, pad);
    case Type::structure: return build_structs(field, values, pad);
    case Type::map: return map(field, values, pad);
    default: throw std::runtime_error("expected a type that crosses, found another");
  }
}

}  // namespace

Array build_column(const ArrowSchema& field, const Values& values, std::int64_t pad) {
  const Type type = type_of(field).type;
  // pyarrow takes no empty column of views behind an offset: it holds the buffer to be empty too.
  if (values.empty() && (type == Type::utf8_view || type == Type::binary_view)) pad = 0;
  Values all;
  for (std::int64_t i = 0; i < pad; ++i)
    all.push_back(values.empty() ? json() : values[static_cast<std::size_t>(i) % values.size()]);
  all.insert(all.end(), values.begin(), values.end());
  Array made = by_type(field, all, pad);
  ArrowArray& raw = *made.address();
  raw.offset = pad;
  raw.length -= pad;
  if (pad > 0 && type != Type::null && raw.null_count > 0) raw.null_count = -1;
  if (type == Type::null) raw.null_count = raw.length;
  return made;
}

}  // namespace weir::bridge
