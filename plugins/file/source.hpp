// Files, pipes and standard input, for reading.
#pragma once

#include <sys/stat.h>

#include <memory>
#include <string>
#include <string_view>

#include <weir/cpp/storage.hpp>

namespace weir::file {

// Gives the version of a file: "SIZE-MTIME_NS-INODE"; empty for what is no regular file.
std::string version_of(const struct stat& facts);

// Opens a file, pipe or character device, or standard input ("-"). With a version: fails with FAILED_PRECONDITION if
// the file is another by now. `context` must outlive what is opened.
std::unique_ptr<StoredInput> open_source(const Context& context, const std::string& path, std::string_view version);

// Gives what stat() tells of something readable; throws a Failure for what is not there, a folder, a socket, a disk.
struct stat facts_of(const std::string& path);

}  // namespace weir::file
