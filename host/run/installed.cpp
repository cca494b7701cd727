#include "run/installed.hpp"

#include <map>
#include <string>

#include "plugins/discovery.hpp"
#include "plugins/lock_file.hpp"

namespace weir::run {

base::Result<plugins::Registry> find_plugins(const manifest::Manifest& manifest) {
  std::map<std::string, std::string> requirements;
  for (const auto& requirement : manifest.plugins) requirements[requirement.plugin] = requirement.versions.text;
  WEIR_TRY_ASSIGN(const auto lock, plugins::read_lock(plugins::lock_path(manifest.folder)));
  auto found = plugins::discover(plugins::search_paths(manifest.folder));
  if (lock) plugins::hold_to_lock(found, *lock);
  return plugins::Registry(std::move(found), requirements);
}

std::string use_text(const manifest::Use& use) { return use.plugin.empty() ? use.name : use.plugin + ":" + use.name; }

}  // namespace weir::run
