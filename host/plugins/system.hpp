// System: what differs from one operating system to another in finding, loading and judging plugins. Its unit is the only one
// that calls the system's loader; this one is for Linux.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace weir::plugins {

// What plugins' files are called here, and elsewhere.
bool is_plugin_file(const std::filesystem::path& path);

// The version of the C library, "2.36".
std::string libc_version();

// The file that this code is in: the program, or the library libweir. Empty: that can't be told.
std::filesystem::path file_of_this_code();

// A shared object in memory. Unloaded with it. Move only.
class Module {
 public:
  Module();
  Module(Module&& other) noexcept;
  Module& operator=(Module&& other) noexcept;
  ~Module();

  // Loads it and all that it needs, its names for itself alone. Errors (fault missing): plugin.unresolved_library,
  // plugin.unresolved_symbol, plugin.libc_too_old, plugin.load. Reads the environment on an error.
  base::Result<void> load(const std::filesystem::path& file);
  // The address of what it exports under a name; null: it does not.
  void* find(const std::string& name) const;
  // From here on it stays, whatever becomes of this.
  void stay();

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace weir::plugins
