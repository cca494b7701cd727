#include "plugins/inspection.hpp"

#include "plugins/opened_file.hpp"

namespace weir::plugins {

base::Result<Inspection> inspect(const std::filesystem::path& path) {
  WEIR_TRY_ASSIGN(const OpenedFile file, OpenedFile::open(path));
  Inspection inspection;
  WEIR_TRY_ASSIGN(inspection.info, read_info(path));
  WEIR_TRY_ASSIGN(const ObjectFacts facts, read_object(file.bytes(), kMaxInfoBytes));
  inspection.text = nlohmann::ordered_json::parse(facts.info, nullptr, false);  // read_info() has taken it
  WEIR_TRY_ASSIGN(inspection.object, read_details(file.bytes()));
  return inspection;
}

std::optional<Needs> needs_of(const std::filesystem::path& path, const PluginInfo& info) {
  if (info.machine != host_machine()) return std::nullopt;
  return find_needs(path, system_rules());
}

}  // namespace weir::plugins
