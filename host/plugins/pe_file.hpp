// PeFile: the tables of a PE file, read and checked. What they mean is told elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plugins/file_bytes.hpp"

namespace weir::plugins {

struct PeSection {
  std::string name;
  std::uint32_t address = 0, memory_bytes = 0;  // when it is loaded
  std::uint32_t offset = 0, file_bytes = 0;
};

// What a DLL takes from another.
struct PeImport {
  std::string library;
  std::vector<std::string> names;  // those that have one; "#12" is by number
};

// Threads: [any]. Lives no longer than what its FileBytes is of.
class PeFile {
 public:
  // Reads the heads and the table of sections. Precondition: is_pe(). Errors: plugin.not_elf (no DLL of 64 bits), plugin.damaged.
  static base::Result<PeFile> open(const FileBytes& bytes);

  const FileBytes& bytes() const { return bytes_; }
  std::string machine() const;
  const std::vector<PeSection>& sections() const { return sections_; }
  // Null: there is none.
  const PeSection* find(std::string_view name) const;
  // The bytes that a section has in the file, without what pads them.
  std::uint64_t size_of(const PeSection& section) const;

  base::Result<std::vector<PeImport>> imports() const;
  base::Result<std::vector<std::string>> exports() const;

 private:
  explicit PeFile(FileBytes bytes) : bytes_(std::move(bytes)) {}
  base::Result<void> read_heads();
  base::Result<void> read_sections(std::uint64_t at, std::uint64_t count);
  base::Result<std::uint64_t> offset_of(std::uint64_t address, const char* what) const;
  base::Result<std::string> read_at(std::uint64_t address, std::uint64_t size, const char* what) const;
  base::Result<std::string> text_at(std::uint64_t address, const char* what) const;
  base::Result<std::vector<std::string>> names_of(std::uint64_t thunks, std::uint64_t& budget) const;
  base::Result<void> spend(std::uint64_t bytes, std::uint64_t& budget) const;

  struct Directory {
    std::uint32_t address = 0, size = 0;
  };

  FileBytes bytes_;
  std::uint16_t machine_ = 0;
  std::vector<PeSection> sections_;
  Directory exports_, imports_;
};

}  // namespace weir::plugins
