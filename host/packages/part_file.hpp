// PartFile: a file while it is downloaded, by one process at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "base/result.hpp"
#include "packages/waiting_lock.hpp"

namespace weir::packages {

// Error: download.disk.
base::Error disk_error(const std::filesystem::path& file, const std::string& found);

// FILE, and FILE.etag while it is a half, which says what of. It has its name from the first byte on: the lock is on the file, and who comes
// later must find it under the same name. A half without an ETag goes in the end. Errors of all: download.disk.
class PartFile {
 public:
  // Waits for others who download the same; `waiting` is told so.
  static base::Result<PartFile> open(const std::filesystem::path& file, const WhenWaiting& waiting);
  PartFile(PartFile&& other) noexcept;
  PartFile& operator=(PartFile&&) = delete;
  ~PartFile();

  std::uint64_t size() const { return size_; }
  // What the half is of; empty: nobody knows.
  const std::string& etag() const { return etag_; }
  // Forgets what is there; what comes next is of an object with this ETag.
  base::Result<void> restart(const std::string& etag);
  // A disk that is full leaves no half, for it would stay full.
  base::Result<void> append(std::span<const std::uint8_t> bytes);
  // It is whole; the lock, a descriptor, is the caller's, as is the file.
  int finish();

 private:
  PartFile(std::filesystem::path file, int descriptor);
  base::Unexpected failed();
  void forget();

  std::filesystem::path file_, etag_file_;
  int descriptor_;
  std::uint64_t size_ = 0;
  std::string etag_;
};

}  // namespace weir::packages
