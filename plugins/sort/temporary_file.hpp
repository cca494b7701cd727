// TemporaryFile: bytes on disk that have no name, and are gone with the process, however that ends.
#pragma once

#include <cstdint>
#include <string>

namespace weir::sort {

// Threads: one at a time.
class TemporaryFile {
 public:
  // In the folder TMPDIR, else /tmp. Throws a Failure that names the folder.
  TemporaryFile();
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  // Writes behind what is there. Throws a Failure: of a full disk with what to do.
  void append(const char* bytes, std::size_t count);
  // Reads up to `count` bytes from `offset`; gives how many: less only at the end.
  std::size_t read(std::uint64_t offset, char* bytes, std::size_t count) const;
  std::uint64_t size() const { return size_; }
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace weir::sort
