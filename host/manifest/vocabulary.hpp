// Vocabulary: every key of the host's own part of a manifest, as JSON Schema (draft 7). The loader knows no other keys
// (fields.hpp), and `weir schema` prints it with the components' own (manifest_schema()).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace weir::manifest {

// The host's definitions by name: "manifest", "checkpoint", "exec_provider", ... Each is a schema of an object, or of a
// value that several have ("duration").
const nlohmann::ordered_json& vocabulary();

// The keys of one of them, in the order of the text. Precondition: there is such a definition, of an object.
const std::vector<std::string>& keys_of(std::string_view definition);
bool is_key_of(std::string_view definition, std::string_view key);

// A component as an editor is to know it.
struct ComponentSchema {
  std::string name;
  std::string plugin;
  std::string kind;  // "storage", "codec", "format", "extractor", "transformer", "loader"
  std::string summary;
  nlohmann::ordered_json options;  // a JSON Schema of draft 7
};

// Makes the JSON Schema of a whole manifest, with the options of these components by their `use:`. Where a value is no
// text, a text with ${...} may stand for it. What only a loader can know (an option that a connection, a default or an
// include brings) is let pass.
nlohmann::ordered_json manifest_schema(const std::vector<ComponentSchema>& components);

}  // namespace weir::manifest
