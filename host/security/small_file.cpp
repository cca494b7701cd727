#include "security/small_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "security/checksum.hpp"

namespace weir::security {
namespace {

namespace fs = std::filesystem;

// A descriptor that is closed in the end.
struct OpenFile {
  int number = -1;
  OpenFile(const char* path, int flags, mode_t mode = 0) : number(::open(path, flags | O_CLOEXEC, mode)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { close(); }
  bool close() {
    const int code = number < 0 ? -1 : ::close(number);
    number = -1;
    return code == 0;
  }
};

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(file) == 0;
}

bool failed(FileProblem& problem) {
  problem.number = errno;
  return false;
}

bool write_at(const fs::path& path, int flags, std::string_view bytes, mode_t mode, FileProblem& problem) {
  OpenFile file(path.c_str(), O_WRONLY | O_CREAT | flags, mode);
  if (file.number < 0) return failed(problem);
  if (write_all(file.number, bytes) && file.close()) return true;
  failed(problem);
  ::unlink(path.c_str());
  return false;
}

// Calls take(piece) of a regular file until its end; one that says no found it too large.
template <class Take>
bool read_pieces(const fs::path& path, FileProblem& problem, Take&& take) {
  const OpenFile file(path.c_str(), O_RDONLY | O_NONBLOCK);  // a pipe does not keep it waiting
  struct stat status{};
  if (file.number < 0 || ::fstat(file.number, &status) != 0) return failed(problem);
  if (!S_ISREG(status.st_mode)) {
    problem.number = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    return false;
  }
  std::string piece(64U << 10U, '\0');
  for (;;) {
    const ssize_t count = ::read(file.number, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(problem);
    if (count == 0) return true;
    if (take(std::string_view(piece).substr(0, static_cast<std::size_t>(count)))) continue;
    problem.number = EFBIG;
    return false;
  }
}

}  // namespace

std::string FileProblem::text() const { return std::strerror(number); }

bool read_file(const fs::path& path, std::size_t max, std::string& bytes, FileProblem& problem) {
  bytes.clear();
  return read_pieces(path, problem, [&](std::string_view piece) {
    bytes += piece;
    return bytes.size() <= max;
  });
}

std::string sha256_of_file(const fs::path& path, FileProblem& problem) {
  Checksum checksum("sha256");
  const bool whole = read_pieces(path, problem, [&checksum](std::string_view piece) {
    checksum.add({reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()});
    return true;
  });
  return whole ? checksum.end() : std::string();
}

bool write_new_file(const fs::path& path, std::string_view bytes, mode_t mode, FileProblem& problem) {
  return write_at(path, O_EXCL, bytes, mode, problem);
}

bool replace_file(const fs::path& path, std::string_view bytes, mode_t mode, FileProblem& problem) {
  const fs::path staged = path.string() + "." + std::to_string(::getpid()) + ".new";
  if (!write_at(staged, O_TRUNC, bytes, mode, problem)) return false;
  if (::rename(staged.c_str(), path.c_str()) != 0) {
    failed(problem);
    ::unlink(staged.c_str());
    return false;
  }
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const OpenFile opened(folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (opened.number < 0 || (::fsync(opened.number) != 0 && errno != EINVAL)) return failed(problem);
  return true;
}

FolderLock::FolderLock(const fs::path& folder) : descriptor_(-1) {
  std::error_code ignored;  // then it can't be opened
  if (!folder.empty()) fs::create_directories(folder, ignored);
  descriptor_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0) return;
  while (::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool replace_file_of_user(const fs::path& path, std::string_view bytes, FileProblem& problem) {
  problem.number = ENOENT;
  std::error_code ignored;  // what it is, writing tells
  if (!path.empty()) fs::create_directories(path.parent_path(), ignored);
  return !path.empty() && replace_file(path, bytes, kForAll, problem);
}

}  // namespace weir::security
