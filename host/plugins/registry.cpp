// The choice among plugins found, and the search for components in those chosen.
#include "plugins/registry.hpp"

#include <algorithm>
#include <tuple>

#include <weir/weir.h>

#include "base/units.hpp"
#include "plugins/compatibility.hpp"

namespace weir::plugins {
namespace {

constexpr const char* kInstallHint =
    "weir install installs what plugins: names; `weir plugin list` shows what is installed and where it is looked for";
constexpr const char* kListHint = "`weir plugin list` shows what is installed and where it is looked for";

base::Error missing(std::string code, std::string message, std::string hint) {
  base::Error error = plugin_refused(std::move(code), std::move(message), std::move(hint));
  error.status = base::Status::not_found;
  return error;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates,
                       const char* otherwise = kListHint) {
  const std::string near = base::nearest(word, candidates);
  return near.empty() ? otherwise : "did you mean '" + near + "'?";
}

std::string with_article(std::string_view kind) { return (kind.starts_with('e') ? "an " : "a ") + std::string(kind); }

bool is_of_kind(const ComponentInfo& component, std::int32_t kind) {
  return component.kind != 0 && (kind == 0 || component.kind == kind);
}

}  // namespace

Registry::Registry(std::vector<FoundPlugin> found, const std::map<std::string, std::string>& requirements)
    : found_(std::move(found)) {
  std::map<std::string, base::VersionRange> ranges;
  for (const auto& [name, text] : requirements) {
    auto range = base::parse_version_range(text);
    if (range) {
      ranges.emplace(name, std::move(range).value());
    } else {
      problems_.push_back({name, std::move(range).error()});
    }
  }
  choose(ranges);
  check_requirements(ranges);
}

void Registry::choose(const std::map<std::string, base::VersionRange>& ranges) {
  for (std::size_t i = 0; i < found_.size(); ++i) {
    FoundPlugin& plugin = found_[i];
    if (!plugin.info) continue;
    const PluginInfo& info = *plugin.info;
    if (const auto taken = taken_.find(info.name); taken != taken_.end()) {
      plugin.shadowed_by = found_[taken->second].path;
      continue;
    }
    if (!plugin.refused.empty()) continue;  // by a lock
    const auto range = ranges.find(info.name);
    if (range != ranges.end() && !range->second.fits(info.version)) {
      plugin.refused = info.version_text + " does not fit " + range->second.text;
    } else if (auto compatible = check_compatible(info, plugin.path); !compatible) {
      plugin.refused = compatible.error().message;
      plugin.error = std::move(compatible).error();
    } else {
      taken_.emplace(info.name, i);
    }
  }
}

void Registry::check_requirements(const std::map<std::string, base::VersionRange>& ranges) {
  for (const auto& [name, range] : ranges) {
    if (taken_.contains(name)) continue;
    auto problem = plugin_named(name);
    if (!problem) problems_.push_back({name, std::move(problem).error()});
  }
}

base::Result<const FoundPlugin*> Registry::plugin_named(std::string_view name) const {
  if (const FoundPlugin* taken = plugin(name)) return taken;
  std::string versions;
  const FoundPlugin* unusable = nullptr;
  std::vector<std::string> names;
  for (const FoundPlugin& found : found_) {
    const bool same = found.info ? found.info->name == name : found.path.stem() == std::string(name);
    if (found.info) names.push_back(found.info->name);
    if (!same) continue;
    if (found.error) {
      unusable = &found;
    } else {
      versions += (versions.empty() ? "" : ", ") + found.refused + " (" + found.path.string() + ")";
    }
  }
  if (!versions.empty()) {
    return base::unexpected(missing(
        "plugin.version", "plugin '" + std::string(name) + "': no version that is asked for is installed: " + versions,
        "install one that fits, or change the version in plugins:"));
  }
  if (unusable != nullptr) return base::unexpected(*unusable->error);
  return base::unexpected(missing("plugin.missing", "no plugin '" + std::string(name) + "' is installed",
                                  suggestion(name, names, kInstallHint)));
}

const FoundPlugin* Registry::plugin(std::string_view name) const {
  const auto found = taken_.find(name);
  return found == taken_.end() ? nullptr : &found_[found->second];
}

std::vector<Component> Registry::components(std::int32_t kind) const {
  std::vector<Component> all;
  for (const auto& [name, index] : taken_) {
    for (const ComponentInfo& component : found_[index].info->components) {
      if (is_of_kind(component, kind)) all.push_back({&found_[index], &component});
    }
  }
  std::sort(all.begin(), all.end(), [](const Component& a, const Component& b) {
    return std::tie(a.info->name, a.plugin->info->name) < std::tie(b.info->name, b.plugin->info->name);
  });
  return all;
}

std::vector<Component> Registry::formats() const { return components(WEIR_KIND_FORMAT); }

std::vector<Component> Registry::codecs() const { return components(WEIR_KIND_CODEC); }

base::Error Registry::unknown(std::string_view name, std::int32_t kind) const {
  // A plugin that has it may be there, and can't be used.
  for (const FoundPlugin& plugin : found_) {
    if (!plugin.info || !plugin.error) continue;
    for (const ComponentInfo& component : plugin.info->components) {
      if (component.name == name && is_of_kind(component, kind)) return *plugin.error;
    }
  }
  std::vector<std::string> names;
  for (const Component& component : components(kind)) names.push_back(component.info->name);
  const std::string of_kind = kind == 0 ? "" : " of kind " + std::string(kind_name(kind));
  return missing("plugin.unknown_component", "no component '" + std::string(name) + "'" + of_kind + " is installed",
                 suggestion(name, names));
}

base::Result<Component> Registry::find(std::string_view use, std::int32_t kind) const {
  const std::size_t colon = use.rfind(':');
  const std::string_view name = colon == std::string_view::npos ? use : use.substr(colon + 1);
  const FoundPlugin* only = nullptr;
  if (colon != std::string_view::npos) {
    WEIR_TRY_ASSIGN(only, plugin_named(use.substr(0, colon)));
  }
  std::vector<Component> named, matching;
  for (const Component& component : components()) {
    if (component.info->name != name || (only != nullptr && component.plugin != only)) continue;
    named.push_back(component);
    if (is_of_kind(*component.info, kind)) matching.push_back(component);
  }
  const auto elsewhere = [&](const Component& other) { return other.plugin != matching.front().plugin; };
  // One plugin may have it in several kinds.
  if (!matching.empty() && std::none_of(matching.begin(), matching.end(), elsewhere)) return matching.front();
  if (matching.size() > 1) {
    std::string ways;
    for (const Component& component : matching)
      ways += (ways.empty() ? "'" : " or '") + component.plugin_info().name + ":" + std::string(name) + "'";
    return base::unexpected(base::manifest_error("plugin.ambiguous_component",
                                                 "expected one component '" + std::string(name) + "', found it in " +
                                                     std::to_string(matching.size()) + " plugins")
                                .with_hint("write " + ways));
  }
  if (!named.empty()) {
    const std::string wanted(kind_name(kind));
    std::vector<std::string> names;
    for (const Component& component : components(kind)) names.push_back(component.info->name);
    std::string list;
    for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 8); ++i) list += (i == 0 ? "" : ", ") + names[i];
    return base::unexpected(base::manifest_error("plugin.wrong_kind", "expected " + with_article(wanted) + ", found '" +
                                                                          std::string(name) + "', " +
                                                                          with_article(named.front().info->kind_text))
                                .with_hint(list.empty() ? kListHint : "installed of kind " + wanted + ": " + list));
  }
  return base::unexpected(unknown(name, kind));
}

}  // namespace weir::plugins
