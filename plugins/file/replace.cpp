#include "replace.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <optional>
#include <thread>

#include "descriptor.hpp"
#include "problems.hpp"
#include "source.hpp"

namespace weir::file {
namespace {

constexpr mode_t kOthers = 0666;  // as the umask has it

std::string beside(const std::string& path, const char* ending) {
  const std::string folder = folder_of(path);
  return (folder == "/" ? "" : folder) + "/.weir-" + name_of(path) + ending;
}

// The kernel's lock on a file beside it, which stays there: it goes with who holds it, however that ends.
Descriptor lock_beside(const std::string& path, const std::function<bool()>& stopped) {
  const std::string name = beside(path, ".lock");
  Descriptor lock(open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kOthers));
  if (!lock.valid()) throw cannot_write(name, "create", errno);
  auto pause = std::chrono::microseconds(100);
  constexpr auto kLongest = std::chrono::microseconds(10'000);
  while (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) throw cannot_write(name, "lock", errno);
    if (stopped()) throw cancelled();
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kLongest);
  }
  return lock;
}

std::optional<struct stat> facts_if_there(const std::string& path) {
  struct stat facts{};
  if (stat(path.c_str(), &facts) == 0) {
    if (!S_ISREG(facts.st_mode)) throw cannot_write(path, "replace what is no file", EINVAL);
    return facts;
  }
  if (errno != ENOENT && errno != ENOTDIR) throw cannot_write(path, "look at", errno);
  return std::nullopt;
}

bool is_after(const timespec& a, const timespec& b) {
  return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_nsec > b.tv_nsec;
}

// A version tells size, time and inode, all of which could come again within the clock's tick: so the time of each is later than that of
// the one before, by as little as the file system can tell apart.
void set_later_time(int file, const timespec& before, const std::string& path) {
  constexpr std::array<long, 5> kSteps{1, 1'000, 1'000'000, 1'000'000'000, 2'000'000'000};  // nanoseconds
  constexpr long kSecond = 1'000'000'000;
  struct stat facts{};
  if (fstat(file, &facts) != 0) throw cannot_write(path, "look at", errno);
  for (const long step : kSteps) {
    if (is_after(facts.st_mtim, before)) return;
    timespec later{before.tv_sec + step / kSecond, before.tv_nsec + step % kSecond};
    if (later.tv_nsec >= kSecond) later = {later.tv_sec + 1, later.tv_nsec - kSecond};
    const timespec times[2] = {later, later};
    if (futimens(file, times) != 0 || fstat(file, &facts) != 0) throw cannot_write(path, "set the time of", errno);
  }
}

}  // namespace

struct stat replace(const Context& context, Folders& folders, const std::string& path, std::string_view bytes,
                    std::string_view expected, const std::function<bool()>& stopped) {
  const std::string target = behind_links(path), staged = beside(target, ".new");
  static_cast<void>(facts_if_there(target));  // beside what is no file nothing is made
  const auto made = folders.make(folder_of(target));
  const Descriptor lock = lock_beside(target, stopped);
  const auto before = facts_if_there(target);
  if ((before ? version_of(*before) : std::string()) != expected) {
    throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION, "'" + target + "' was changed by somebody else")
        .object(target);
  }
  unlink(staged.c_str());  // of one that was killed
  const Descriptor file(open(staged.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kOthers));
  if (!file.valid()) throw cannot_write(target, "create", errno);
  try {
    if (const auto mode = asked_mode(context); mode && fchmod(file.get(), *mode) != 0)
      throw cannot_write(target, "set the mode of", errno);
    write_all(file.get(), bytes, target);
    if (before) set_later_time(file.get(), before->st_mtim, target);
    if (fsync(file.get()) != 0) throw cannot_write(target, "sync", errno);
    if (rename(staged.c_str(), target.c_str()) != 0) throw cannot_write(target, "replace", errno);
  } catch (...) {
    unlink(staged.c_str());
    throw;
  }
  sync_folder(folder_of(target));
  for (const auto& folder : made) folders.sync(folder_of(folder));
  struct stat facts{};
  if (fstat(file.get(), &facts) != 0) throw cannot_write(target, "look at", errno);
  return facts;
}

}  // namespace weir::file
