// It trusts nothing: a read goes through FileBytes, which refuses what is beyond the file; counts are limited before they
// are multiplied.
#include "plugins/elf_file.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "plugins/compatibility.hpp"

namespace weir::plugins {
namespace {

using base::Result;
using base::Unexpected;

constexpr std::uint64_t kMaxElfSections = 65536;
constexpr std::uint64_t kMaxElfNames = 4U << 20U;
constexpr std::uint64_t kMaxDynamicTable = 1U << 20U;
constexpr std::uint64_t kMaxElfTexts = 256U << 20U;
constexpr std::size_t kMaxElfText = 4096;

Unexpected not_elf(const FileBytes& bytes, const std::string& what) {
  return base::unexpected(plugin_refused(
      "plugin.not_elf", bytes.name() + ": expected a shared object (ELF, 64 bits, little-endian), found " + what,
      "give a plugin's .so file built for this system"));
}

// What a file is that is not ELF, from its first bytes.
std::string other_format(const std::string& head) {
  const auto begins = [&](std::string_view magic) {
    return head.size() >= magic.size() && std::string_view(head).starts_with(magic);
  };
  if (head.empty()) return "an empty file";
  if (begins("MZ")) return "a Windows program (PE)";
  for (const std::string_view magic :
       {"\xCF\xFA\xED\xFE", "\xCE\xFA\xED\xFE", "\xFE\xED\xFA\xCF", "\xFE\xED\xFA\xCE", "\xCA\xFE\xBA\xBE"}) {
    if (begins(magic)) return "a macOS program (Mach-O)";
  }
  if (begins("!<arch>")) return "a static library";
  if (begins("#!")) return "a script";
  if (begins(ELFMAG)) return "one of " + std::to_string(head.size()) + " bytes";
  return "another file";
}

Result<Elf64_Ehdr> read_header(const FileBytes& bytes) {
  WEIR_TRY_ASSIGN(const std::string head,
                  bytes.read(0, std::min<std::uint64_t>(sizeof(Elf64_Ehdr), bytes.size()), "a header"));
  if (head.size() < sizeof(Elf64_Ehdr) || !head.starts_with(ELFMAG)) return not_elf(bytes, other_format(head));
  const auto header = record_at<Elf64_Ehdr>(head, 0);
  if (header.e_ident[EI_CLASS] != ELFCLASS64) return not_elf(bytes, "one of 32 bits");
  if (header.e_ident[EI_DATA] != ELFDATA2LSB) return not_elf(bytes, "a big-endian one");
  if (header.e_type == ET_EXEC) return not_elf(bytes, "a program");
  if (header.e_type == ET_REL) return not_elf(bytes, "an object file that is not linked yet");
  if (header.e_type != ET_DYN) return not_elf(bytes, "an ELF file of type " + std::to_string(header.e_type));
  return header;
}

}  // namespace

Result<std::string> ElfTexts::at(std::uint64_t offset) const {
  if (offset >= table_.size()) return bytes_.damaged("a name beyond its table");
  const std::string_view rest = std::string_view(table_).substr(offset, kMaxElfText);
  const std::size_t zero = rest.find('\0');
  if (zero == std::string_view::npos) return bytes_.damaged("a name without an end");
  return base::printable(rest.substr(0, zero));
}

Result<ElfFile> ElfFile::open(const FileBytes& bytes) {
  ElfFile file(bytes.of_format("ELF"));
  WEIR_TRY_ASSIGN(file.header_, read_header(file.bytes_));
  WEIR_TRY(file.read_sections());
  return file;
}

Result<void> ElfFile::read_sections() {
  if (header_.e_shoff == 0) return {};
  if (header_.e_shentsize != sizeof(Elf64_Shdr))
    return bytes_.damaged("sections described in " + std::to_string(header_.e_shentsize) + " bytes each");
  WEIR_TRY_ASSIGN(const std::string first, bytes_.read(header_.e_shoff, sizeof(Elf64_Shdr), "a section table"));
  const auto zeroth = record_at<Elf64_Shdr>(first, 0);  // holds what does not fit into the header
  const std::uint64_t count = header_.e_shnum == 0 ? zeroth.sh_size : header_.e_shnum;
  const std::uint64_t names = header_.e_shstrndx == SHN_XINDEX ? zeroth.sh_link : header_.e_shstrndx;
  if (count == 0 || count > kMaxElfSections) return bytes_.damaged(std::to_string(count) + " sections");
  if (names >= count)
    return bytes_.damaged("section names in section " + std::to_string(names) + " of " + std::to_string(count));
  WEIR_TRY_ASSIGN(const std::string table, bytes_.read(header_.e_shoff, count * sizeof(Elf64_Shdr), "a section table"));
  for (std::uint64_t i = 0; i < count; ++i) sections_.push_back(record_at<Elf64_Shdr>(table, i * sizeof(Elf64_Shdr)));
  const Elf64_Shdr& text = sections_[names];
  if (text.sh_type == SHT_NOBITS || text.sh_size > kMaxElfNames)
    return bytes_.damaged("section names of " + std::to_string(text.sh_size) + " bytes");
  WEIR_TRY_ASSIGN(names_, bytes_.read(text.sh_offset, text.sh_size, "section names"));
  return {};
}

std::string ElfFile::machine() const {
  switch (header_.e_machine) {
    case EM_X86_64: return "x86-64";
    case EM_AARCH64: return "aarch64";
    case EM_RISCV: return "riscv64";
    case EM_PPC64: return "ppc64le";
    case EM_S390: return "s390x";
    case 258: return "loongarch64";
    case EM_386: return "i386";
    case EM_ARM: return "arm";
    default: return "machine " + std::to_string(header_.e_machine);
  }
}

std::string_view ElfFile::name(const Elf64_Shdr& section) const {
  if (section.sh_name >= names_.size()) return {};
  return std::string_view(names_).substr(section.sh_name, names_.find('\0', section.sh_name) - section.sh_name);
}

const Elf64_Shdr* ElfFile::find(std::string_view wanted) const {
  const auto found = std::find_if(sections_.begin(), sections_.end(),
                                  [&](const Elf64_Shdr& section) { return name(section) == wanted; });
  return found == sections_.end() ? nullptr : &*found;
}

const Elf64_Shdr* ElfFile::of_type(std::uint32_t type) const {
  const auto found = std::find_if(sections_.begin(), sections_.end(),
                                  [&](const Elf64_Shdr& section) { return section.sh_type == type; });
  return found == sections_.end() ? nullptr : &*found;
}

Result<std::string> ElfFile::content(const Elf64_Shdr& section, std::uint64_t most, const char* what) const {
  if (section.sh_size > most)
    return bytes_.damaged(std::string(what) + " of " + std::to_string(section.sh_size) + " bytes");
  return bytes_.read(section.sh_offset, section.sh_size, what);
}

Result<const Elf64_Shdr*> ElfFile::strings_of(const Elf64_Shdr& section) const {
  if (section.sh_link >= sections_.size()) return bytes_.damaged("a section linked to one that is not there");
  const Elf64_Shdr& strings = sections_[section.sh_link];
  if (strings.sh_offset > bytes_.size() || strings.sh_size > bytes_.size() - strings.sh_offset)
    return bytes_.damaged("a string table beyond the end of the file");
  return &strings;
}

Result<std::string> ElfFile::string_in(const Elf64_Shdr& strings, std::uint64_t offset) const {
  if (offset >= strings.sh_size) return bytes_.damaged("a name beyond its table");
  return bytes_.text(strings.sh_offset + offset, strings.sh_offset + strings.sh_size, "a name");
}

Result<ElfTexts> ElfFile::texts_of(const Elf64_Shdr& section) const {
  WEIR_TRY_ASSIGN(const Elf64_Shdr* strings, strings_of(section));
  WEIR_TRY_ASSIGN(std::string table, content(*strings, kMaxElfTexts, "a string table"));
  return ElfTexts(bytes_, std::move(table));
}

Result<std::vector<Elf64_Dyn>> ElfFile::dynamic() const {
  std::vector<Elf64_Dyn> entries;
  const Elf64_Shdr* section = of_type(SHT_DYNAMIC);
  if (section == nullptr) return entries;
  WEIR_TRY_ASSIGN(const std::string table, content(*section, kMaxDynamicTable, "a dynamic section"));
  for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= table.size(); at += sizeof(Elf64_Dyn)) {
    const auto entry = record_at<Elf64_Dyn>(table, at);
    if (entry.d_tag == DT_NULL) break;
    entries.push_back(entry);
  }
  return entries;
}

Result<std::vector<std::string>> ElfFile::needed() const {
  std::vector<std::string> libraries;
  const Elf64_Shdr* section = of_type(SHT_DYNAMIC);
  if (section == nullptr) return libraries;
  WEIR_TRY_ASSIGN(const std::vector<Elf64_Dyn> entries, dynamic());
  WEIR_TRY_ASSIGN(const Elf64_Shdr* strings, strings_of(*section));
  for (const Elf64_Dyn& entry : entries) {
    if (entry.d_tag != DT_NEEDED) continue;
    WEIR_TRY_ASSIGN(std::string library, string_in(*strings, entry.d_un.d_val));
    libraries.push_back(std::move(library));
  }
  return libraries;
}

}  // namespace weir::plugins
