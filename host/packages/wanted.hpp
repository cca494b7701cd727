// Wanted: which plugins manifests name, and which versions of them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/version.hpp"

namespace weir::packages {

struct WantedBy {
  std::string manifest;
  base::VersionRange range;
  base::Place place;  // where the manifest says so
};

// By the plugin's name: under `plugins:`, or in front of the colon of `use: PLUGIN:NAME`.
using Wanted = std::map<std::string, std::vector<WantedBy>>;

// Errors: those of the manifests, but for values that only a run has (variables, parameters, secrets).
base::Result<Wanted> wanted_by(const std::vector<std::filesystem::path>& manifests);

}  // namespace weir::packages
