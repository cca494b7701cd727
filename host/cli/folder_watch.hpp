// FolderWatch: tells when files of some folders may have changed. Folders are watched, not files: builders and editors put
// another file in the place of one.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "base/result.hpp"
#include "cli/watched_files.hpp"

namespace weir::cli {

// The error run.watch: why `what` can't be watched, `problem` being an errno.
base::Error cannot_watch(const std::string& what, int problem);

// Owns a descriptor of inotify. Threads: one.
class FolderWatch {
 public:
  // Errors: run.watch.
  static base::Result<FolderWatch> open();
  FolderWatch(FolderWatch&& other) noexcept;
  FolderWatch& operator=(FolderWatch&&) = delete;
  ~FolderWatch();

  // To be waited for: readable when something may have happened.
  int descriptor() const { return descriptor_; }
  // Watches for these files from now on, and not for those before. A folder that is not there is waited for. Gives true if it
  // watches a folder that it did not: something may have happened there meanwhile. Errors: run.watch.
  base::Result<bool> watch(const WatchedFiles& files);
  // Takes what has happened; true, if some of it is about what is watched.
  bool take();

 private:
  explicit FolderWatch(int descriptor) : descriptor_(descriptor) {}
  base::Result<void> add(const std::filesystem::path& folder, const std::string& name);
  bool counts(int watch, std::uint32_t mask, const std::string& name) const;

  int descriptor_;
  std::map<int, std::set<std::string>> names_;  // by watch: names of files there; an empty one: any binary
};

}  // namespace weir::cli
