// The facts of an ELF file. Lists that point to their own next entry are bounded by their count.
#include "plugins/elf.hpp"

#include "plugins/compatibility.hpp"
#include "plugins/elf_file.hpp"
#include "plugins/elf_versions.hpp"

namespace weir::plugins {
namespace {

using base::Result;

Result<std::string> read_info_of_elf(const ElfFile& file, std::uint64_t limit) {
  const Elf64_Shdr* section = file.find(".weir");
  if (section == nullptr) return file.bytes().no_section();
  if (section->sh_type == SHT_NOBITS) return file.bytes().damaged("a section .weir without bytes");
  if (section->sh_size > limit) {
    return file.bytes().bad_info("expected at most " + std::to_string(limit) + " bytes in section .weir, found " +
                                 std::to_string(section->sh_size));
  }
  WEIR_TRY_ASSIGN(std::string text, file.bytes().read(section->sh_offset, section->sh_size, "a section .weir"));
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

}  // namespace

Result<ObjectFacts> read_elf(const FileBytes& bytes, std::uint64_t max_info_bytes) {
  WEIR_TRY_ASSIGN(const ElfFile file, ElfFile::open(bytes));
  ObjectFacts facts;
  facts.machine = file.machine();
  WEIR_TRY_ASSIGN(facts.info, read_info_of_elf(file, max_info_bytes));
  WEIR_TRY_ASSIGN(facts.needed, file.needed());
  WEIR_TRY_ASSIGN(const std::vector<NeededVersion> versions, needed_versions(file));
  facts.glibc = highest_version(versions, "GLIBC_");
  facts.go = file.find(".go.buildinfo") != nullptr || file.find(".note.go.buildid") != nullptr;
  return facts;
}

}  // namespace weir::plugins
