// OpenedFile: a regular file, open to be read.
#pragma once

#include <filesystem>
#include <utility>

#include "base/result.hpp"
#include "plugins/file_bytes.hpp"

namespace weir::plugins {

// Closes it in the end. Move only. Threads: [any].
class OpenedFile {
 public:
  // Never waits: a pipe is refused. Errors: plugin.unreadable (missing, no rights, a folder, a pipe or device).
  static base::Result<OpenedFile> open(const std::filesystem::path& path);
  OpenedFile(OpenedFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), bytes_(std::move(other.bytes_)) {}
  OpenedFile(const OpenedFile&) = delete;
  OpenedFile& operator=(const OpenedFile&) = delete;
  OpenedFile& operator=(OpenedFile&&) = delete;
  ~OpenedFile();

  // As they are now; valid as long as this.
  const FileBytes& bytes() const { return bytes_; }

 private:
  OpenedFile(int descriptor, FileBytes bytes) : descriptor_(descriptor), bytes_(std::move(bytes)) {}

  int descriptor_;
  FileBytes bytes_;
};

}  // namespace weir::plugins
