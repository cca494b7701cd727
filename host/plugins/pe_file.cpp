// Addresses in the tables are those in memory: each is found in a section, and what it leads to must be within the file.
//
//   head      "MZ", …, at 60: where the next begins
//   COFF      "PE\0\0", machine u16, sections u16, 3 × u32, bytes of the optional head u16, flags u16
//   optional  0x20b, …, at 108: directories u32, then each address u32, size u32: exports, imports, …
//   section   name 8, bytes in memory u32, address u32, bytes in the file u32, offset u32, …: 40
#include "plugins/pe_file.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "plugins/compatibility.hpp"

namespace weir::plugins {
namespace {

using base::Result;

constexpr std::uint64_t kCoff = 24, kSection = 40, kDirectories = 112, kImport = 20, kExports = 40;
constexpr std::uint64_t kMaxPeSections = 96;  // as Windows has it
constexpr std::uint64_t kMaxLibraries = 1000;
constexpr std::uint64_t kMaxPeNames = 100'000;
constexpr std::uint64_t kMaxPeNameBytes = 64U << 20U;  // that are kept, of all tables
constexpr std::uint16_t kDll = 0x2000, kPlus = 0x20b;

base::Unexpected no_dll(const FileBytes& bytes, const std::string& what) {
  return base::unexpected(plugin_refused("plugin.not_elf", bytes.name() + ": expected a DLL of 64 bits, found " + what,
                                         "give a plugin's .so file built for this system"));
}

}  // namespace

Result<PeFile> PeFile::open(const FileBytes& bytes) {
  PeFile file(bytes.of_format("PE"));
  WEIR_TRY(file.read_heads());
  return file;
}

Result<void> PeFile::read_heads() {
  WEIR_TRY_ASSIGN(const std::string dos, bytes_.read(0, 64, "a head"));
  const std::uint64_t at = record_at<std::uint32_t>(dos, 60);
  WEIR_TRY_ASSIGN(const std::string coff, bytes_.read(at, kCoff, "a head of COFF"));
  machine_ = record_at<std::uint16_t>(coff, 4);
  const std::uint64_t count = record_at<std::uint16_t>(coff, 6), size = record_at<std::uint16_t>(coff, 20);
  const std::uint64_t optional = at + kCoff;
  if (size < 2) return bytes_.damaged("a head of " + std::to_string(size) + " bytes");
  WEIR_TRY_ASSIGN(const std::string head, bytes_.read(optional, size, "an optional head"));
  if (record_at<std::uint16_t>(head, 0) != kPlus) return no_dll(bytes_, "one of 32 bits");
  if ((record_at<std::uint16_t>(coff, 22) & kDll) == 0) return no_dll(bytes_, "a program");
  if (size < kDirectories) return bytes_.damaged("an optional head of " + std::to_string(size) + " bytes");
  const std::uint64_t directories =
      std::min<std::uint64_t>(record_at<std::uint32_t>(head, kDirectories - 4), (size - kDirectories) / 8);
  if (directories > 0) exports_ = record_at<Directory>(head, kDirectories);
  if (directories > 1) imports_ = record_at<Directory>(head, kDirectories + 8);
  return read_sections(optional + size, count);
}

Result<void> PeFile::read_sections(std::uint64_t at, std::uint64_t count) {
  if (count > kMaxPeSections) return bytes_.damaged(std::to_string(count) + " sections");
  WEIR_TRY_ASSIGN(const std::string table, bytes_.read(at, count * kSection, "a section table"));
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string_view entry = std::string_view(table).substr(i * kSection, kSection);
    const std::string_view name = entry.substr(0, 8);
    PeSection section;
    section.name = base::printable(name.substr(0, name.find('\0')));
    section.memory_bytes = record_at<std::uint32_t>(entry, 8);
    section.address = record_at<std::uint32_t>(entry, 12);
    section.file_bytes = record_at<std::uint32_t>(entry, 16);
    section.offset = record_at<std::uint32_t>(entry, 20);
    sections_.push_back(std::move(section));
  }
  return {};
}

std::string PeFile::machine() const {
  switch (machine_) {
    case 0x8664: return "x86-64";
    case 0xaa64: return "aarch64";
    default: return "machine " + std::to_string(machine_);
  }
}

const PeSection* PeFile::find(std::string_view name) const {
  const auto found =
      std::find_if(sections_.begin(), sections_.end(), [&](const PeSection& section) { return section.name == name; });
  return found == sections_.end() ? nullptr : &*found;
}

std::uint64_t PeFile::size_of(const PeSection& section) const {
  return section.memory_bytes == 0 ? section.file_bytes : std::min(section.memory_bytes, section.file_bytes);
}

Result<std::uint64_t> PeFile::offset_of(std::uint64_t address, const char* what) const {
  for (const PeSection& section : sections_) {
    if (address >= section.address && address - section.address < section.file_bytes)
      return section.offset + (address - section.address);
  }
  return bytes_.damaged(std::string(what) + " in no section");
}

Result<std::string> PeFile::read_at(std::uint64_t address, std::uint64_t size, const char* what) const {
  WEIR_TRY_ASSIGN(const std::uint64_t offset, offset_of(address, what));
  return bytes_.read(offset, size, what);
}

Result<std::string> PeFile::text_at(std::uint64_t address, const char* what) const {
  WEIR_TRY_ASSIGN(const std::uint64_t offset, offset_of(address, what));
  return bytes_.text(offset, bytes_.size(), what);
}

// Tables may point to one another's names, and to the same ones again and again.
Result<void> PeFile::spend(std::uint64_t bytes, std::uint64_t& budget) const {
  constexpr std::uint64_t kEach = 64;
  if (bytes + kEach > budget) return bytes_.damaged("names without an end");
  budget -= bytes + kEach;
  return {};
}

// A list of addresses of names, or numbers, that ends with a zero.
Result<std::vector<std::string>> PeFile::names_of(std::uint64_t thunks, std::uint64_t& budget) const {
  constexpr std::uint64_t kByNumber = std::uint64_t{1} << 63U;
  std::vector<std::string> names;
  for (;; thunks += 8) {
    WEIR_TRY_ASSIGN(const std::string entry, read_at(thunks, 8, "a list of names"));
    const auto value = record_at<std::uint64_t>(entry, 0);
    if (value == 0) return names;
    WEIR_TRY(spend(0, budget));
    if ((value & kByNumber) != 0) {
      names.push_back("#" + std::to_string(value & 0xFFFFU));
      continue;
    }
    WEIR_TRY_ASSIGN(std::string name, text_at((value & 0x7FFFFFFFU) + 2, "a name"));  // behind its hint
    WEIR_TRY(spend(name.size(), budget));
    names.push_back(std::move(name));
  }
}

Result<std::vector<PeImport>> PeFile::imports() const {
  std::vector<PeImport> imports;
  std::uint64_t budget = kMaxPeNameBytes;
  if (imports_.address == 0) return imports;
  for (std::uint64_t at = imports_.address;; at += kImport) {
    if (imports.size() > kMaxLibraries) return bytes_.damaged("a list of libraries without an end");
    WEIR_TRY_ASSIGN(const std::string entry, read_at(at, kImport, "a list of libraries"));
    const auto lookup = record_at<std::uint32_t>(entry, 0), name = record_at<std::uint32_t>(entry, 12);
    const auto first = record_at<std::uint32_t>(entry, 16);
    if (name == 0) return imports;
    PeImport import;
    WEIR_TRY_ASSIGN(import.library, text_at(name, "a library's name"));
    WEIR_TRY_ASSIGN(import.names, names_of(lookup != 0 ? lookup : first, budget));
    imports.push_back(std::move(import));
  }
}

Result<std::vector<std::string>> PeFile::exports() const {
  std::vector<std::string> names;
  std::uint64_t budget = kMaxPeNameBytes;
  if (exports_.address == 0) return names;
  WEIR_TRY_ASSIGN(const std::string table, read_at(exports_.address, kExports, "a table of exports"));
  const std::uint64_t count = record_at<std::uint32_t>(table, 24), at = record_at<std::uint32_t>(table, 32);
  if (count > kMaxPeNames) return bytes_.damaged(std::to_string(count) + " exported names");
  if (count == 0) return names;
  WEIR_TRY_ASSIGN(const std::string addresses, read_at(at, count * 4, "exported names"));
  for (std::uint64_t i = 0; i < count; ++i) {
    WEIR_TRY_ASSIGN(std::string name, text_at(record_at<std::uint32_t>(addresses, i * 4), "an exported name"));
    WEIR_TRY(spend(name.size(), budget));
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace weir::plugins
