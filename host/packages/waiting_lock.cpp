#include "packages/waiting_lock.hpp"

#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <sstream>

namespace weir::packages {
namespace {

bool lock(int descriptor, int how) {
  int code = 0;
  do code = ::flock(descriptor, how);
  while (code != 0 && errno == EINTR);
  return code == 0;
}

// Who has the lock, as the system says: a number that is written into the file would be that of whoever died with it. Empty: it doesn't
// say (another container's process), or nobody has it any more.
std::string holder_of(int descriptor) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return {};
  const std::string inode = ":" + std::to_string(status.st_ino);
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {  // 7: FLOCK  ADVISORY  WRITE 1234 fe:00:56789 0 EOF
    std::istringstream words(line);
    std::string number, kind, manner, access, process, file;
    words >> number >> kind >> manner >> access >> process >> file;
    if (kind == "FLOCK" && file.ends_with(inode) && process != "0" && process != "-1") return process;
  }
  return {};
}

}  // namespace

bool take_lock(int descriptor, const std::string& what, const WhenWaiting& waiting) {
  if (lock(descriptor, LOCK_EX | LOCK_NB)) return true;
  if (errno != EWOULDBLOCK) return false;
  const std::string holder = holder_of(descriptor);
  if (waiting) waiting("waiting for " + (holder.empty() ? "another process" : "process " + holder) + ", which " + what);
  return lock(descriptor, LOCK_EX);
}

}  // namespace weir::packages
