#include "plugins/pe.hpp"

#include <algorithm>
#include <array>

#include "plugins/pe_file.hpp"

namespace weir::plugins {
namespace {

using base::Result;

constexpr std::array<std::string_view, 4> kDigestedOfPe = {".text", ".rdata", ".data", ".weir"};
constexpr std::string_view kGo = "\xff Go buildinf:";
constexpr std::uint64_t kMaxGo = 1U << 20U;

Result<std::string> read_info_of_pe(const PeFile& file, std::uint64_t limit) {
  const PeSection* const section = file.find(".weir");
  if (section == nullptr) return file.bytes().no_section();
  const std::uint64_t size = file.size_of(*section);
  if (size > limit) {
    return file.bytes().bad_info("expected at most " + std::to_string(limit) + " bytes in section .weir, found " +
                                 std::to_string(size));
  }
  WEIR_TRY_ASSIGN(std::string text, file.bytes().read(section->offset, size, "a section .weir"));
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

// Go's linker leaves a mark at the beginning of its data.
Result<bool> has_go(const PeFile& file) {
  const PeSection* const data = file.find(".data");
  if (data == nullptr) return false;
  WEIR_TRY_ASSIGN(const std::string bytes,
                  file.bytes().read(data->offset, std::min(kMaxGo, file.size_of(*data)), "a section"));
  return bytes.find(kGo) != std::string::npos;
}

}  // namespace

bool is_pe(const FileBytes& bytes) {
  constexpr std::uint64_t kHead = 64, kWhere = 60;
  if (bytes.size() < kHead) return false;
  const auto head = bytes.read(0, kHead, "a head");
  if (!head || !head->starts_with("MZ")) return false;
  const auto mark = bytes.read(record_at<std::uint32_t>(*head, kWhere), 4, "a head");
  return mark && *mark == std::string_view("PE\0\0", 4);
}

Result<ObjectFacts> read_pe(const FileBytes& bytes, std::uint64_t max_info_bytes) {
  WEIR_TRY_ASSIGN(const PeFile file, PeFile::open(bytes));
  ObjectFacts facts;
  facts.machine = file.machine() + kForWindows;
  WEIR_TRY_ASSIGN(facts.info, read_info_of_pe(file, max_info_bytes));
  WEIR_TRY_ASSIGN(const std::vector<PeImport> imports, file.imports());
  for (const PeImport& import : imports) facts.needed.push_back(import.library);
  WEIR_TRY_ASSIGN(facts.go, has_go(file));
  return facts;
}

Result<ObjectDetails> read_pe_details(const FileBytes& bytes) {
  WEIR_TRY_ASSIGN(const PeFile file, PeFile::open(bytes));
  ObjectDetails details;
  details.bytes = bytes.size();
  WEIR_TRY_ASSIGN(details.sha256, file.bytes().sha256(0, bytes.size(), "a file"));
  WEIR_TRY_ASSIGN(details.exported, file.exports());
  WEIR_TRY_ASSIGN(std::vector<PeImport> imports, file.imports());
  for (PeImport& import : imports) {
    details.needed.push_back(import.library);
    details.undefined.insert(details.undefined.end(), import.names.begin(), import.names.end());
  }
  for (const PeSection& section : file.sections()) {
    if (std::find(kDigestedOfPe.begin(), kDigestedOfPe.end(), section.name) == kDigestedOfPe.end()) continue;
    ObjectSection told{section.name, file.size_of(section), {}};
    WEIR_TRY_ASSIGN(told.sha256, file.bytes().sha256(section.offset, told.bytes, "a section"));
    details.sections.push_back(std::move(told));
  }
  return details;
}

}  // namespace weir::plugins
