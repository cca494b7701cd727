// Options: checks what a manifest gives a component against the component's own JSON Schema (draft 7), completes it,
// and remembers where each value was written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "manifest/manifest.hpp"
#include "observe/redact.hpp"

namespace weir::manifest {

// A file that options name (documents.hpp), and what tells its content from another.
struct ConfigFile {
  std::string path, version;
};

// A component's options, ready for it: documents loaded, defaults filled in, texts of "format": "path" and "file" absolute,
// those of "duration" integer nanoseconds, those of "size" integer bytes.
struct Config {
  nlohmann::ordered_json json;  // an object, keys in the manifest's order, then the defaults
  Node options;                 // as written, documents in their places
  std::vector<ConfigFile> files;
  Where use;  // of the component's name

  // The place of an option by its JSON pointer ("/where") and, if offset >= 0, a byte of its text; an option that
  // nobody wrote: the nearest that stands around it, at last the component's name.
  base::Place place(std::string_view pointer, std::int64_t offset = -1, std::size_t length = 1) const;
};

struct OptionsContext {
  std::filesystem::path folder;  // Manifest::folder, for what no file with a folder of its own says
  std::vector<std::string>
      host_keys;  // other keys that may stand beside the options (composition_keys()): suggested too
  observe::Redactor* redactor = nullptr;  // gets the texts of "writeOnly" options; null: nobody does
};

// Lays what the manifest says once for all, `times:` or `drift:`, beneath the option of that name, key by key, if the
// component's schema declares one: what the component is given itself stays, `times: null` takes all away. Each key keeps its
// place. `said` is an object, or null if the manifest says nothing.
void lay_beneath(Use& use, const nlohmann::json& schema, const std::string& option, const Node& said);

// Says `loss: allow` in the option `drift`, over what is said there, if the component's schema declares it.
void allow_loss(Use& use, const nlohmann::json& schema);

// Checks and completes. Errors, all together, are the manifest's and located; a schema that is itself broken is an
// error of the plugin. Messages begin with the component's name: `csv: option 'header': expected true or false, found
// "maybe"`.
base::Result<Config> check_options(const Use& use, const nlohmann::json& schema, const OptionsContext& context);

}  // namespace weir::manifest
