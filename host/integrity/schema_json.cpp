#include "integrity/schema_json.hpp"

namespace weir::integrity {

using nlohmann::ordered_json;

ordered_json to_json(const ArrowSchema& field) {
  const ArrowSchema& values = field.dictionary != nullptr ? *field.dictionary : field;
  ordered_json value{{"name", field.name == nullptr ? "" : field.name},
                     {"format", values.format},
                     {"nullable", (field.flags & ARROW_FLAG_NULLABLE) != 0}};
  for (const auto& [key, text] : weir::metadata_of(field)) value["metadata"][key] = text;
  for (std::int64_t i = 0; i < values.n_children; ++i) value["children"].push_back(to_json(*values.children[i]));
  return value;
}

weir::Schema schema_of(const ordered_json& value) {
  weir::Metadata metadata;
  if (value.contains("metadata")) {
    for (const auto& [key, text] : value["metadata"].items()) metadata.emplace_back(key, text.get<std::string>());
  }
  std::vector<weir::Schema> children;
  if (value.contains("children")) {
    for (const auto& child : value["children"]) children.push_back(schema_of(child));
  }
  return weir::Schema::field(value.at("format").get_ref<const std::string&>(),
                             value.at("name").get_ref<const std::string&>(), value.at("nullable").get<bool>(),
                             std::move(metadata), std::move(children));
}

}  // namespace weir::integrity
