// Both sections are chains of entries, each with the distance to the next and to a chain of its own: bounded by what the
// section can hold.
#include "plugins/elf_versions.hpp"

#include <algorithm>

#include "plugins/compatibility.hpp"

namespace weir::plugins {
namespace {

using base::Result;

constexpr std::uint64_t kMaxVersionTable = 1U << 20U;

bool holds(const std::string& table, std::uint64_t at, std::size_t bytes) {
  return at <= table.size() && table.size() - at >= bytes;
}

struct Chain {
  std::uint64_t at;
  unsigned count;
  std::string library;
};

// One library's versions.
Result<void> read_versions(const ElfFile& file, const std::string& table, Chain chain,
                           std::vector<NeededVersion>& versions) {
  WEIR_TRY_ASSIGN(const Elf64_Shdr* strings, file.strings_of(*file.of_type(SHT_GNU_verneed)));
  for (unsigned i = 0; i < chain.count; ++i) {
    if (!holds(table, chain.at, sizeof(Elf64_Vernaux))) return file.bytes().damaged("a version beyond its section");
    const auto entry = record_at<Elf64_Vernaux>(table, chain.at);
    WEIR_TRY_ASSIGN(std::string version, file.string_in(*strings, entry.vna_name));
    versions.push_back({chain.library, std::move(version)});
    if (entry.vna_next == 0) break;
    chain.at += entry.vna_next;
  }
  return {};
}

}  // namespace

Result<std::vector<NeededVersion>> needed_versions(const ElfFile& file) {
  std::vector<NeededVersion> versions;
  const Elf64_Shdr* section = file.of_type(SHT_GNU_verneed);
  if (section == nullptr) return versions;
  WEIR_TRY_ASSIGN(const std::string table, file.content(*section, kMaxVersionTable, "a version section"));
  WEIR_TRY_ASSIGN(const Elf64_Shdr* strings, file.strings_of(*section));
  const std::uint64_t most = table.size() / sizeof(Elf64_Verneed);
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(section->sh_info, most); ++i) {
    if (!holds(table, at, sizeof(Elf64_Verneed))) return file.bytes().damaged("a version beyond its section");
    const auto need = record_at<Elf64_Verneed>(table, at);
    if (need.vn_cnt > most) return file.bytes().damaged(std::to_string(need.vn_cnt) + " versions of one library");
    if (versions.size() > most) return file.bytes().damaged("more versions than their section can hold");
    WEIR_TRY_ASSIGN(std::string library, file.string_in(*strings, need.vn_file));
    WEIR_TRY(read_versions(file, table, {at + need.vn_aux, need.vn_cnt, std::move(library)}, versions));
    if (need.vn_next == 0) break;
    at += need.vn_next;
  }
  return versions;
}

Result<std::vector<std::string>> defined_versions(const ElfFile& file) {
  std::vector<std::string> versions;
  const Elf64_Shdr* section = file.of_type(SHT_GNU_verdef);
  if (section == nullptr) return versions;
  WEIR_TRY_ASSIGN(const std::string table, file.content(*section, kMaxVersionTable, "a version section"));
  WEIR_TRY_ASSIGN(const Elf64_Shdr* strings, file.strings_of(*section));
  const std::uint64_t most = table.size() / sizeof(Elf64_Verdef);
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(section->sh_info, most); ++i) {
    if (!holds(table, at, sizeof(Elf64_Verdef))) return file.bytes().damaged("a version beyond its section");
    const auto defined = record_at<Elf64_Verdef>(table, at);
    if (!holds(table, at + defined.vd_aux, sizeof(Elf64_Verdaux)))
      return file.bytes().damaged("a version beyond its section");
    const auto name = record_at<Elf64_Verdaux>(table, at + defined.vd_aux);
    WEIR_TRY_ASSIGN(std::string version, file.string_in(*strings, name.vda_name));
    versions.push_back(std::move(version));
    if (defined.vd_next == 0) break;
    at += defined.vd_next;
  }
  return versions;
}

std::string highest_version(const std::vector<NeededVersion>& versions, std::string_view prefix) {
  std::string highest;
  for (const NeededVersion& needed : versions) {
    if (!needed.version.starts_with(prefix)) continue;
    const std::string number = needed.version.substr(prefix.size());
    if (number.empty() || number.find_first_not_of("0123456789.") != std::string::npos) continue;  // GLIBC_PRIVATE
    if (highest.empty() || compare_dotted(number, highest) > 0) highest = number;
  }
  return highest;
}

}  // namespace weir::plugins
