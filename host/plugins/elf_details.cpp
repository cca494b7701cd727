// The details of an ELF file: symbols, flags, notes, digests.
#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "plugins/elf.hpp"
#include "plugins/elf_file.hpp"
#include "plugins/elf_versions.hpp"

namespace weir::plugins {
namespace {

using base::Result;

constexpr std::uint64_t kMaxSymbols = 64U << 20U;
constexpr std::uint64_t kMaxNotes = 64U << 10U;
constexpr std::uint64_t kMaxElfNameBytes = 256U << 20U;  // that are kept, of all symbols
constexpr std::array<std::string_view, 5> kDigestedOfElf = {".text", ".rodata", ".data.rel.ro", ".data", ".weir"};

// Adds the names of the dynamic symbols to what they are.
class Symbols {
 public:
  Symbols(const ElfFile& file, ObjectDetails& details) : file_(file), details_(details) {}

  Result<void> read() {
    const Elf64_Shdr* section = file_.of_type(SHT_DYNSYM);
    if (section == nullptr) return {};
    WEIR_TRY_ASSIGN(const std::string table, file_.content(*section, kMaxSymbols, "a symbol table"));
    WEIR_TRY_ASSIGN(const ElfTexts names, file_.texts_of(*section));
    for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= table.size(); at += sizeof(Elf64_Sym)) {
      const auto symbol = record_at<Elf64_Sym>(table, at);
      if (symbol.st_name == 0 || !counts(symbol)) continue;
      WEIR_TRY_ASSIGN(std::string name, names.at(symbol.st_name));
      kept_ += name.size();
      if (kept_ > kMaxElfNameBytes) return file_.bytes().damaged("names of symbols of more than 256 MiB");
      if (ELF64_ST_BIND(symbol.st_info) == STB_GNU_UNIQUE) ++details_.unique;
      (symbol.st_shndx == SHN_UNDEF ? details_.undefined : details_.exported).push_back(std::move(name));
    }
    return {};
  }

 private:
  // What others may bind to, or must have.
  static bool counts(const Elf64_Sym& symbol) {
    const unsigned binding = ELF64_ST_BIND(symbol.st_info), type = ELF64_ST_TYPE(symbol.st_info);
    if (binding == STB_LOCAL || type == STT_SECTION) return false;
    if (symbol.st_shndx == SHN_UNDEF) return binding != STB_WEAK;
    const unsigned visibility = ELF64_ST_VISIBILITY(symbol.st_other);
    return symbol.st_shndx != SHN_ABS && (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
  }

  const ElfFile& file_;
  ObjectDetails& details_;
  std::uint64_t kept_ = 0;
};

std::vector<std::string> split_folders(const std::string& text) {
  std::vector<std::string> folders;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(':', at), text.size());
    if (end > at) folders.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return folders;
}

Result<void> read_dynamic(const ElfFile& file, ObjectDetails& details) {
  const Elf64_Shdr* dynamic = file.of_type(SHT_DYNAMIC);
  if (dynamic == nullptr) return {};
  WEIR_TRY_ASSIGN(const std::vector<Elf64_Dyn> entries, file.dynamic());
  WEIR_TRY_ASSIGN(const Elf64_Shdr* strings, file.strings_of(*dynamic));
  for (const Elf64_Dyn& entry : entries) {
    if (entry.d_tag == DT_RPATH || entry.d_tag == DT_RUNPATH) {
      WEIR_TRY_ASSIGN(const std::string folders, file.string_in(*strings, entry.d_un.d_val));
      (entry.d_tag == DT_RPATH ? details.rpath : details.runpath) = split_folders(folders);
    } else if (entry.d_tag == DT_FLAGS) {
      details.static_tls = (entry.d_un.d_val & DF_STATIC_TLS) != 0;
    } else if (entry.d_tag == DT_FLAGS_1) {
      details.no_default_folders = (entry.d_un.d_val & DF_1_NODEFLIB) != 0;
    }
  }
  return {};
}

// The level of a set of GNU_PROPERTY_X86_ISA_1_…: baseline, v2, v3, v4 are its lowest bits.
int isa_level_of(std::uint32_t bits) {
  for (int level = 4; level > 0; --level) {
    if ((bits & (1U << static_cast<unsigned>(level - 1))) != 0) return level;
  }
  return 0;
}

std::uint64_t rounded(std::uint64_t size, std::uint64_t to) { return (size + to - 1) / to * to; }

// The properties of one note; those that don't fit into it are passed over.
int level_in(std::string_view properties) {
  int level = 0;
  for (std::uint64_t at = 0; at + 8 <= properties.size();) {
    const auto type = record_at<std::uint32_t>(properties, at), size = record_at<std::uint32_t>(properties, at + 4);
    if (size > properties.size() - at - 8) break;
    if (type == GNU_PROPERTY_X86_ISA_1_NEEDED && size == 4)
      level = std::max(level, isa_level_of(record_at<std::uint32_t>(properties, at + 8)));
    at += 8 + rounded(size, 8);
  }
  return level;
}

int level_in_notes(std::string_view notes) {
  int level = 0;
  for (std::uint64_t at = 0; at + sizeof(Elf64_Nhdr) <= notes.size();) {
    const auto note = record_at<Elf64_Nhdr>(notes, at);
    at += sizeof note;
    const std::uint64_t name = rounded(note.n_namesz, 4), size = rounded(note.n_descsz, 8);
    if (name > notes.size() - at || note.n_descsz > notes.size() - at - name) break;
    if (note.n_type == NT_GNU_PROPERTY_TYPE_0 && notes.substr(at, note.n_namesz) == std::string_view("GNU\0", 4))
      level = std::max(level, level_in(notes.substr(at + name, note.n_descsz)));
    at += std::min(name + size, notes.size() - at);
  }
  return level;
}

Result<void> read_level(const ElfFile& file, ObjectDetails& details) {
  const Elf64_Shdr* section = file.find(".note.gnu.property");
  if (section == nullptr || section->sh_type != SHT_NOTE) return {};
  WEIR_TRY_ASSIGN(const std::string notes, file.content(*section, kMaxNotes, "notes"));
  details.cpu_level = level_in_notes(notes);
  return {};
}

Result<void> read_sections(const ElfFile& file, ObjectDetails& details) {
  for (const Elf64_Shdr& section : file.sections()) {
    const std::string_view name = file.name(section);
    if (std::find(kDigestedOfElf.begin(), kDigestedOfElf.end(), name) == kDigestedOfElf.end()) continue;
    if (details.sections.size() > 2 * kDigestedOfElf.size())
      return file.bytes().damaged("a section '" + std::string(name) + "' many times");
    ObjectSection told{std::string(name), section.sh_size, {}};
    if (section.sh_type != SHT_NOBITS) {
      WEIR_TRY_ASSIGN(told.sha256, file.bytes().sha256(section.sh_offset, section.sh_size, "a section"));
    }
    details.sections.push_back(std::move(told));
  }
  return {};
}

// Go 1.18 and later write it behind a head of 32 bytes, the length first.
Result<void> read_go_version(const ElfFile& file, ObjectDetails& details) {
  constexpr std::uint64_t kHead = 32, kMost = 128;
  const Elf64_Shdr* section = file.find(".go.buildinfo");
  if (section == nullptr || section->sh_size <= kHead || section->sh_type == SHT_NOBITS) return {};
  WEIR_TRY_ASSIGN(const std::string text,
                  file.bytes().read(section->sh_offset, std::min(section->sh_size, kHead + kMost), "a section"));
  const std::size_t length = static_cast<unsigned char>(text[kHead]);
  if (length < kMost && kHead + 1 + length <= text.size() && text.substr(kHead + 1, 2) == "go")
    details.go_version = base::printable(text.substr(kHead + 1, length));
  return {};
}

}  // namespace

Result<ObjectDetails> read_elf_details(const FileBytes& bytes) {
  WEIR_TRY_ASSIGN(const ElfFile file, ElfFile::open(bytes));
  ObjectDetails details;
  details.bytes = bytes.size();
  WEIR_TRY_ASSIGN(details.sha256, file.bytes().sha256(0, bytes.size(), "a file"));
  WEIR_TRY_ASSIGN(details.needed, file.needed());
  WEIR_TRY(Symbols(file, details).read());
  WEIR_TRY_ASSIGN(details.versions, needed_versions(file));
  WEIR_TRY_ASSIGN(details.defined_versions, defined_versions(file));
  details.libstdcxx = highest_version(details.versions, "GLIBCXX_");
  WEIR_TRY(read_dynamic(file, details));
  WEIR_TRY(read_level(file, details));
  WEIR_TRY(read_sections(file, details));
  WEIR_TRY(read_go_version(file, details));
  return details;
}

}  // namespace weir::plugins
