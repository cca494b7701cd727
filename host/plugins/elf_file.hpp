// ElfFile: the tables of an ELF file, read and checked. What they mean is told elsewhere.
#pragma once

#include <elf.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plugins/file_bytes.hpp"

namespace weir::plugins {

// Texts of a section, read whole.
class ElfTexts {
 public:
  ElfTexts(FileBytes bytes, std::string table) : bytes_(std::move(bytes)), table_(std::move(table)) {}
  // The text that begins at an offset, fit to be shown.
  base::Result<std::string> at(std::uint64_t offset) const;

 private:
  FileBytes bytes_;
  std::string table_;
};

// Threads: [any]. Lives no longer than what its FileBytes is of.
class ElfFile {
 public:
  // Reads the header and the table of sections. Errors: plugin.not_elf, plugin.damaged.
  static base::Result<ElfFile> open(const FileBytes& bytes);

  const FileBytes& bytes() const { return bytes_; }
  std::string machine() const;
  const std::vector<Elf64_Shdr>& sections() const { return sections_; }
  std::string_view name(const Elf64_Shdr& section) const;
  // Null: there is none.
  const Elf64_Shdr* find(std::string_view name) const;
  const Elf64_Shdr* of_type(std::uint32_t type) const;

  // The bytes of a section, of at most `most`.
  base::Result<std::string> content(const Elf64_Shdr& section, std::uint64_t most, const char* what) const;
  // The section with a section's texts, and one of its texts.
  base::Result<const Elf64_Shdr*> strings_of(const Elf64_Shdr& section) const;
  base::Result<std::string> string_in(const Elf64_Shdr& strings, std::uint64_t offset) const;
  base::Result<ElfTexts> texts_of(const Elf64_Shdr& section) const;

  // The entries of the dynamic section, without the one that ends it; none: it has no such section.
  base::Result<std::vector<Elf64_Dyn>> dynamic() const;
  // DT_NEEDED.
  base::Result<std::vector<std::string>> needed() const;

 private:
  explicit ElfFile(FileBytes bytes) : bytes_(std::move(bytes)) {}
  base::Result<void> read_sections();

  FileBytes bytes_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Shdr> sections_;
  std::string names_;
};

}  // namespace weir::plugins
