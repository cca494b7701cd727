#include "plugins/go_runtime.hpp"

#include <sys/stat.h>

#include <optional>

#include "plugins/compatibility.hpp"

namespace weir::plugins {
namespace {

// A file, told from another that has been put in its place.
struct Taken {
  std::filesystem::path file;
  dev_t device = 0;
  ino_t inode = 0;
};

struct Place {
  std::mutex mutex;
  std::optional<Taken> taken;  // guarded by mutex
};

Place& place() {
  static Place only;
  return only;
}

Taken taken_of(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return {file};
  return {file, status.st_dev, status.st_ino};
}

}  // namespace

GoRuntime::GoRuntime() : lock_(place().mutex) {}

base::Result<void> GoRuntime::check(const std::filesystem::path& file) const {
  const auto& taken = place().taken;
  if (!taken) return {};
  const Taken wanted = taken_of(file);
  if (taken->device == wanted.device && taken->inode == wanted.inode) return {};
  const bool changed = taken->file == file;
  return base::unexpected(plugin_refused(
      "plugin.second_go",
      file.string() + ": expected one plugin with Go's runtime in a process, found a second: " +
          (changed ? "the same file, as it was before it was built anew" : taken->file.string()) + " is loaded already",
      changed ? "start weir again: Go's runtime can't be unloaded"
              : "use one of the two in a pipeline, and the other in a run of its own"));
}

void GoRuntime::take(const std::filesystem::path& file) const { place().taken = taken_of(file); }

}  // namespace weir::plugins
