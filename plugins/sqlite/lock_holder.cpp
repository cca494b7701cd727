#include "lock_holder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

namespace weir::sqlite {
namespace {

// A line of /proc/locks: "1: POSIX  ADVISORY  WRITE 4711 08:01:123456 1073741824 1073742335", the holder's number and the
// file's device and inode; a line of one that waits has "->" behind its number.
struct HeldLock {
  long process = 0;
  std::uint64_t inode = 0;
};

bool read_line(const std::string& line, HeldLock& lock) {
  std::istringstream words(line);
  std::string number, kind, mode, access, file;
  if (!(words >> number >> kind) || kind == "->" || !(words >> mode >> access >> lock.process >> file)) return false;
  const auto colon = file.rfind(':');
  if (colon == std::string::npos) return false;
  std::istringstream inode(file.substr(colon + 1));
  return static_cast<bool>(inode >> lock.inode);
}

std::string name_of_process(long process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/comm");
  std::string name;
  std::getline(file, name);
  return name.empty() ? "process " + std::to_string(process) : name + " (process " + std::to_string(process) + ")";
}

}  // namespace

std::string lock_holders(const std::string& database) {
  // Of a database with a write-ahead log the locks are in its index. Devices are not compared: where folders lie over each
  // other, those of locks and of files differ.
  std::set<std::uint64_t> inodes;
  for (const char* suffix : {"", "-shm"}) {
    struct stat status{};
    if (::stat((database + suffix).c_str(), &status) == 0) inodes.insert(status.st_ino);
  }
  std::ifstream file("/proc/locks");
  std::set<long> processes;
  HeldLock lock;
  for (std::string line; std::getline(file, line);) {
    if (read_line(line, lock) && inodes.contains(lock.inode) && lock.process > 0 && lock.process != ::getpid())
      processes.insert(lock.process);
  }
  std::string holders;
  for (const long process : processes) holders += (holders.empty() ? "" : ", ") + name_of_process(process);
  return holders;
}

}  // namespace weir::sqlite
