// Library: a plugin in memory. Loaded, checked against its description, opened once, closed and unloaded when the last
// who uses it is gone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.h>

#include "base/result.hpp"
#include "plugins/host_table.hpp"
#include "plugins/info.hpp"

namespace weir::plugins {

// A plugin that has been opened. All that it gives (descriptor, tables, arrays made by it) is valid as long as this:
// whoever holds a table, an instance or an array of it holds its shared_ptr. Threads: [any].
class Library {
 public:
  // Loads `path` with rtld_now and rtld_local, finds weir_plugin_v1, checks the description against `info` (what
  // read_info() said of the same file), and calls open(). Errors, fault missing (exit 4), each with a cure:
  // plugin.wrong_machine, plugin.foreign_abi (another major), plugin.needs_newer_abi (needs_abi above ours),
  // plugin.libc_too_old, plugin.unresolved_library (a library it links is not found), plugin.unresolved_symbol,
  // plugin.missing_symbol (no weir_plugin_v1), plugin.bad_description (sizes, nulls, tables, names), plugin.load (any
  // other refusal of the loader), plugin.open (its open() failed; its own error is told).
  static base::Result<std::shared_ptr<const Library>> load(const std::filesystem::path& path, PluginInfo info,
                                                           HostServices services);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  const PluginInfo& info() const { return info_; }
  const std::filesystem::path& path() const { return path_; }
  const weir_plugin& description() const { return *description_; }

  // Finds a component's description by name; kind 0: of any kind. Null: there is none.
  const weir_component* component(std::string_view name, std::int32_t kind = 0) const;

  // The tables by kind, as weir.h says; null if there is no such component. Use WEIR_CAN for what is not required.
  const weir_extractor* extractor(std::string_view name) const;
  const weir_transformer* transformer(std::string_view name) const;
  const weir_loader* loader(std::string_view name) const;
  const weir_format* format(std::string_view name) const;
  const weir_storage* storage(std::string_view name) const;
  const weir_codec* codec(std::string_view name) const;
  const weir_connection* connection(std::string_view name) const;

  // The component's table for an extension ("weir.chunked/1"), or null.
  static const void* extension(const weir_component& component, std::string_view id);

 private:
  struct Module;  // the shared object
  Library(std::filesystem::path path, PluginInfo info, HostServices services);

  std::filesystem::path path_;
  PluginInfo info_;
  HostTable host_;  // for open(); valid until close()
  std::unique_ptr<Module> module_;
  const weir_plugin* description_ = nullptr;
  bool opened_ = false;
};

// The libraries of a run, each loaded once however many links use it. Threads: [any].
class Libraries {
 public:
  explicit Libraries(HostServices services) : services_(std::move(services)) {}

  // Gives the library of a file, loading it if nobody holds it yet. Errors as Library::load().
  base::Result<std::shared_ptr<const Library>> get(const std::filesystem::path& path, const PluginInfo& info);

 private:
  HostServices services_;
  std::mutex mutex_;
  std::map<std::filesystem::path, std::weak_ptr<const Library>> loaded_;  // guarded by mutex_
};

}  // namespace weir::plugins
