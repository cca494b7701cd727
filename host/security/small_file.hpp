// Small files that are read and written whole: keys, signatures, what is trusted.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/result.hpp"

namespace weir::security {

inline constexpr mode_t kForAll = 0666;  // less the umask
inline constexpr mode_t kForOwner = 0600;

// What errno says went wrong: the callers know what the file is, and put it in words.
struct FileProblem {
  int number = 0;
  std::string text() const;
};

// Reads a regular file of at most `max` bytes; false, with the problem (EFBIG: it is longer, EINVAL: no regular file).
bool read_file(const std::filesystem::path& path, std::size_t max, std::string& bytes, FileProblem& problem);

// The SHA-256 of a regular file, hexadecimal, read piece by piece; empty, with the problem.
std::string sha256_of_file(const std::filesystem::path& path, FileProblem& problem);

// Writes a file under a name that is not there yet.
bool write_new_file(const std::filesystem::path& path, std::string_view bytes, mode_t mode, FileProblem& problem);

// Writes a file in place of what had its name, in one step: whoever reads sees the old one or the new one, whole, and after a power
// failure too. Its folder must be there.
bool replace_file(const std::filesystem::path& path, std::string_view bytes, mode_t mode, FileProblem& problem);

// The same of a file in a folder of the user's, which is made if it is not there. An empty path: the user has no folder.
bool replace_file_of_user(const std::filesystem::path& path, std::string_view bytes, FileProblem& problem);

// Keeps other processes from changing files of a folder of the user's while it is there, if they take it too; waits for them. Where
// there is no such folder and none can be made, it keeps nobody out: nothing can be written there either.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  int descriptor_;
};

}  // namespace weir::security
