// The list of all cases, put together of the tables of the groups.
#include "conformance/case.hpp"

namespace weir::conformance {

const std::vector<Case>& all_cases() {
  static const std::vector<Case> cases = [] {
    std::vector<Case> all;
    for (const auto& group : {descriptor_cases(), schema_cases(), life_cases(), manners_cases(), call_cases(),
                              row_cases(), data_cases(), state_cases(), extractor_cases(), loader_cases(),
                              format_cases(), codec_cases(), storage_cases(), connection_cases()})
      all.insert(all.end(), group.begin(), group.end());
    return all;
  }();
  return cases;
}

const Case* case_named(std::string_view name) {
  for (const Case& one : all_cases()) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

}  // namespace weir::conformance
