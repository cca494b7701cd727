// Where the tests find bad plugins, and how they spoil copies of good ones.
#pragma once

#include <elf.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "plugins/library.hpp"

namespace weir::plugins {

// The file of tests/bad_plugins/SIN, which the build puts beside the test program.
inline std::filesystem::path bad_plugin(const std::string& sin) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "bad_plugins" / (sin + ".so");
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.empty()) throw std::runtime_error("expected the bad plugins to be built, found no " + path.string());
  return bytes;
}

// The good plugin with one part changed.
struct Patched {
  std::string bytes = bytes_of(bad_plugin("good"));

  Elf64_Ehdr header() const {
    Elf64_Ehdr header;
    std::memcpy(&header, bytes.data(), sizeof header);
    return header;
  }
  void set(const Elf64_Ehdr& header) { std::memcpy(bytes.data(), &header, sizeof header); }
  std::size_t section_at(std::string_view wanted) const {
    const Elf64_Ehdr head = header();
    Elf64_Shdr names;
    std::memcpy(&names, bytes.data() + head.e_shoff + head.e_shstrndx * sizeof names, sizeof names);
    for (std::size_t i = 0; i < head.e_shnum; ++i) {
      Elf64_Shdr section;
      const std::size_t at = head.e_shoff + i * sizeof section;
      std::memcpy(&section, bytes.data() + at, sizeof section);
      if (wanted == bytes.data() + names.sh_offset + section.sh_name) return at;
    }
    throw std::runtime_error("no section");
  }
  template <class Change>
  void change(std::string_view wanted, Change&& apply) {
    Elf64_Shdr section;
    const std::size_t at = section_at(wanted);
    std::memcpy(&section, bytes.data() + at, sizeof section);
    apply(section);
    std::memcpy(bytes.data() + at, &section, sizeof section);
  }
};

// A folder of its own, gone with the object.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "weir-plugins-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder for the test");
    folder_ = pattern;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path file(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }

 private:
  std::filesystem::path folder_;
};

inline base::Result<std::shared_ptr<const Library>> load(const std::filesystem::path& path) {
  WEIR_TRY_ASSIGN(const PluginInfo info, read_info(path));
  return Library::load(path, info, {});
}

}  // namespace weir::plugins
