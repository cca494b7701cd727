// Schemas: an owning Schema, how to make one, and what stands in its metadata.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "types.hpp"

namespace weir {

// Metadata of a field, as key and value pairs in order.
using Metadata = std::vector<std::pair<std::string, std::string>>;

// All metadata of a field, copied.
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
  // Makes a field of other fields, which may be null: nested("+l", "tags", Schema::field("u", "item")).
  template <class... Fields>
  static Schema nested(std::string_view format, std::string_view name, Fields&&... fields);
  // Makes a map, which may be null; `key` should not be nullable.
  static Schema map(std::string_view name, Schema key, Schema value);
  // Makes a field whose values stand in a dictionary, of the type of `values`; `index`: the field, of an integer type.
  static Schema dictionary(Schema index, Schema values);
  // Makes a deep copy of any schema.
  static Schema copy_of(const ArrowSchema& schema);

  // Whether it holds nothing. get() and the arrow lend the struct; address() lends it to be written to.
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

// Puts fields into a list: Schema::rows(fields_of(Schema::field("l", "id"), Schema::field("u", "name"))).
template <class... Fields>
std::vector<Schema> fields_of(Fields&&... fields) {
  std::vector<Schema> list;
  (list.push_back(std::forward<Fields>(fields)), ...);
  return list;
}

template <class... Fields>
Schema Schema::nested(std::string_view format, std::string_view name, Fields&&... fields) {
  return field(format, name, true, {}, fields_of(std::forward<Fields>(fields)...));
}

inline Schema Schema::map(std::string_view name, Schema key, Schema value) {
  return nested("+m", name, field("+s", "entries", false, {}, fields_of(std::move(key), std::move(value))));
}

inline Schema Schema::dictionary(Schema index, Schema values) {
  auto* owner = new detail::SchemaOwner{index->format,   index->name, detail::encode(metadata_of(index.get())), {}, {},
                                        values.release()};
  Schema made;
  made.raw_ = detail::own(owner, index->flags);
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
