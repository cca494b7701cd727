#include "packages/part_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "packages/http_get.hpp"
#include "security/small_file.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxEtagFile = 4096;

// Whether the file that was opened has that name still: who had the lock before may have removed it.
bool is_at(int descriptor, const fs::path& path) {
  struct stat opened{}, named{};
  return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

}  // namespace

base::Error disk_error(const fs::path& file, const std::string& found) {
  base::Error error =
      download_error("download.disk", file.string() + ": expected to write what is downloaded, found: " + found,
                     "see that its folder can be written and has room; XDG_CACHE_HOME names another");
  error.status = base::Status::failed_precondition;
  return error;
}

PartFile::PartFile(fs::path file, int descriptor)
    : file_(std::move(file)), etag_file_(file_.string() + ".etag"), descriptor_(descriptor) {
  struct stat status{};
  if (::fstat(descriptor_, &status) == 0) size_ = static_cast<std::uint64_t>(status.st_size);
  security::FileProblem ignored;  // then nobody knows what the half is of
  if (!security::read_file(etag_file_, kMaxEtagFile, etag_, ignored)) etag_.clear();
}

PartFile::PartFile(PartFile&& other) noexcept
    : file_(std::move(other.file_)),
      etag_file_(std::move(other.etag_file_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      etag_(std::move(other.etag_)) {}

PartFile::~PartFile() {
  if (descriptor_ < 0) return;
  if (size_ == 0 || etag_.empty()) forget();  // nothing can be gone on with
  ::close(descriptor_);
}

base::Result<PartFile> PartFile::open(const fs::path& file, const WhenWaiting& waiting) {
  for (;;) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return base::unexpected(disk_error(file, std::strerror(errno)));
    const bool locked = take_lock(descriptor, "downloads " + file.string(), waiting);
    if (locked && is_at(descriptor, file)) return PartFile(file, descriptor);
    const int number = errno;
    ::close(descriptor);
    if (!locked) return base::unexpected(disk_error(file, std::strerror(number)));
  }
}

void PartFile::forget() {
  ::unlink(etag_file_.c_str());
  ::unlink(file_.c_str());
}

base::Unexpected PartFile::failed() {
  const int number = errno;
  forget();
  return base::unexpected(disk_error(file_, std::strerror(number)));
}

base::Result<void> PartFile::restart(const std::string& etag) {
  // The ETag goes first and comes last: the half is never taken for that of another object.
  if ((::unlink(etag_file_.c_str()) != 0 && errno != ENOENT) || ::ftruncate(descriptor_, 0) != 0) return failed();
  size_ = 0;
  etag_ = etag;
  security::FileProblem problem;
  if (etag.empty() || security::replace_file(etag_file_, etag, security::kForOwner, problem)) return {};
  errno = problem.number;
  return failed();
}

base::Result<void> PartFile::append(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed();
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    size_ += static_cast<std::uint64_t>(count);
  }
  return {};
}

int PartFile::finish() {
  ::unlink(etag_file_.c_str());
  return std::exchange(descriptor_, -1);
}

}  // namespace weir::packages
