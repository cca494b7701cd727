// LdCache: the system's list of libraries, /etc/ld.so.cache, as ldconfig writes it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/file_bytes.hpp"

namespace weir::plugins {

// Threads: [any].
class LdCache {
 public:
  // Reads it; of a file that is not there, or is no such list, it has nothing. Every offset is checked.
  static LdCache read(const std::filesystem::path& file);
  static LdCache parse(std::string_view bytes);

  // The files of a library by its name, in the order in which they are to be tried. Other machines' are among them.
  std::vector<std::filesystem::path> files_of(std::string_view name) const;

 private:
  struct Entry {
    std::string name, file;
    bool special = false;  // for some processors only
  };
  std::vector<Entry> entries_;
};

}  // namespace weir::plugins
