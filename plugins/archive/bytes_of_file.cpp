#include "bytes_of_file.hpp"

#include <archive.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "problems.hpp"

namespace weir::archive {
namespace {

constexpr std::size_t kBlock = 256U << 10U;

Facts facts_from(const std::string& path, const struct stat& found) {
  if (S_ISDIR(found.st_mode)) throw is_folder(path);
  if (!S_ISREG(found.st_mode)) throw is_no_file(path);
  if (found.st_size == 0) throw is_empty(path);
  Facts facts;
  facts.modified_ns = std::int64_t{found.st_mtim.tv_sec} * 1000000000 + found.st_mtim.tv_nsec;
  facts.bytes = static_cast<std::uint64_t>(found.st_size);
  facts.version =
      std::to_string(found.st_size) + "-" + std::to_string(facts.modified_ns) + "-" + std::to_string(found.st_ino);
  return facts;
}

}  // namespace

Facts facts_of(const std::string& path) {
  struct stat found{};
  if (stat(path.c_str(), &found) != 0) throw cannot_read(path, errno);
  return facts_from(path, found);
}

BytesOfFile::BytesOfFile(const std::string& path, std::string_view version)
    : path_(path), file_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)), buffer_(kBlock) {
  struct stat found{};
  if (file_ < 0 || fstat(file_, &found) != 0) throw cannot_read(path, errno);
  try {
    const Facts facts = facts_from(path, found);
    if (!version.empty() && version != facts.version) throw has_changed(path);
    size_ = facts.bytes;
  } catch (...) {
    close(file_);
    throw;
  }
  posix_fadvise(file_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

BytesOfFile::~BytesOfFile() { close(file_); }

void BytesOfFile::feed(::archive* reader) {
  archive_read_set_callback_data(reader, this);
  archive_read_set_read_callback(reader, read);
  archive_read_set_skip_callback(reader, skip);
  archive_read_set_seek_callback(reader, seek);
}

std::int64_t BytesOfFile::read(::archive* reader, void* self, const void** bytes) {
  auto& file = *static_cast<BytesOfFile*>(self);
  *bytes = file.buffer_.data();
  for (;;) {
    if (file.stop_ != nullptr && file.stop_->load(std::memory_order_relaxed)) {
      archive_set_error(reader, ECANCELED, "cancelled");
      return ARCHIVE_FATAL;
    }
    const ssize_t got = pread(file.file_, file.buffer_.data(), kBlock, static_cast<off_t>(file.position_));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      archive_set_error(reader, errno, "can't be read");
      return ARCHIVE_FATAL;
    }
    file.position_ += static_cast<std::uint64_t>(got);
    return got;
  }
}

std::int64_t BytesOfFile::skip(::archive* /*reader*/, void* self, std::int64_t count) {
  auto& file = *static_cast<BytesOfFile*>(self);
  const auto left = static_cast<std::int64_t>(file.size_ - std::min(file.size_, file.position_));
  const std::int64_t skipped = std::clamp<std::int64_t>(count, 0, left);
  file.position_ += static_cast<std::uint64_t>(skipped);
  return skipped;
}

std::int64_t BytesOfFile::seek(::archive* reader, void* self, std::int64_t offset, int whence) {
  auto& file = *static_cast<BytesOfFile*>(self);
  const std::int64_t from = whence == SEEK_SET   ? 0
                            : whence == SEEK_CUR ? static_cast<std::int64_t>(file.position_)
                                                 : static_cast<std::int64_t>(file.size_);
  if (from + offset < 0) {
    archive_set_error(reader, EINVAL, "an offset before the beginning");
    return ARCHIVE_FATAL;
  }
  file.position_ = static_cast<std::uint64_t>(from + offset);
  return from + offset;
}

}  // namespace weir::archive
