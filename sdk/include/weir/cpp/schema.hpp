// Schemas: what the format texts of Arrow mean, an owning Schema, and how to make one.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "failure.hpp"

namespace weir {

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

enum class Unit : std::int32_t { second, milli, micro, nano };

// A format text, taken apart. `zone` points into the text.
struct TypeInfo {
  Type type = Type::unknown;
  Unit unit = Unit::second;    // time, timestamp, duration
  std::int32_t precision = 0;  // decimals
  std::int32_t scale = 0;      // decimals
  std::int32_t width = 0;      // fixed-size binary: bytes; fixed-size list: items
  std::string_view zone;       // timestamps; empty: none
};

namespace detail {

inline std::int32_t number_in(std::string_view text, std::size_t& at) {
  std::int32_t value = 0;
  const bool negative = at < text.size() && text[at] == '-';
  if (negative) ++at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && value < 100000000; ++at)
    value = value * 10 + (text[at] - '0');
  return negative ? -value : value;
}

inline Type one_letter(char letter) {
  switch (letter) {
    case 'n': return Type::null;
    case 'b': return Type::boolean;
    case 'c': return Type::int8;
    case 'C': return Type::uint8;
    case 's': return Type::int16;
    case 'S': return Type::uint16;
    case 'i': return Type::int32;
    case 'I': return Type::uint32;
    case 'l': return Type::int64;
    case 'L': return Type::uint64;
    case 'e': return Type::float16;
    case 'f': return Type::float32;
    case 'g': return Type::float64;
    case 'u': return Type::utf8;
    case 'U': return Type::large_utf8;
    case 'z': return Type::binary;
    case 'Z': return Type::large_binary;
    default: return Type::unknown;
  }
}

inline Unit unit_of(char letter) {
  return letter == 'm' ? Unit::milli : letter == 'u' ? Unit::micro : letter == 'n' ? Unit::nano : Unit::second;
}

inline TypeInfo temporal(std::string_view text) {
  TypeInfo info;
  if (text.size() < 3) return info;
  const char letter = text[2];
  if (text[1] == 'd') info.type = letter == 'D' ? Type::date32 : letter == 'm' ? Type::date64 : Type::unknown;
  if (text[1] == 't') info.type = letter == 's' || letter == 'm' ? Type::time32 : Type::time64;
  if (text[1] == 's') info.type = Type::timestamp;
  if (text[1] == 'D') info.type = Type::duration;
  if (text[1] == 'i') info.type = Type::interval;
  info.unit = unit_of(letter);
  if (info.type == Type::timestamp && text.size() > 4) info.zone = text.substr(4);
  return info;
}

inline TypeInfo nested(std::string_view text) {
  TypeInfo info;
  if (text.size() < 2) return info;
  switch (text[1]) {
    case 'l': info.type = Type::list; break;
    case 'L': info.type = Type::large_list; break;
    case 's': info.type = Type::structure; break;
    case 'm': info.type = Type::map; break;
    case 'w': {
      std::size_t at = 3;
      info.type = Type::fixed_list;
      info.width = number_in(text, at);
      break;
    }
    default: break;
  }
  return info;
}

}  // namespace detail

// Takes a format text apart; type is unknown if it is not one of those that cross.
inline TypeInfo type_of(const char* format) {
  const std::string_view text = format == nullptr ? std::string_view() : std::string_view(format);
  TypeInfo info;
  if (text.empty()) return info;
  if (text.size() == 1) {
    info.type = detail::one_letter(text[0]);
  } else if (text[0] == 't') {
    info = detail::temporal(text);
  } else if (text[0] == '+') {
    info = detail::nested(text);
  } else if (text == "vu") {
    info.type = Type::utf8_view;
  } else if (text == "vz") {
    info.type = Type::binary_view;
  } else if (text[0] == 'w' && text[1] == ':') {
    std::size_t at = 2;
    info.type = Type::fixed_binary;
    info.width = detail::number_in(text, at);
  } else if (text[0] == 'd' && text[1] == ':') {
    std::size_t at = 2;
    info.precision = detail::number_in(text, at);
    info.scale = ++at < text.size() ? detail::number_in(text, at) : 0;
    info.type = text.ends_with(",256") ? Type::decimal256 : Type::decimal128;
  }
  return info;
}

inline TypeInfo type_of(const ArrowSchema& schema) { return type_of(schema.format); }

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
    case Type::fixed_binary: return info.width;
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

// Metadata of a field, as key and value pairs in order.
using Metadata = std::vector<std::pair<std::string, std::string>>;

inline Metadata metadata_of(const ArrowSchema& schema) {
  Metadata pairs;
  const char* at = schema.metadata;
  if (at == nullptr) return pairs;
  const auto next = [&at] {
    std::int32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    at += sizeof value;
    return value;
  };
  const auto text = [&] {
    const std::int32_t length = next();
    std::string value(at, static_cast<std::size_t>(length));
    at += length;
    return value;
  };
  for (std::int32_t i = next(); i > 0; --i) {
    std::string key = text();
    pairs.emplace_back(std::move(key), text());
  }
  return pairs;
}

// The value of one key, or empty.
inline std::string metadata_value(const ArrowSchema& schema, std::string_view key) {
  for (auto& pair : metadata_of(schema)) {
    if (pair.first == key) return pair.second;
  }
  return {};
}

// Metadata keys that plugins agree on. Spelling: how the texts of a timestamp column were written, so that writing
// gives the same text again: the separator ('T' or ' '), the count of fraction digits ('*': as many as needed), then
// "Z", an offset ("+02:00") or nothing: "T6Z", " 0" (text_times.hpp reads it). Role: WEIR_OPERATION_... (weir.h).
// Extension: Arrow's own; "arrow.json" marks JSON text.
inline constexpr std::string_view kSpellingKey = "weir.spelling";
inline constexpr std::string_view kRoleKey = "weir.role";
inline constexpr std::string_view kExtensionKey = "ARROW:extension:name";

// Owns an ArrowSchema. Move only. Threads: as a value.
class Schema {
 public:
  Schema() = default;
  // Takes over `schema`, whose release becomes null.
  explicit Schema(ArrowSchema* schema) : raw_(*schema) { schema->release = nullptr; }
  Schema(Schema&& other) noexcept : raw_(std::exchange(other.raw_, ArrowSchema{})) {}
  Schema& operator=(Schema&& other) noexcept {
    if (this != &other) {
      reset();
      raw_ = std::exchange(other.raw_, ArrowSchema{});
    }
    return *this;
  }
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;
  ~Schema() { reset(); }

  // Makes a field of the given format text.
  static Schema field(std::string_view format, std::string_view name, bool nullable = true, Metadata metadata = {},
                      std::vector<Schema> children = {});
  // Makes the schema of rows: a struct of the given fields.
  static Schema rows(std::vector<Schema> fields) { return field("+s", "", false, {}, std::move(fields)); }
  // Makes a deep copy of any schema.
  static Schema copy_of(const ArrowSchema& schema);

  bool empty() const { return raw_.release == nullptr; }
  const ArrowSchema& get() const { return raw_; }
  const ArrowSchema* operator->() const { return &raw_; }
  ArrowSchema* address() { return &raw_; }
  // Gives the struct away; this is empty afterwards.
  ArrowSchema release() { return std::exchange(raw_, ArrowSchema{}); }
  void reset() {
    if (raw_.release != nullptr) raw_.release(&raw_);
    raw_ = ArrowSchema{};
  }

 private:
  ArrowSchema raw_{};
};

// The number of the column called `name` among the children of `rows`, or -1.
inline std::int64_t column_index(const ArrowSchema& rows, std::string_view name) {
  for (std::int64_t i = 0; i < rows.n_children; ++i) {
    if (rows.children[i]->name != nullptr && name == rows.children[i]->name) return i;
  }
  return -1;
}

namespace detail {

struct SchemaOwner {
  std::string format, name, metadata;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
  ArrowSchema dictionary{};
};

inline void release_schema(ArrowSchema* schema) {
  auto* owner = static_cast<SchemaOwner*>(schema->private_data);
  for (auto& child : owner->children) {
    if (child.release != nullptr) child.release(&child);
  }
  if (owner->dictionary.release != nullptr) owner->dictionary.release(&owner->dictionary);
  delete owner;
  schema->release = nullptr;
}

inline std::string encode(const Metadata& metadata) {
  std::string out;
  const auto put = [&out](std::size_t value) {
    const auto narrow = static_cast<std::int32_t>(value);
    char bytes[sizeof narrow];
    std::memcpy(bytes, &narrow, sizeof narrow);
    out.append(bytes, sizeof narrow);
  };
  if (metadata.empty()) return out;
  put(metadata.size());
  for (const auto& [key, value] : metadata) {
    put(key.size());
    out += key;
    put(value.size());
    out += value;
  }
  return out;
}

inline ArrowSchema own(SchemaOwner* owner, std::int64_t flags) {
  for (auto& child : owner->children) owner->pointers.push_back(&child);
  ArrowSchema raw{};
  raw.format = owner->format.c_str();
  raw.name = owner->name.c_str();
  raw.metadata = owner->metadata.empty() ? nullptr : owner->metadata.data();
  raw.flags = flags;
  raw.n_children = static_cast<std::int64_t>(owner->children.size());
  raw.children = owner->pointers.empty() ? nullptr : owner->pointers.data();
  raw.dictionary = owner->dictionary.release == nullptr ? nullptr : &owner->dictionary;
  raw.private_data = owner;
  raw.release = release_schema;
  return raw;
}

}  // namespace detail

inline Schema Schema::field(std::string_view format, std::string_view name, bool nullable, Metadata metadata,
                            std::vector<Schema> children) {
  auto* owner = new detail::SchemaOwner{std::string(format), std::string(name), detail::encode(metadata), {}, {}, {}};
  for (auto& child : children) owner->children.push_back(child.release());
  Schema made;
  made.raw_ = detail::own(owner, nullable ? ARROW_FLAG_NULLABLE : 0);
  return made;
}

inline Schema Schema::copy_of(const ArrowSchema& schema) {
  auto* owner = new detail::SchemaOwner{schema.format == nullptr ? "" : schema.format,
                                        schema.name == nullptr ? "" : schema.name,
                                        detail::encode(metadata_of(schema)),
                                        {},
                                        {},
                                        {}};
  for (std::int64_t i = 0; i < schema.n_children; ++i)
    owner->children.push_back(copy_of(*schema.children[i]).release());
  if (schema.dictionary != nullptr) owner->dictionary = copy_of(*schema.dictionary).release();
  Schema made;
  made.raw_ = detail::own(owner, schema.flags);
  return made;
}

}  // namespace weir
