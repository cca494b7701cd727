#include "field.hpp"

#include <algorithm>

#include "blocks.hpp"
#include "tokens.hpp"

namespace weir::json {

Key::Key(std::string_view name, std::int32_t child_number) : child(child_number) {
  const bool plain = string_stop(name.data(), name.data() + name.size()) == name.data() + name.size();
  if (!plain || name.size() + 2 > kMost) return;
  size = static_cast<std::uint32_t>(name.size()) + 2;
  text[0] = text[size - 1] = '"';
  if (!name.empty()) std::memcpy(text + 1, name.data(), name.size());
  const std::uint64_t bits = (std::uint64_t{1} << size) - 1;
  masks[0] = static_cast<std::uint32_t>(bits & 0xFFFF);
  masks[1] = static_cast<std::uint32_t>(bits >> 16U);
}

bool Key::stands_at(const char* at) const {
  if (size == 0 || !same_bytes(at, text, masks[0])) return false;
  return masks[1] == 0 || same_bytes(at + kBlock, text + kBlock, masks[1]);
}

void Keys::add(std::string_view name, std::int32_t child) {
  numbers_.emplace(name, keys_.size());
  keys_.emplace_back(name, child);
}

std::int64_t Keys::find(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? -1 : static_cast<std::int64_t>(found->second);
}

Field::Field(const ArrowSchema& field, std::string path_given) : path(std::move(path_given)) {
  const TypeInfo info = type_of(field);
  type = info.type;
  unit = info.unit;
  precision = info.precision;
  scale = info.scale;
  zoned = !info.zone.empty();
  raw = type == Type::utf8 && metadata_value(field, kExtensionKey) == "arrow.json";
  type_text = raw ? "json" : type_name(field);
  static constexpr Type kRead[] = {Type::null,    Type::boolean, Type::int8,       Type::uint8, Type::int16,
                                   Type::uint16,  Type::int32,   Type::uint32,     Type::int64, Type::uint64,
                                   Type::float32, Type::float64, Type::decimal128, Type::utf8,  Type::binary,
                                   Type::date32,  Type::time64,  Type::timestamp,  Type::list,  Type::structure};
  if (std::find(std::begin(kRead), std::end(kRead), type) == std::end(kRead)) {
    throw Failure(WEIR_UNIMPLEMENTED, WEIR_FAULT_SOURCE, "expected a type that JSON is read as, found " + type_text)
        .column(path);
  }
  for (std::int64_t i = 0; i < field.n_children; ++i) {
    const ArrowSchema& child = *field.children[i];
    const bool list = type == Type::list;
    const std::string inner = list ? path + "[]" : path.empty() ? child.name : path + "." + child.name;
    fields.emplace_back(child, inner);
    if (!list) keys.add(child.name, static_cast<std::int32_t>(i));
  }
}

Metadata raw_metadata() { return {{std::string(kExtensionKey), "arrow.json"}}; }

}  // namespace weir::json
