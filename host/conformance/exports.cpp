#include "conformance/exports.hpp"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "conformance/verdict.hpp"

namespace weir::conformance {
namespace {

// Every read is checked against the file's size.
class Bytes {
 public:
  explicit Bytes(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(stream), {});
  }
  template <class T>
  std::optional<T> at(std::uint64_t offset) const {
    T value;
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof value) return std::nullopt;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }
  std::string text(std::uint64_t offset) const {
    if (offset >= bytes_.size()) return {};
    const char* begin = bytes_.data() + offset;
    return std::string(begin, ::strnlen(begin, bytes_.size() - offset));
  }

 private:
  std::string bytes_;
};

bool is_exported(const Elf64_Sym& symbol) {
  const unsigned binding = ELF64_ST_BIND(symbol.st_info), type = ELF64_ST_TYPE(symbol.st_info);
  const unsigned visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS && binding != STB_LOCAL && type != STT_SECTION &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

}  // namespace

base::Result<std::vector<std::string>> exported_symbols(const std::filesystem::path& file) {
  const Bytes bytes(file);
  const auto header = bytes.at<Elf64_Ehdr>(0);
  if (!header) return skip("its symbols can't be read");
  std::vector<std::string> names;
  for (std::uint64_t i = 0; i < header->e_shnum; ++i) {
    const auto section = bytes.at<Elf64_Shdr>(header->e_shoff + i * sizeof(Elf64_Shdr));
    if (!section || section->sh_type != SHT_DYNSYM) continue;
    const auto texts = bytes.at<Elf64_Shdr>(header->e_shoff + section->sh_link * sizeof(Elf64_Shdr));
    if (!texts) return skip("its symbols can't be read");
    for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= section->sh_size; at += sizeof(Elf64_Sym)) {
      const auto symbol = bytes.at<Elf64_Sym>(section->sh_offset + at);
      if (!symbol) return skip("its symbols can't be read");
      if (is_exported(*symbol)) names.push_back(bytes.text(texts->sh_offset + symbol->st_name));
    }
  }
  return names;
}

}  // namespace weir::conformance
