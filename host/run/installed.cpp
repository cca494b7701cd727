#include "run/installed.hpp"

#include <map>
#include <string>

#include "plugins/discovery.hpp"

namespace weir::run {

plugins::Registry find_plugins(const manifest::Manifest& manifest) {
  std::map<std::string, std::string> requirements;
  for (const auto& requirement : manifest.plugins) requirements[requirement.plugin] = requirement.versions.text;
  return plugins::Registry(plugins::discover(plugins::search_paths(manifest.folder)), requirements);
}

std::string use_text(const manifest::Use& use) { return use.plugin.empty() ? use.name : use.plugin + ":" + use.name; }

}  // namespace weir::run
