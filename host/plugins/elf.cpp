// A small reader of ELF64. It trusts nothing: a read goes through Source::read(), which refuses what is beyond the
// file; counts are limited before they are multiplied; lists that point to their own next entry are bounded by their
// count.
#include "plugins/elf.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include <elf.h>
#include <unistd.h>

#include "base/utf8.hpp"
#include "plugins/compatibility.hpp"

namespace weir::plugins {
namespace {

using base::Result;
using base::Unexpected;

constexpr std::uint64_t kMaxSections = 65536;
constexpr std::uint64_t kMaxNames = 4U << 20U;
constexpr std::uint64_t kMaxTable = 1U << 20U;
constexpr std::size_t kMaxName = 4096;

constexpr const char* kGetAnother = "build it again, or get the file again";

// The file, of which nothing is believed.
class Source {
 public:
  Source(int descriptor, std::uint64_t bytes, const std::string& name)
      : descriptor_(descriptor), bytes_(bytes), name_(name) {}

  Unexpected damaged(const std::string& what) const {
    return base::unexpected(
        plugin_refused("plugin.damaged", name_ + ": expected a whole ELF file, found " + what, kGetAnother));
  }
  Unexpected not_elf(const std::string& what) const {
    return base::unexpected(plugin_refused(
        "plugin.not_elf", name_ + ": expected a shared object (ELF, 64 bits, little-endian), found " + what,
        "give a plugin's .so file built for this system"));
  }
  Unexpected bad_info(const std::string& what) const {
    return base::unexpected(
        plugin_refused("plugin.bad_info", name_ + ": " + what, "build the plugin again with weir_add_plugin()"));
  }
  const std::string& name() const { return name_; }
  std::uint64_t bytes() const { return bytes_; }

  // Reads exactly `size` bytes; `what` names them.
  Result<std::string> read(std::uint64_t offset, std::uint64_t size, const char* what) const {
    if (offset > bytes_ || size > bytes_ - offset) return damaged(std::string(what) + " beyond the end of the file");
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

  // Reads a text that ends with a zero within [offset, end).
  Result<std::string> text(std::uint64_t offset, std::uint64_t end, const char* what) const {
    if (offset >= end || end > bytes_) return damaged(std::string(what) + " beyond its table");
    WEIR_TRY_ASSIGN(std::string data, read(offset, std::min<std::uint64_t>(kMaxName, end - offset), what));
    const std::size_t zero = data.find('\0');
    if (zero == std::string::npos) return damaged(std::string(what) + " without an end");
    data.resize(zero);
    return base::printable(data);
  }

 private:
  int descriptor_;
  std::uint64_t bytes_;
  const std::string& name_;
};

template <class T>
T record_at(const std::string& data, std::uint64_t offset) {
  T record;
  std::memcpy(&record, data.data() + offset, sizeof record);
  return record;
}

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case EM_X86_64: return "x86-64";
    case EM_AARCH64: return "aarch64";
    case EM_RISCV: return "riscv64";
    case EM_PPC64: return "ppc64le";
    case EM_S390: return "s390x";
    case 258: return "loongarch64";
    case EM_386: return "i386";
    case EM_ARM: return "arm";
    default: return "machine " + std::to_string(machine);
  }
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
  if (begins("\x7f"
             "ELF"))
    return "one of " + std::to_string(head.size()) + " bytes";
  return "another file";
}

Result<Elf64_Ehdr> read_header(const Source& source) {
  WEIR_TRY_ASSIGN(const std::string head,
                  source.read(0, std::min<std::uint64_t>(sizeof(Elf64_Ehdr), source.bytes()), "a header"));
  if (head.size() < sizeof(Elf64_Ehdr) || !head.starts_with(ELFMAG)) return source.not_elf(other_format(head));
  const auto header = record_at<Elf64_Ehdr>(head, 0);
  if (header.e_ident[EI_CLASS] != ELFCLASS64) return source.not_elf("one of 32 bits");
  if (header.e_ident[EI_DATA] != ELFDATA2LSB) return source.not_elf("a big-endian one");
  if (header.e_type == ET_EXEC) return source.not_elf("a program");
  if (header.e_type == ET_REL) return source.not_elf("an object file that is not linked yet");
  if (header.e_type != ET_DYN) return source.not_elf("an ELF file of type " + std::to_string(header.e_type));
  return header;
}

struct Sections {
  std::vector<Elf64_Shdr> all;
  std::string names;

  std::string_view name(const Elf64_Shdr& section) const {
    if (section.sh_name >= names.size()) return {};
    return std::string_view(names).substr(section.sh_name, names.find('\0', section.sh_name) - section.sh_name);
  }
  const Elf64_Shdr* find(std::string_view wanted) const {
    for (const auto& section : all) {
      if (name(section) == wanted) return &section;
    }
    return nullptr;
  }
  const Elf64_Shdr* of_type(std::uint32_t type) const {
    for (const auto& section : all) {
      if (section.sh_type == type) return &section;
    }
    return nullptr;
  }
};

Result<Sections> read_sections(const Source& source, const Elf64_Ehdr& header) {
  Sections sections;
  if (header.e_shoff == 0) return sections;
  if (header.e_shentsize != sizeof(Elf64_Shdr))
    return source.damaged("sections described in " + std::to_string(header.e_shentsize) + " bytes each");
  WEIR_TRY_ASSIGN(const std::string first, source.read(header.e_shoff, sizeof(Elf64_Shdr), "a section table"));
  const auto zeroth = record_at<Elf64_Shdr>(first, 0);  // holds what does not fit into the header
  const std::uint64_t count = header.e_shnum == 0 ? zeroth.sh_size : header.e_shnum;
  const std::uint64_t names = header.e_shstrndx == SHN_XINDEX ? zeroth.sh_link : header.e_shstrndx;
  if (count == 0 || count > kMaxSections) return source.damaged(std::to_string(count) + " sections");
  if (names >= count)
    return source.damaged("section names in section " + std::to_string(names) + " of " + std::to_string(count));
  WEIR_TRY_ASSIGN(const std::string table, source.read(header.e_shoff, count * sizeof(Elf64_Shdr), "a section table"));
  for (std::uint64_t i = 0; i < count; ++i)
    sections.all.push_back(record_at<Elf64_Shdr>(table, i * sizeof(Elf64_Shdr)));
  const Elf64_Shdr& text = sections.all[names];
  if (text.sh_type == SHT_NOBITS || text.sh_size > kMaxNames)
    return source.damaged("section names of " + std::to_string(text.sh_size) + " bytes");
  WEIR_TRY_ASSIGN(sections.names, source.read(text.sh_offset, text.sh_size, "section names"));
  return sections;
}

Result<std::string> read_info_text(const Source& source, const Sections& sections, std::uint64_t limit) {
  const Elf64_Shdr* section = sections.find(".weir");
  if (section == nullptr) {
    return base::unexpected(plugin_refused(
        "plugin.no_section", source.name() + ": expected a weir plugin, found a library without the section .weir",
        "if it is a plugin, build it with weir_add_plugin() and don't strip its sections"));
  }
  if (section->sh_type == SHT_NOBITS) return source.damaged("a section .weir without bytes");
  if (section->sh_size > limit) {
    return source.bad_info("expected at most " + std::to_string(limit) + " bytes in section .weir, found " +
                           std::to_string(section->sh_size));
  }
  WEIR_TRY_ASSIGN(std::string text, source.read(section->sh_offset, section->sh_size, "a section .weir"));
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

// The bounds of the string table that a section is linked to.
Result<const Elf64_Shdr*> strings_of(const Source& source, const Sections& sections, const Elf64_Shdr& section) {
  if (section.sh_link >= sections.all.size()) return source.damaged("a section linked to one that is not there");
  const Elf64_Shdr& strings = sections.all[section.sh_link];
  if (strings.sh_offset > source.bytes() || strings.sh_size > source.bytes() - strings.sh_offset) {
    return source.damaged("a string table beyond the end of the file");
  }
  return &strings;
}

Result<std::string> string_in(const Source& source, const Elf64_Shdr& strings, std::uint64_t offset) {
  if (offset >= strings.sh_size) return source.damaged("a name beyond its table");
  return source.text(strings.sh_offset + offset, strings.sh_offset + strings.sh_size, "a name");
}

Result<void> read_needed(const Source& source, const Sections& sections, ElfFacts& facts) {
  const Elf64_Shdr* dynamic = sections.of_type(SHT_DYNAMIC);
  if (dynamic == nullptr) return {};
  if (dynamic->sh_size > kMaxTable)
    return source.damaged("a dynamic section of " + std::to_string(dynamic->sh_size) + " bytes");
  WEIR_TRY_ASSIGN(const std::string table, source.read(dynamic->sh_offset, dynamic->sh_size, "a dynamic section"));
  WEIR_TRY_ASSIGN(const Elf64_Shdr* strings, strings_of(source, sections, *dynamic));
  for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= table.size(); at += sizeof(Elf64_Dyn)) {
    const auto entry = record_at<Elf64_Dyn>(table, at);
    if (entry.d_tag == DT_NULL) break;
    if (entry.d_tag != DT_NEEDED) continue;
    WEIR_TRY_ASSIGN(std::string library, string_in(source, *strings, entry.d_un.d_val));
    facts.needed.push_back(std::move(library));
  }
  return {};
}

void note_version(const std::string& version, ElfFacts& facts) {
  constexpr std::string_view kPrefix = "GLIBC_";
  if (!version.starts_with(kPrefix)) return;
  const std::string number = version.substr(kPrefix.size());
  if (number.empty() || number.find_first_not_of("0123456789.") != std::string::npos) return;  // GLIBC_PRIVATE
  if (facts.glibc.empty() || compare_dotted(number, facts.glibc) > 0) facts.glibc = number;
}

// One library's versions: a chain of entries from `at` on, each with the distance to the next.
Result<void> read_versions(const Source& source, const std::string& table, const Elf64_Shdr& strings, std::uint64_t at,
                           unsigned count, ElfFacts& facts) {
  for (unsigned i = 0; i < count; ++i) {
    if (at > table.size() || table.size() - at < sizeof(Elf64_Vernaux))
      return source.damaged("a version beyond its section");
    const auto entry = record_at<Elf64_Vernaux>(table, at);
    WEIR_TRY_ASSIGN(const std::string version, string_in(source, strings, entry.vna_name));
    note_version(version, facts);
    if (entry.vna_next == 0) break;
    at += entry.vna_next;
  }
  return {};
}

Result<void> read_glibc(const Source& source, const Sections& sections, ElfFacts& facts) {
  const Elf64_Shdr* section = sections.of_type(SHT_GNU_verneed);
  if (section == nullptr) return {};
  if (section->sh_size > kMaxTable)
    return source.damaged("a version section of " + std::to_string(section->sh_size) + " bytes");
  WEIR_TRY_ASSIGN(const std::string table, source.read(section->sh_offset, section->sh_size, "a version section"));
  WEIR_TRY_ASSIGN(const Elf64_Shdr* strings, strings_of(source, sections, *section));
  const std::uint64_t most = table.size() / sizeof(Elf64_Verneed);
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(section->sh_info, most); ++i) {
    if (at > table.size() || table.size() - at < sizeof(Elf64_Verneed))
      return source.damaged("a version beyond its section");
    const auto need = record_at<Elf64_Verneed>(table, at);
    if (need.vn_cnt > most) return source.damaged(std::to_string(need.vn_cnt) + " versions of one library");
    WEIR_TRY(read_versions(source, table, *strings, at + need.vn_aux, need.vn_cnt, facts));
    if (need.vn_next == 0) break;
    at += need.vn_next;
  }
  return {};
}

}  // namespace

Result<ElfFacts> read_elf(int descriptor, std::uint64_t file_bytes, const std::string& name,
                          std::uint64_t max_info_bytes) {
  const Source source(descriptor, file_bytes, name);
  ElfFacts facts;
  WEIR_TRY_ASSIGN(const Elf64_Ehdr header, read_header(source));
  facts.machine = machine_name(header.e_machine);
  WEIR_TRY_ASSIGN(const Sections sections, read_sections(source, header));
  WEIR_TRY_ASSIGN(facts.info, read_info_text(source, sections, max_info_bytes));
  WEIR_TRY(read_needed(source, sections, facts));
  WEIR_TRY(read_glibc(source, sections, facts));
  facts.go = sections.find(".go.buildinfo") != nullptr || sections.find(".note.go.buildid") != nullptr;
  return facts;
}

}  // namespace weir::plugins
