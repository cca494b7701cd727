// Wanted: which plugins manifests name, which versions of them, and how servers are reached that have them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/version.hpp"
#include "packages/http_get.hpp"

namespace weir::packages {

struct WantedBy {
  std::string manifest;
  base::VersionRange range;
  base::Place place;  // where the manifest says so
};

// By the plugin's name: under `plugins:`, or in front of the colon of `use: PLUGIN:NAME`.
using Wanted = std::map<std::string, std::vector<WantedBy>>;

// What an installer takes from manifests.
struct Needs {
  Wanted plugins;
  Network network;  // of those that say any; they must agree
};

// Errors: those of the manifests, but for values that only a run has (variables, parameters, secrets); install.network (two manifests
// say different ones).
base::Result<Needs> needs_of(const std::vector<std::filesystem::path>& manifests);

}  // namespace weir::packages
