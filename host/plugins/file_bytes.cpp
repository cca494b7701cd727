#include "plugins/file_bytes.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>

#include "base/utf8.hpp"
#include "plugins/compatibility.hpp"
#include "security/checksum.hpp"

namespace weir::plugins {
namespace {

constexpr std::uint64_t kMaxReadName = 4096;
constexpr std::uint64_t kPiece = 64U << 10U;

}  // namespace

FileBytes FileBytes::of_format(const char* format) const {
  FileBytes same = *this;
  same.format_ = format;
  return same;
}

base::Result<std::string> FileBytes::read(std::uint64_t offset, std::uint64_t size, const char* what) const {
  if (offset > size_ || size > size_ - offset) return damaged(std::string(what) + " beyond the end of the file");
  if (memory_ != nullptr) return std::string(memory_ + offset, size);
  std::string data(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const ssize_t now = ::pread(descriptor_, data.data() + got, size - got, static_cast<off_t>(offset + got));
    if (now < 0 && errno == EINTR) continue;
    if (now <= 0) return damaged(std::string(what) + " that can't be read");
    got += static_cast<std::size_t>(now);
  }
  return data;
}

base::Result<std::string> FileBytes::text(std::uint64_t offset, std::uint64_t end, const char* what) const {
  if (offset >= end || end > size_) return damaged(std::string(what) + " beyond its table");
  WEIR_TRY_ASSIGN(std::string data, read(offset, std::min(kMaxReadName, end - offset), what));
  const std::size_t zero = data.find('\0');
  if (zero == std::string::npos) return damaged(std::string(what) + " without an end");
  data.resize(zero);
  return base::printable(data);
}

base::Result<std::string> FileBytes::sha256(std::uint64_t offset, std::uint64_t size, const char* what) const {
  if (offset > size_ || size > size_ - offset) return damaged(std::string(what) + " beyond the end of the file");
  security::Checksum checksum("sha256");
  for (std::uint64_t done = 0; done < size;) {
    WEIR_TRY_ASSIGN(const std::string piece, read(offset + done, std::min(kPiece, size - done), what));
    checksum.add({reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()});
    done += piece.size();
  }
  return checksum.end();
}

base::Unexpected FileBytes::damaged(const std::string& what) const {
  return base::unexpected(plugin_refused("plugin.damaged",
                                         name_ + ": expected a whole " + format_ + " file, found " + what,
                                         "build it again, or get the file again"));
}

base::Unexpected FileBytes::bad_info(const std::string& what) const {
  return base::unexpected(
      plugin_refused("plugin.bad_info", name_ + ": " + what, "build the plugin again with weir_add_plugin()"));
}

base::Unexpected FileBytes::no_section() const {
  return base::unexpected(
      plugin_refused("plugin.no_section", name_ + ": expected a weir plugin, found a library without the section .weir",
                     "if it is a plugin, build it with weir_add_plugin() and don't strip its sections"));
}

}  // namespace weir::plugins
