#include "target.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <optional>
#include <vector>

#include "descriptor.hpp"
#include "direct_target.hpp"
#include "problems.hpp"
#include "staged_name.hpp"

namespace weir::file {
namespace {

void remove_if_empty(const std::vector<std::string>& folders) {
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) rmdir(folder->c_str());
}

class StagedTarget : public StoredOutput {
 public:
  // Takes an empty file that was just made, and noted in `folders`.
  StagedTarget(Descriptor file, Committable about, Folders& folders)
      : file_(std::move(file)), about_(std::move(about)), folders_(folders) {}

  ~StagedTarget() override {
    if (prepared_) return;
    unlink(about_.staged.c_str());
    remove_if_empty(about_.folders);
  }

  bool continues() const override { return true; }
  std::int64_t written() const override { return static_cast<std::int64_t>(resumed_); }

  void write(std::string_view bytes) override {
    if (cancelled_.load(std::memory_order_relaxed)) throw cancelled();
    write_all(file_.get(), bytes, about_.target);
    about_.length += bytes.size();
  }

  void prepare(const Sink& committable, weir_receipt& receipt) override {
    if (fsync(file_.get()) != 0) throw cannot_write(about_.target, "sync", errno);
    folders_.sync(folder_of(about_.staged));
    for (const auto& folder : about_.folders) folders_.sync(folder_of(folder));
    receipt.rows = receipt.inserted = receipt.updated = receipt.deleted = -1;
    receipt.bytes = static_cast<std::int64_t>(about_.length);
    receipt.checksum[0] = 0;
    committable.put(about_.encode());
    prepared_ = true;
  }

  void cancel() noexcept override { cancelled_.store(true, std::memory_order_relaxed); }

  // Begins with the bytes that `earlier` had prepared.
  void resume(const Descriptor& from, const Committable& earlier) {
    std::vector<char> buffer(std::size_t{1} << 20U);
    while (about_.length < earlier.length) {
      const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), earlier.length - about_.length);
      const ssize_t count = pread(from.get(), buffer.data(), wanted, static_cast<off_t>(about_.length));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        throw Failure(WEIR_DATA_LOSS, WEIR_FAULT_DESTINATION,
                      "the staged file '" + earlier.staged + "' became shorter: expected " +
                          std::to_string(earlier.length) + " bytes, found " + std::to_string(about_.length))
            .object(earlier.target);
      }
      write_all(file_.get(), {buffer.data(), static_cast<std::size_t>(count)}, about_.target);
      about_.length += static_cast<std::uint64_t>(count);
    }
    resumed_ = about_.length;
  }

 private:
  Descriptor file_;
  Committable about_;
  Folders& folders_;
  std::uint64_t resumed_ = 0;
  bool prepared_ = false;
  std::atomic<bool> cancelled_ = false;
};

// Makes the staged file anew, as closed to others as the one that it will replace, or as `mode` says.
Descriptor create_staged(const Committable& about, const struct stat* replaced, std::optional<mode_t> mode) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  Descriptor file(open(about.staged.c_str(), kFlags, 0666));
  if (!file.valid() && errno == EEXIST) {
    // Not truncated: its writer, if it lives, goes on with a file that has no name.
    unlink(about.staged.c_str());
    file = Descriptor(open(about.staged.c_str(), kFlags, 0666));
  }
  if (!file.valid()) throw cannot_write(about.target, "create", errno);
  if (replaced != nullptr) {
    [[maybe_unused]] const int owner = fchown(file.get(), replaced->st_uid, replaced->st_gid);  // only root may
    if (!mode) mode = replaced->st_mode & 07777;
  }
  if (mode && fchmod(file.get(), *mode) != 0) throw cannot_write(about.target, "set the mode of", errno);
  return file;
}

std::unique_ptr<StoredOutput> stage(const Context& context, Folders& folders, Committable about,
                                    const struct stat* replaced, std::string_view resume) {
  Committable earlier;
  Descriptor from;
  if (!resume.empty()) {
    earlier = Committable::decode(resume);
    from = Descriptor(open(earlier.staged.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!from.valid()) throw cannot_write(earlier.staged, "go on with", errno);
    about.folders.insert(about.folders.begin(), earlier.folders.begin(), earlier.folders.end());
  }
  Descriptor file = create_staged(about, replaced, asked_mode(context));
  folders.note(folder_of(about.staged));
  struct stat facts{};
  fstat(file.get(), &facts);
  about.inode = facts.st_ino;
  if (context.cancelled()) throw cancelled();
  auto made = std::make_unique<StagedTarget>(std::move(file), std::move(about), folders);
  if (from.valid()) made->resume(from, earlier);
  return made;
}

}  // namespace

void write_all(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw cannot_write(path, "write to", errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::optional<mode_t> asked_mode(const Context& context) {
  const std::string_view digits = context.config().text("/mode");
  if (digits.empty()) return std::nullopt;
  mode_t mode = 0;
  for (const char digit : digits) mode = mode * 8 + static_cast<mode_t>(digit - '0');
  return mode;
}

void sync_folder(const std::string& folder) {
  const Descriptor open_folder(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems can't sync a folder, and say EINVAL.
  if (open_folder.valid() && fsync(open_folder.get()) != 0 && errno != EINVAL)
    throw cannot_write(folder, "sync", errno);
}

void Folders::note(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  ++names_[folder].made;
}

void Folders::sync(const std::string& folder) {
  std::uint64_t wanted = 0;
  {
    const std::lock_guard lock(mutex_);
    const Names& names = names_[folder];
    if (names.durable == names.made) return;
    wanted = names.made;
  }
  sync_folder(folder);
  const std::lock_guard lock(mutex_);
  Names& names = names_[folder];
  names.durable = std::max(names.durable, wanted);
}

std::vector<std::string> Folders::make(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> missing;
  struct stat facts{};
  std::string at = folder;
  while (stat(at.c_str(), &facts) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) throw cannot_write(folder, "create the folder", errno);
    missing.push_back(at);
    if (at == folder_of(at)) break;
    at = folder_of(at);
  }
  if (!S_ISDIR(facts.st_mode)) {
    throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION, "'" + at + "' is a file, not a folder")
        .hint("choose a folder to write to")
        .object(at)
        .option("/path")
        .native(ENOTDIR);
  }
  for (auto path = missing.rbegin(); path != missing.rend(); ++path) {
    if (mkdir(path->c_str(), 0777) == 0) {
      made_.insert(*path);
      ++names_[folder_of(*path)].made;
    } else if (errno != EEXIST) {
      const int code = errno;
      remove_if_empty({missing.rbegin(), path});
      throw cannot_write(*path, "create the folder", code);
    }
  }
  std::vector<std::string> ours;
  for (at = folder;; at = folder_of(at)) {
    if (made_.contains(at)) ours.insert(ours.begin(), at);
    if (at == folder_of(at)) return ours;
  }
}

std::string behind_links(std::string path) {
  char buffer[PATH_MAX];
  for (int i = 0; i < 40; ++i) {  // as many as the kernel follows
    const ssize_t length = readlink(path.c_str(), buffer, sizeof buffer);
    if (length <= 0) return path;
    const std::string points(buffer, static_cast<std::size_t>(length));
    path = points[0] == '/' ? points : folder_of(path) + "/" + points;
  }
  throw cannot_write(path, "follow the links of", ELOOP);
}

std::unique_ptr<StoredOutput> open_target(const Context& context, Folders& folders, std::string_view name,
                                          std::uint64_t epoch, std::string_view resume) {
  if (name == "-") return open_direct(context, "-", resume);
  Committable about;
  about.target = behind_links(std::string(name));
  struct stat facts{};
  const bool there = stat(about.target.c_str(), &facts) == 0;
  if (there && (S_ISFIFO(facts.st_mode) || S_ISCHR(facts.st_mode))) return open_direct(context, about.target, resume);
  if ((there && S_ISDIR(facts.st_mode)) || name.ends_with('/')) throw is_folder(about.target, false);
  if (there && !S_ISREG(facts.st_mode)) throw cannot_write(about.target, "replace the device or socket", EINVAL);
  if (there && access(about.target.c_str(), W_OK) != 0) throw cannot_write(about.target, "replace", errno);
  const std::string folder = folder_of(about.target);
  about.folders = folders.make(folder);
  about.staged = (folder == "/" ? "" : folder) + "/" + StagedName::of(context, epoch, about.target).text();
  const std::vector<std::string> made = about.folders;
  try {
    return stage(context, folders, std::move(about), there ? &facts : nullptr, resume);
  } catch (...) {
    remove_if_empty(made);
    throw;
  }
}

void publish(const Committable& committable) {
  if (committable.staged.empty()) return;
  const Descriptor file(open(committable.staged.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat facts{};
  if (!file.valid()) {
    if (errno != ENOENT) throw cannot_write(committable.target, "publish", errno);
    const bool published =
        stat(committable.target.c_str(), &facts) == 0 &&
        (facts.st_ino == committable.inode || static_cast<std::uint64_t>(facts.st_size) == committable.length);
    if (published) return sync_folder(folder_of(committable.target));
    throw Failure(
        WEIR_DATA_LOSS, WEIR_FAULT_DESTINATION,
        "the staged file '" + committable.staged + "' is gone, and '" + committable.target + "' is not what it held")
        .object(committable.target)
        .hint("something removed it; run with --fresh to write everything again");
  }
  if (fstat(file.get(), &facts) != 0) throw cannot_write(committable.staged, "look at", errno);
  const auto found = static_cast<std::uint64_t>(facts.st_size);
  if (found < committable.length) {
    throw Failure(WEIR_DATA_LOSS, WEIR_FAULT_DESTINATION,
                  "the staged file '" + committable.staged + "' became shorter: expected " +
                      std::to_string(committable.length) + " bytes, found " + std::to_string(found))
        .object(committable.target);
  }
  if (found > committable.length &&
      (ftruncate(file.get(), static_cast<off_t>(committable.length)) != 0 || fsync(file.get()) != 0)) {
    throw cannot_write(committable.staged, "cut", errno);
  }
  if (rename(committable.staged.c_str(), committable.target.c_str()) != 0) {
    if (errno == EISDIR || errno == EEXIST || errno == ENOTEMPTY) throw is_folder(committable.target, false);
    throw cannot_write(committable.target, "publish", errno);
  }
  sync_folder(folder_of(committable.target));
}

void discard(const Committable& committable) {
  if (committable.staged.empty()) return;
  if (unlink(committable.staged.c_str()) == 0) {
    sync_folder(folder_of(committable.staged));
  } else if (errno != ENOENT && errno != ENOTDIR) {
    throw cannot_write(committable.staged, "remove", errno);
  }
  remove_if_empty(committable.folders);
}

}  // namespace weir::file
