#include "plugins/library.hpp"

#include <array>
#include <optional>

#include "plugins/compatibility.hpp"
#include "plugins/description.hpp"
#include "plugins/error.hpp"
#include "plugins/first_loads.hpp"
#include "plugins/go_runtime.hpp"
#include "plugins/guard.hpp"
#include "plugins/system.hpp"

namespace weir::plugins {
namespace {

using base::Result;
using EntryFunction = const weir_plugin*();

struct Entry {
  EntryFunction* call = nullptr;
};

std::string foreign_entry(const Module& module) {
  for (int major = 2; major <= 9; ++major) {
    std::string name = "weir_plugin_v" + std::to_string(major);
    if (module.find(name) != nullptr) return name;
  }
  return {};
}

Result<Entry> entry_of(const Module& module, const std::string& path) {
  if (void* const found = module.find("weir_plugin_v1")) return Entry{reinterpret_cast<EntryFunction*>(found)};
  const std::string foreign = foreign_entry(module);
  if (!foreign.empty()) {
    return base::unexpected(plugin_refused(
        "plugin.foreign_abi",
        path + ": expected weir_plugin_v1(), found " + foreign + "(), of another major version of the ABI",
        "install a newer weir, or an older version of the plugin"));
  }
  return base::unexpected(plugin_refused("plugin.missing_symbol",
                                         path + ": expected the function weir_plugin_v1(), found none",
                                         "export it: WEIR_PLUGIN(...) in C++, or WEIR_EXPORT before it in C"));
}

}  // namespace

struct Library::Module {
  plugins::Module library;
};

Library::Library(std::filesystem::path path, PluginInfo info, HostServices services)
    : path_(std::move(path)),
      info_(std::move(info)),
      host_(std::move(services), "", info_.name),
      module_(std::make_unique<Module>()) {}

Library::~Library() {
  if (opened_) {
    const auto failed = guarded_void({info_.name, "", "close"}, [this] { description_->close(); }, {host_.calls()});
    if (failed && host_.told_to() != nullptr) host_.told_to()->warning(failed->code, failed->message);
  }
  // Go's runtime has threads and signal handlers that outlive close(): its code must stay.
  if (info_.go) module_->library.stay();
}

namespace {

// Into this process, if nothing is known against it.
Result<void> load_module(const Library& library, Module& module) {
  WEIR_TRY(admit_load(library.path()));
  if (!library.info().go) return module.load(library.path());
  const GoRuntime runtime;
  WEIR_TRY(runtime.check(library.path()));
  WEIR_TRY(module.load(library.path()));
  runtime.take(library.path());
  return {};
}

}  // namespace

Result<std::shared_ptr<const Library>> Library::load(const std::filesystem::path& path, PluginInfo info,
                                                     HostServices services) {
  const std::string name = path.string();
  WEIR_TRY(check_compatible(info, path));
  std::shared_ptr<Library> library(new Library(std::filesystem::absolute(path), std::move(info), std::move(services)));
  plugins::Module& module = library->module_->library;
  WEIR_TRY(load_module(*library, module));
  WEIR_TRY_ASSIGN(const Entry entry, entry_of(module, name));
  try {
    library->description_ = entry.call();
  } catch (...) {
    return base::unexpected(misbehaviour({library->info_.name, "", "weir_plugin_v1"}, "plugin.exception",
                                         "expected no exception to leave it, found one"));
  }
  WEIR_TRY(check_description(library->description_, library->info_));
  const weir_host* host = library->host_.get();
  CallOutcome opened = guarded_call({library->info_.name, "", "open"}, GuardDepth::quick,
                                    [&](weir_error* error) { return library->description_->open(host, error); },
                                    {library->host_.calls()});
  if (!opened.ok()) {
    base::Error error = std::move(opened.failed.error);
    error.fault = base::Fault::missing;
    error.message = "plugin '" + library->info_.name + "' can't be used: " + error.message;
    error.code = "plugin.open";
    return base::unexpected(std::move(error));
  }
  library->opened_ = true;
  return std::shared_ptr<const Library>(std::move(library));
}

const weir_component* Library::component(std::string_view name, std::int32_t kind) const {
  for (std::uint64_t i = 0; i < description_->count; ++i) {
    const weir_component& found = *description_->components[i];
    const bool same = std::string_view(found.name.data, found.name.length) == name;
    if (same && (kind == 0 || found.kind == kind)) return &found;
  }
  return nullptr;
}

namespace {
template <class Table>
const Table* table_of(const weir_component* component) {
  return component == nullptr ? nullptr : static_cast<const Table*>(component->table);
}
}  // namespace

const weir_extractor* Library::extractor(std::string_view name) const {
  return table_of<weir_extractor>(component(name, WEIR_KIND_EXTRACTOR));
}
const weir_transformer* Library::transformer(std::string_view name) const {
  return table_of<weir_transformer>(component(name, WEIR_KIND_TRANSFORMER));
}
const weir_loader* Library::loader(std::string_view name) const {
  return table_of<weir_loader>(component(name, WEIR_KIND_LOADER));
}
const weir_format* Library::format(std::string_view name) const {
  return table_of<weir_format>(component(name, WEIR_KIND_FORMAT));
}
const weir_storage* Library::storage(std::string_view name) const {
  return table_of<weir_storage>(component(name, WEIR_KIND_STORAGE));
}
const weir_codec* Library::codec(std::string_view name) const {
  return table_of<weir_codec>(component(name, WEIR_KIND_CODEC));
}
const weir_connection* Library::connection(std::string_view name) const {
  return table_of<weir_connection>(component(name, WEIR_KIND_CONNECTION));
}

const void* Library::extension(const weir_component& component, std::string_view id) {
  if (!WEIR_CAN(&component, extension)) return nullptr;
  return component.extension({id.data(), id.size()});
}

Result<std::shared_ptr<const Library>> Libraries::get(const std::filesystem::path& path, const PluginInfo& info) {
  std::error_code ignored;
  std::filesystem::path key = std::filesystem::weakly_canonical(path, ignored);
  if (key.empty()) key = path;
  const std::lock_guard lock(mutex_);
  std::weak_ptr<const Library>& known = loaded_[key];
  if (auto library = known.lock()) return library;
  WEIR_TRY_ASSIGN(std::shared_ptr<const Library> library, Library::load(path, info, services_));
  known = library;
  return library;
}

}  // namespace weir::plugins
