#include "cli/folder_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

// A file that is being written is told of when it is closed.
constexpr std::uint32_t kEvents =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF;

}  // namespace

base::Error cannot_watch(const std::string& what, int problem) {
  return base::make_error(base::Status::resource_exhausted, base::Fault::host, "run.watch",
                          "expected to watch " + what + ", found: " + std::generic_category().message(problem))
      .with_hint(
          "the system has only so many watches: fs.inotify.max_user_watches, fs.inotify.max_user_instances, ulimit -n");
}

base::Result<FolderWatch> FolderWatch::open() {
  const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0) return base::unexpected(cannot_watch("files", errno));
  return FolderWatch(descriptor);
}

FolderWatch::FolderWatch(FolderWatch&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), names_(std::move(other.names_)) {}

FolderWatch::~FolderWatch() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

base::Result<bool> FolderWatch::watch(const WatchedFiles& files) {
  const auto before = std::exchange(names_, {});
  for (const auto& [path, file] : files.files) {
    WEIR_TRY(add(path.parent_path(), path.filename()));
    std::error_code problem;
    const fs::path real = fs::canonical(path, problem);  // what a link points to, too
    if (!problem && real != path) WEIR_TRY(add(real.parent_path(), real.filename()));
  }
  for (const auto& folder : files.plugin_folders) WEIR_TRY(add(folder, ""));
  for (const auto& [watch, names] : before) {
    if (!names_.contains(watch)) ::inotify_rm_watch(descriptor_, watch);
  }
  return std::any_of(names_.begin(), names_.end(), [&](const auto& one) { return !before.contains(one.first); });
}

base::Result<void> FolderWatch::add(const fs::path& folder, const std::string& name) {
  const int watch = ::inotify_add_watch(descriptor_, folder.c_str(), kEvents | IN_ONLYDIR);
  if (watch >= 0) {
    names_[watch].insert(name);
    return {};
  }
  if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
    return base::unexpected(cannot_watch("the folder " + folder.string(), errno));
  if (!folder.has_relative_path()) return {};
  return add(folder.parent_path(), folder.filename());  // for it to appear
}

bool FolderWatch::take() {
  alignas(inotify_event) std::array<char, 16384> events{};
  bool any = false;
  for (ssize_t size = 0; (size = ::read(descriptor_, events.data(), events.size())) > 0;) {
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event event{};
      std::memcpy(&event, events.data() + at, sizeof event);
      const char* const name = events.data() + at + sizeof event;
      any = any || counts(event.wd, event.mask, event.len > 0 ? std::string(name) : std::string());
      at += sizeof event + event.len;
    }
  }
  return any;
}

bool FolderWatch::counts(int watch, std::uint32_t mask, const std::string& name) const {
  if ((mask & (IN_Q_OVERFLOW | IN_DELETE_SELF | IN_MOVE_SELF)) != 0) return true;
  const auto found = names_.find(watch);
  if (found == names_.end()) return false;
  return found->second.contains(name) || (found->second.contains("") && name.ends_with(".so"));
}

}  // namespace weir::cli
