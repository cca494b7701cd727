#include "temporary_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <weir/weir.hpp>

namespace weir::sort {
namespace {

constexpr int kMostNames = 10'000;  // tried, where others of this process are there

std::string words(int code) {
  char buffer[256];
  std::string text = strerror_r(code, buffer, sizeof buffer);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

Failure failed(const std::string& doing, const std::string& folder, int code) {
  const bool full = code == ENOSPC || code == EDQUOT;
  return Failure(code == EIO ? WEIR_DATA_LOSS : WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION,
                 "can't " + doing + " a temporary file in '" + folder + "': " + words(code))
      .hint(full ? "free some space there, or sort elsewhere: TMPDIR=FOLDER weir run …; or raise memory"
                 : "choose a folder that may be written to: TMPDIR=FOLDER weir run …; or raise memory")
      .object(folder)
      .option("/memory")
      .native(code);
}

int open_unnamed(const std::string& folder) {
  int file = -1;
  do file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  while (file < 0 && errno == EINTR);
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return file;
  // A file system that has no files without a name: this one loses it at once.
  std::string name;
  for (int number = 0; number < kMostNames; ++number) {
    name = folder + "/weir-sort-" + std::to_string(getpid()) + "-" + std::to_string(number);
    file = open(name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0 || (errno != EEXIST && errno != EINTR)) break;
  }
  if (file >= 0) unlink(name.c_str());
  return file;
}

}  // namespace

TemporaryFile::TemporaryFile() {
  const char* const folder = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  folder_ = folder == nullptr || *folder == 0 ? "/tmp" : folder;
  file_ = open_unnamed(folder_);
  if (file_ < 0) throw failed("make", folder_, errno);
}

TemporaryFile::~TemporaryFile() {
  if (file_ >= 0) close(file_);
}

void TemporaryFile::append(const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = pwrite(file_, bytes, count, static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw failed("write to", folder_, errno);
    bytes += written;
    count -= static_cast<std::size_t>(written);
    size_ += static_cast<std::uint64_t>(written);
  }
}

std::size_t TemporaryFile::read(std::uint64_t offset, char* bytes, std::size_t count) const {
  std::size_t got = 0;
  while (got < count) {
    const ssize_t some = pread(file_, bytes + got, count - got, static_cast<off_t>(offset + got));
    if (some < 0 && errno == EINTR) continue;
    if (some < 0) throw failed("read", folder_, errno);
    if (some == 0) break;
    got += static_cast<std::size_t>(some);
  }
  return got;
}

}  // namespace weir::sort
