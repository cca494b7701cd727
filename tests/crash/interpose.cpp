// Stands between weir and libc (LD_PRELOAD). It counts the calls of some kinds that touch files below a folder, writes each
// to a log, and at a given one kills the process or makes the call fail. Before a sync it keeps a copy of the file as it is
// then: what a power failure would leave of it. It knows nothing of weir. Set by the environment:
//
//   INTERPOSE_ROOT=FOLDER     only files below it count
//   INTERPOSE_KINDS=A,B       what counts: open create close read write sync cut rename link unlink mkdir rmdir list memory
//   INTERPOSE_LOG=FILE        a line a call: number, kind, outcome, path, other path; by tabs
//   INTERPOSE_AT=N            which call of the process, from 1
//   INTERPOSE_DO=kill         SIGKILL before it
//               =torn         SIGKILL when a half of it is written
//               =short        a half of it is read or written
//               =fail:ERRNO   it fails with that number
//   INTERPOSE_ON=1            so does each one behind it
//   INTERPOSE_STORM=1         every second call of each thread fails with EINTR
//   INTERPOSE_SYNCED=FOLDER   where copies go, by the number of the sync
//   INTERPOSE_MEMORY=BYTES    allocations of at least so many count as kind memory
//   INTERPOSE_CLOCK=SECONDS   the time of day jumps by so much, there and back, every few times that it is asked for
//
// Threads: calls that count are made one at a time, so that the log has the order in which they took place.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>
#include <string_view>
#include <type_traits>

extern "C" {
// What malloc and its kin are in glibc, under names that nothing stands in front of.
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
}

namespace {

enum Kind {
  kOpen,
  kCreate,
  kClose,
  kRead,
  kWrite,
  kSync,
  kCut,
  kRename,
  kLink,
  kUnlink,
  kMkdir,
  kRmdir,
  kList,
  kMemory
};
constexpr std::array<std::string_view, 14> kNames = {"open",   "create", "close",  "read",  "write", "sync", "cut",
                                                     "rename", "link",   "unlink", "mkdir", "rmdir", "list", "memory"};
enum class Deed { none, kill, torn, half, fail };
enum class Part { whole, half };

struct Settings {
  std::array<bool, kNames.size()> counted{};
  std::string_view root;
  int log = -1;
  long at = 0;
  Deed deed = Deed::none;
  int error = 0;
  bool on = false, storm = false;
  const char* synced = nullptr;
  size_t memory = 0;
  long clock = 0;
};

Settings settings;
std::mutex guard;  // of `count` and the order of the log
long count = 0;
thread_local bool inside = false;   // a call that the interposer makes itself
thread_local bool stormed = false;  // the last call of this thread failed with EINTR

template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

const char* given(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == 0 ? nullptr : value;
}

long number(const char* name) {
  const char* value = given(name);
  return value == nullptr ? 0 : std::atol(value);
}

[[gnu::constructor]] void read_settings() {
  const std::string_view kinds = given("INTERPOSE_KINDS") == nullptr ? "" : given("INTERPOSE_KINDS");
  for (size_t begin = 0; begin < kinds.size();) {
    const size_t end = std::min(kinds.find(',', begin), kinds.size());
    const auto* const found = std::find(kNames.begin(), kNames.end(), kinds.substr(begin, end - begin));
    if (found == kNames.end()) std::abort();
    settings.counted[static_cast<size_t>(found - kNames.begin())] = true;
    begin = end + 1;
  }
  if (const char* root = given("INTERPOSE_ROOT")) settings.root = root;
  settings.at = number("INTERPOSE_AT");
  settings.on = number("INTERPOSE_ON") != 0;
  settings.storm = number("INTERPOSE_STORM") != 0;
  settings.synced = given("INTERPOSE_SYNCED");
  settings.memory = static_cast<size_t>(number("INTERPOSE_MEMORY"));
  settings.clock = number("INTERPOSE_CLOCK");
  const std::string_view deed = given("INTERPOSE_DO") == nullptr ? "" : given("INTERPOSE_DO");
  if (deed == "kill") settings.deed = Deed::kill;
  if (deed == "torn") settings.deed = Deed::torn;
  if (deed == "short") settings.deed = Deed::half;
  if (deed.starts_with("fail:")) {
    settings.deed = Deed::fail;
    settings.error = std::atoi(deed.data() + 5);
  }
  if (const char* log = given("INTERPOSE_LOG"))
    settings.log =
        static_cast<int>(syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
}

// The files of a call, as whole paths, so far as that is needed to know whether it counts.
struct Where {
  std::array<char, PATH_MAX> path{}, other{};

  static void of_file(std::array<char, PATH_MAX>& to, int file) {
    std::array<char, 32> link{};
    std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", file);
    if (syscall(SYS_readlink, link.data(), to.data(), to.size() - 1) < 0) to[0] = 0;
  }
  static void of_path(std::array<char, PATH_MAX>& to, int folder, const char* path) {
    if (path == nullptr || *path == '/') {
      std::snprintf(to.data(), to.size(), "%s", path == nullptr ? "" : path);
      return;
    }
    if (folder != AT_FDCWD)
      of_file(to, folder);
    else if (syscall(SYS_getcwd, to.data(), to.size()) < 0)
      to[0] = 0;
    const size_t length = std::strlen(to.data());
    std::snprintf(to.data() + length, to.size() - length, "/%s", path);
  }

  explicit Where(int file) { of_file(path, file); }
  explicit Where(const char* name, int folder = AT_FDCWD) { of_path(path, folder, name); }
  Where(const char* name, const char* second) : Where(name) { of_path(other, AT_FDCWD, second); }

  bool below_root() const {
    const std::string_view whole = path.data();
    return !settings.root.empty() && whole.starts_with(settings.root) &&
           (whole.size() == settings.root.size() || whole[settings.root.size()] == '/');
  }
};

void tell(Kind kind, const char* outcome, const char* path, const char* other) {
  if (settings.log < 0) return;
  std::array<char, 2 * PATH_MAX + 64> line{};
  const int length = std::snprintf(line.data(), line.size(), "%ld\t%s\t%s\t%s\t%s\n", count,
                                   kNames[static_cast<size_t>(kind)].data(), outcome, path, other);
  syscall(SYS_write, settings.log, line.data(), static_cast<size_t>(length));
}

[[noreturn]] void die() {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// Copies what a file holds, as a sync begins.
void keep(int file) {
  if (settings.synced == nullptr) return;
  std::array<char, PATH_MAX> name{};
  std::snprintf(name.data(), name.size(), "%s/%ld", settings.synced, count);
  const auto copy = syscall(SYS_openat, AT_FDCWD, name.data(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  std::array<char, PATH_MAX> link{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", file);  // the descriptor may be for writing only
  const auto again = syscall(SYS_openat, AT_FDCWD, link.data(), O_RDONLY | O_CLOEXEC);
  std::array<char, 16384> buffer{};
  for (long length = 0; (length = syscall(SYS_read, again, buffer.data(), buffer.size())) > 0;)
    syscall(SYS_write, copy, buffer.data(), length);
  syscall(SYS_close, again);
  syscall(SYS_close, copy);
}

// What is done with the call that was just counted.
Deed deed() {
  if (settings.storm) {
    stormed = !stormed;
    return stormed ? Deed::fail : Deed::none;
  }
  const bool now = settings.at > 0 && (count == settings.at || (settings.on && count > settings.at));
  return now ? settings.deed : Deed::none;
}

template <typename Value>
Value failed() {
  errno = settings.storm ? EINTR : settings.error;
  if constexpr (std::is_pointer_v<Value>)
    return nullptr;
  else
    return -1;
}

bool counts(Kind kind) { return settings.counted[static_cast<size_t>(kind)] && !inside; }

// Makes a call, if it counts as one of its kind in order and with what is to be done with it. `file`: what is synced.
template <typename Call>
auto made(Kind kind, const Where& where, Call call, int file = -1) {
  using Value = decltype(call(Part::whole));
  if (!counts(kind) || !where.below_root()) return call(Part::whole);
  const std::lock_guard lock(guard);
  ++count;
  const Deed what = deed();
  if (what == Deed::kill || what == Deed::fail)
    tell(kind, what == Deed::kill ? "killed" : "failed", where.path.data(), "");
  if (what == Deed::kill) die();
  if (what == Deed::fail) return failed<Value>();
  if (kind == kSync) keep(file);
  inside = true;
  const Value value = call(what == Deed::none ? Part::whole : Part::half);
  const int error = errno;
  inside = false;
  const bool worked = value != failed<Value>();
  tell(kind, what == Deed::torn ? "killed" : worked ? "done" : "refused", where.path.data(), where.other.data());
  if (what == Deed::torn) die();
  errno = error;
  return value;
}

size_t half_of(size_t size, Part part) { return part == Part::whole || size < 2 ? size : size / 2; }

bool is_there(const char* path) { return syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0; }

Kind kind_of_open(const Where& where, bool creates, bool cuts) {
  if (!creates && !cuts) return kOpen;
  if (!is_there(where.path.data())) return creates ? kCreate : kOpen;
  return cuts ? kCut : kOpen;
}

int open_as(const char* name, int folder, int flags, mode_t mode) {
  static auto* const real = next<int(int, const char*, int, ...)>("openat");
  const Where where(name, folder);
  const Kind kind = kind_of_open(where, (flags & O_CREAT) != 0, (flags & O_TRUNC) != 0);
  return made(kind, where, [&](Part) { return real(folder, name, flags, mode); });
}

// Whether an allocation of this size is the one that fails.
bool has_no_memory(size_t size) {
  if (settings.memory == 0 || size < settings.memory || !counts(kMemory)) return false;
  const std::lock_guard lock(guard);
  ++count;
  const Deed what = deed();
  std::array<char, 32> bytes{};
  std::snprintf(bytes.data(), bytes.size(), "%zu", size);
  tell(kMemory, what == Deed::fail ? "failed" : "done", bytes.data(), "");
  if (what == Deed::fail) errno = ENOMEM;
  return what == Deed::fail;
}

constexpr long kAsksBetweenJumps = 5;

long jump() {
  static std::atomic<long> asked{0};
  if (settings.clock == 0) return 0;
  const long turn = asked.fetch_add(1) / kAsksBetweenJumps % 3;
  return (turn - 1) * settings.clock;
}

}  // namespace

#define INTERPOSED extern "C" [[gnu::visibility("default")]]

INTERPOSED int open(const char* name, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_as(name, AT_FDCWD, flags, mode);
}

INTERPOSED int openat(int folder, const char* name, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_as(name, folder, flags, mode);
}

INTERPOSED int open64(const char* name, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_as(name, AT_FDCWD, flags, mode);
}

INTERPOSED int mkstemp(char* name) {
  static auto* const real = next<int(char*)>("mkstemp");
  return made(kCreate, Where(name), [&](Part) { return real(name); });
}

INTERPOSED FILE* fopen64(const char* name, const char* mode) {
  static auto* const real = next<FILE*(const char*, const char*)>("fopen64");
  const Where where(name);
  const Kind kind = kind_of_open(where, *mode != 'r', *mode == 'w');
  return made(kind, where, [&](Part) { return real(name, mode); });
}

INTERPOSED int close(int file) {
  static auto* const real = next<int(int)>("close");
  // One that fails has closed the file all the same, as Linux has it.
  const Where where(file);
  bool closed = false;
  const int code = made(kClose, where, [&](Part) {
    closed = true;
    return real(file);
  });
  if (closed) return code;
  const int error = errno;
  real(file);
  errno = error;
  return code;
}

INTERPOSED ssize_t read(int file, void* buffer, size_t size) {
  static auto* const real = next<ssize_t(int, void*, size_t)>("read");
  if (!counts(kRead)) return real(file, buffer, size);
  return made(kRead, Where(file), [&](Part part) { return real(file, buffer, half_of(size, part)); });
}

INTERPOSED ssize_t pread64(int file, void* buffer, size_t size, off64_t place) {
  static auto* const real = next<ssize_t(int, void*, size_t, off64_t)>("pread64");
  if (!counts(kRead)) return real(file, buffer, size, place);
  return made(kRead, Where(file), [&](Part part) { return real(file, buffer, half_of(size, part), place); });
}

INTERPOSED ssize_t pread(int file, void* buffer, size_t size, off_t place) {
  return pread64(file, buffer, size, place);
}

INTERPOSED ssize_t write(int file, const void* buffer, size_t size) {
  static auto* const real = next<ssize_t(int, const void*, size_t)>("write");
  return made(kWrite, Where(file), [&](Part part) { return real(file, buffer, half_of(size, part)); });
}

INTERPOSED ssize_t pwrite64(int file, const void* buffer, size_t size, off64_t place) {
  static auto* const real = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return made(kWrite, Where(file), [&](Part part) { return real(file, buffer, half_of(size, part), place); });
}

INTERPOSED ssize_t pwrite(int file, const void* buffer, size_t size, off_t place) {
  return pwrite64(file, buffer, size, place);
}

INTERPOSED ssize_t writev(int file, const iovec* parts, int count_of_parts) {
  static auto* const real = next<ssize_t(int, const iovec*, int)>("writev");
  return made(kWrite, Where(file), [&](Part part) {
    return real(file, parts, part == Part::whole ? count_of_parts : std::max(1, count_of_parts / 2));
  });
}

INTERPOSED int fsync(int file) {
  static auto* const real = next<int(int)>("fsync");
  return made(kSync, Where(file), [&](Part) { return real(file); }, file);
}

INTERPOSED int fdatasync(int file) {
  static auto* const real = next<int(int)>("fdatasync");
  return made(kSync, Where(file), [&](Part) { return real(file); }, file);
}

INTERPOSED int ftruncate64(int file, off64_t length) {
  static auto* const real = next<int(int, off64_t)>("ftruncate64");
  return made(kCut, Where(file), [&](Part) { return real(file, length); });
}

INTERPOSED int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

INTERPOSED int rename(const char* from, const char* to) {
  static auto* const real = next<int(const char*, const char*)>("rename");
  return made(kRename, Where(from, to), [&](Part) { return real(from, to); });
}

INTERPOSED int link(const char* from, const char* to) {
  static auto* const real = next<int(const char*, const char*)>("link");
  return made(kLink, Where(from, to), [&](Part) { return real(from, to); });
}

INTERPOSED int unlink(const char* name) {
  static auto* const real = next<int(const char*)>("unlink");
  return made(kUnlink, Where(name), [&](Part) { return real(name); });
}

INTERPOSED int remove(const char* name) {
  static auto* const real = next<int(const char*)>("remove");
  return made(kUnlink, Where(name), [&](Part) { return real(name); });
}

INTERPOSED int unlinkat(int folder, const char* name, int flags) {
  static auto* const real = next<int(int, const char*, int)>("unlinkat");
  const Kind kind = (flags & AT_REMOVEDIR) != 0 ? kRmdir : kUnlink;
  return made(kind, Where(name, folder), [&](Part) { return real(folder, name, flags); });
}

INTERPOSED int mkdir(const char* name, mode_t mode) {
  static auto* const real = next<int(const char*, mode_t)>("mkdir");
  return made(kMkdir, Where(name), [&](Part) { return real(name, mode); });
}

INTERPOSED int rmdir(const char* name) {
  static auto* const real = next<int(const char*)>("rmdir");
  return made(kRmdir, Where(name), [&](Part) { return real(name); });
}

INTERPOSED DIR* opendir(const char* name) {
  static auto* const real = next<DIR*(const char*)>("opendir");
  return made(kList, Where(name), [&](Part) { return real(name); });
}

INTERPOSED void* malloc(size_t size) { return has_no_memory(size) ? nullptr : __libc_malloc(size); }

INTERPOSED void* calloc(size_t size, size_t each) {
  return has_no_memory(size * each) ? nullptr : __libc_calloc(size, each);
}

INTERPOSED void* realloc(void* old, size_t size) { return has_no_memory(size) ? nullptr : __libc_realloc(old, size); }

INTERPOSED void* aligned_alloc(size_t alignment, size_t size) {
  return has_no_memory(size) ? nullptr : __libc_memalign(alignment, size);
}

INTERPOSED int posix_memalign(void** to, size_t alignment, size_t size) {
  void* made_here = has_no_memory(size) ? nullptr : __libc_memalign(alignment, size);
  if (made_here == nullptr) return ENOMEM;
  *to = made_here;
  return 0;
}

INTERPOSED int clock_gettime(clockid_t clock, timespec* time) {
  static auto* const real = next<int(clockid_t, timespec*)>("clock_gettime");
  const int code = real(clock, time);
  if (code == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += jump();
  return code;
}

INTERPOSED int gettimeofday(timeval* time, void* zone) {
  static auto* const real = next<int(timeval*, void*)>("gettimeofday");
  const int code = real(time, zone);
  if (code == 0) time->tv_sec += jump();
  return code;
}

INTERPOSED time_t time(time_t* to) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (to != nullptr) *to = now.tv_sec;
  return now.tv_sec;
}
