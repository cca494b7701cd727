// Interpolation: ${env:NAME}, ${env:NAME:-default}, ${file:path}, ${secret:PROVIDER/KEY}, ${param:NAME} in text values;
// $${ writes ${. Nothing else is expanded, and what was put in is not expanded again.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "manifest/secrets.hpp"
#include "manifest/tree.hpp"
#include "observe/redact.hpp"

namespace weir::manifest {

// Where values come from, and what of the manifest they replace.
struct Values {
  std::filesystem::path folder;                   // ${file:...} is relative to it
  std::map<std::string, std::string> parameters;  // of --param
  std::string profile;                            // of --profile; empty: what WEIR_PROFILE says, else none
  std::vector<std::string> assignments;           // of --set, in order: assignment.hpp
  std::vector<std::string> pipelines;             // names of those that are asked for; none: all of the file
  std::vector<std::string> env_files;             // of --env-file; none: .env beside the manifest, if it is there
  // Looks an environment variable up; unset: the process's own environment.
  std::function<std::optional<std::string>(const std::string& name)> environment;
  AskSecret ask;                          // empty: only the provider `env` can be asked
  std::vector<SecretProvider> providers;  // of the manifest's `secrets:`; filled in when it is loaded
  std::vector<std::string> unusable;      // names under `secrets:` whose error was told already
};

// Expands every text value of the tree in place, keeps its places, and marks what holds a secret. Adds secrets' texts
// to `redactor`. Returns all errors, each at its `${`; a text with an error stays as it was written.
std::vector<base::Error> interpolate(Node& tree, const Values& values, observe::Redactor& redactor);

}  // namespace weir::manifest
