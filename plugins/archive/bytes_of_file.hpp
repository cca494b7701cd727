// The bytes of an archive, for libarchive: a file that is read at offsets, and can be told to stop.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

struct archive;

namespace weir::archive {

// Opens a regular file. Threads: one at a time, but stop().
class BytesOfFile {
 public:
  // Throws a Failure for what can't be read and, if `version` is not empty, for a file that is another by now.
  BytesOfFile(const std::string& path, std::string_view version);
  BytesOfFile(const BytesOfFile&) = delete;
  BytesOfFile& operator=(const BytesOfFile&) = delete;
  ~BytesOfFile();

  // Makes libarchive read from here; `reader` must not outlive this.
  void feed(::archive* reader);
  std::uint64_t size() const { return size_; }
  std::uint64_t position() const { return position_; }
  // Whose cancellation ends a read. May be null.
  void stopped_by(const std::atomic<bool>* stop) { stop_ = stop; }

 private:
  static std::int64_t read(::archive* reader, void* self, const void** bytes);
  static std::int64_t skip(::archive* reader, void* self, std::int64_t count);
  static std::int64_t seek(::archive* reader, void* self, std::int64_t offset, int whence);

  std::string path_;
  int file_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
  const std::atomic<bool>* stop_ = nullptr;
  std::vector<char> buffer_;
};

// Gives the version of a file, "SIZE-MTIME_NS-INODE", and its time of change in ns; throws a Failure for what is no file.
struct Facts {
  std::string version;
  std::int64_t modified_ns = 0;
  std::uint64_t bytes = 0;
};
Facts facts_of(const std::string& path);

}  // namespace weir::archive
