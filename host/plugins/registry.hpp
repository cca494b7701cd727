// Registry: which plugin provides what a manifest uses.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/discovery.hpp"

namespace weir::plugins {

// A component of an installed plugin; valid as long as the Registry.
struct Component {
  const FoundPlugin* plugin = nullptr;
  const ComponentInfo* info = nullptr;

  const PluginInfo& plugin_info() const { return *plugin->info; }
};

// What is wrong with an entry of the manifest's `plugins:`; the caller knows its place.
struct RequirementProblem {
  std::string plugin;
  base::Error error;
};

// Decides, of all plugins found, which are taken: for each name the first that fits the manifest's version and this
// host's machine and ABI. Immutable once made. Threads: [any].
class Registry {
 public:
  // `requirements`: plugin name to a range of versions ("^1.2", "*"), from the manifest's `plugins:`.
  Registry(std::vector<FoundPlugin> found, const std::map<std::string, std::string>& requirements);
  Registry(Registry&&) = default;
  Registry& operator=(Registry&&) = default;

  // What is wrong with the requirements: a range that can't be parsed (manifest.version), a plugin that is not
  // installed (plugin.missing), of which no version fits (plugin.version), or that can't be used here (the file's own
  // error).
  const std::vector<RequirementProblem>& problems() const { return problems_; }

  // Finds a component by what the manifest says after `use:`, "csv" or "PLUGIN:csv", of a kind or (0) of any. Errors:
  // plugin.unknown_component (fault missing), with the nearest name; plugin.ambiguous_component (fault manifest) if two
  // plugins have it; plugin.wrong_kind (fault manifest) if it exists, as another kind; plugin.missing if PLUGIN is not
  // installed, or plugin's own error if its file can't be used.
  base::Result<Component> find(std::string_view use, std::int32_t kind = 0) const;

  // All components of a kind (0: of any) of the plugins that are taken, by name.
  std::vector<Component> components(std::int32_t kind = 0) const;
  std::vector<Component> formats() const;
  std::vector<Component> codecs() const;

  // Finds a plugin that is taken, or null.
  const FoundPlugin* plugin(std::string_view name) const;

  // All that was found, in the order of discovery, marked with what shadows or refuses it.
  const std::vector<FoundPlugin>& found() const { return found_; }

 private:
  void choose(const std::map<std::string, base::VersionRange>& ranges);
  void check_requirements(const std::map<std::string, base::VersionRange>& ranges);
  base::Result<const FoundPlugin*> plugin_named(std::string_view name) const;
  base::Error unknown(std::string_view name, std::int32_t kind) const;

  std::vector<FoundPlugin> found_;
  std::map<std::string, std::size_t, std::less<>> taken_;  // name → index in found_
  std::vector<RequirementProblem> problems_;
};

}  // namespace weir::plugins
