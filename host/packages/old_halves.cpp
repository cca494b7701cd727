#include "packages/old_halves.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include "base/user_folder.hpp"
#include "packages/part_file.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHalf = ".weirpkg", kEtag = ".etag";

// A half, or the ETag of one that is gone.
bool is_left_over(const fs::path& file) {
  std::error_code ignored;
  const fs::path half = file.extension() == kEtag ? fs::path(file).replace_extension() : file;
  return half.extension() == kHalf && (half == file || !fs::exists(half, ignored));
}

// Whether a process has it.
bool is_locked_file(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return false;
  const bool locked = ::flock(descriptor, LOCK_EX | LOCK_NB) != 0;
  ::close(descriptor);
  return locked;
}

}  // namespace

fs::path downloads_folder() {
  const fs::path cache = base::user_folder("XDG_CACHE_HOME", ".cache");
  return cache.empty() ? cache : cache / "downloads";
}

base::Result<std::vector<OldHalf>> remove_old_halves(const fs::path& folder, fs::file_time_type now, bool dry) {
  std::vector<OldHalf> old;
  std::error_code problem;
  for (fs::directory_iterator entry(folder, problem); !problem && entry != fs::directory_iterator();
       entry.increment(problem)) {
    std::error_code gone;
    const auto age = now - fs::last_write_time(entry->path(), gone);
    const bool regular = !gone && entry->is_regular_file(gone);
    if (!regular || age <= kHalfIsKept || !is_left_over(entry->path()) || is_locked_file(entry->path())) continue;
    const auto days = std::chrono::duration_cast<std::chrono::hours>(age).count() / 24;
    old.push_back({entry->path(), fs::file_size(entry->path(), gone), days});
  }
  std::sort(old.begin(), old.end(), [](const OldHalf& a, const OldHalf& b) { return a.file < b.file; });
  for (const OldHalf& half : old) {
    if (dry) continue;
    fs::remove(half.file.string() + std::string(kEtag), problem);
    if (!problem) fs::remove(half.file, problem);
    if (problem) return base::unexpected(disk_error(half.file, problem.message()));
  }
  return old;
}

}  // namespace weir::packages
