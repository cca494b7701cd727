#include "run/loading.hpp"

#include <string>
#include <vector>

#include <weir/weir.h>

#include "plugins/first_loads.hpp"
#include "run/installed.hpp"

namespace weir::run {
namespace {

using manifest::Node;

// Whether the manifest says `isolation: none` of a plugin.
bool without_isolation(const manifest::Manifest& manifest, const std::string& plugin) {
  const Node* const plugins = manifest.tree.find("plugins");
  const Node* const requirement = plugins == nullptr ? nullptr : plugins->find(plugin);
  const Node* const isolation = requirement == nullptr ? nullptr : requirement->find("isolation");
  return isolation != nullptr && isolation->kind == manifest::Kind::text && isolation->text == "none";
}

base::Error needs_isolation(const std::string& plugin, const manifest::Use& use) {
  base::Error error = base::make_error(
      base::Status::failed_precondition, base::Fault::manifest, "plugin.isolation",
      "expected isolation: none of plugin '" + plugin + "', which brings Go's runtime into this process, found none");
  error.hint = "write it out: plugins: { " + plugin + ": { isolation: none } }";
  error.place = use.where.place();
  return error;
}

// The files of the plugins that are used, each once or more.
class Used {
 public:
  explicit Used(const plugins::Registry& registry) : registry_(registry) {}

  void add(const manifest::Use& use) {
    if (use.name.empty()) return;
    add_named(use_text(use));
    const bool bytes = registry_.find(use_text(use), WEIR_KIND_STORAGE).has_value();
    add_part(use, "format", WEIR_KIND_FORMAT, bytes);
    add_part(use, "codec", WEIR_KIND_CODEC, bytes);
  }
  const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  void add_named(const std::string& name) {
    if (const auto found = registry_.find(name)) files_.push_back(found->plugin->path);
  }
  // A format or a codec of a storage; where none is named, all are asked whether the object is theirs.
  void add_part(const manifest::Use& use, const char* key, std::int32_t kind, bool bytes) {
    const Node* const part = use.options.find(key);
    const Node* const named = part == nullptr ? nullptr : part->find("use");
    if (named != nullptr) return add_named(named->text);
    if (part != nullptr && part->kind == manifest::Kind::text) return add_named(part->text);
    if (!bytes) return;
    for (const plugins::Component& one : registry_.components(kind)) files_.push_back(one.plugin->path);
  }

  const plugins::Registry& registry_;
  std::vector<std::filesystem::path> files_;
};

}  // namespace

void expect_plugins(const manifest::Manifest& manifest, const plugins::Registry& registry) {
  Used used(registry);
  for (const auto& use : manifest.extract) used.add(use);
  for (const auto& use : manifest.transform) used.add(use);
  for (const auto& use : manifest.load) used.add(use);
  for (const auto& branch : manifest.branches) {
    for (const auto& use : branch.transform) used.add(use);
    for (const auto& use : branch.load) used.add(use);
  }
  if (manifest.reject) used.add(*manifest.reject);
  if (manifest.store) used.add(*manifest.store);
  plugins::expect_loads(used.files());
}

base::Result<std::shared_ptr<const plugins::Library>> load_plugin(const plugins::Component& found,
                                                                  const manifest::Use& use,
                                                                  const manifest::Manifest& manifest,
                                                                  plugins::Libraries& libraries) {
  const plugins::PluginInfo& info = found.plugin_info();
  if (info.go && !without_isolation(manifest, info.name)) return base::unexpected(needs_isolation(info.name, use));
  auto library = libraries.get(found.plugin->path, info);
  if (library) return library;
  base::Error error = std::move(library).error();
  if (!error.place.known()) error.place = use.where.place();
  return base::unexpected(std::move(error));
}

}  // namespace weir::run
