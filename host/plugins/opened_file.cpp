#include "plugins/opened_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "plugins/compatibility.hpp"

namespace weir::plugins {
namespace {

base::Unexpected unreadable(const std::string& name, const std::string& found, std::string hint) {
  return base::unexpected(
      plugin_refused("plugin.unreadable", name + ": expected a plugin's file, found " + found, std::move(hint)));
}

}  // namespace

base::Result<OpenedFile> OpenedFile::open(const std::filesystem::path& path) {
  const std::string name = path.string();
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0)
    return unreadable(name, std::generic_category().message(errno), "see that the file is there and may be read");
  struct stat status{};
  const int problem = ::fstat(descriptor, &status) == 0 ? 0 : errno;
  OpenedFile file(descriptor, FileBytes(descriptor, static_cast<std::uint64_t>(status.st_size), name));
  if (problem != 0) return unreadable(name, std::generic_category().message(problem), "see that the file may be read");
  if (S_ISDIR(status.st_mode)) return unreadable(name, "a folder", "give the .so file in it");
  if (!S_ISREG(status.st_mode)) return unreadable(name, "a pipe or device", "give a regular file");
  return file;
}

OpenedFile::~OpenedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace weir::plugins
