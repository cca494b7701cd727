#include "run/decider.hpp"

namespace weir::run {

std::optional<std::pair<std::size_t, std::size_t>> two_deciders(
    const std::vector<std::unique_ptr<pipeline::Load>>& loads) {
  std::optional<std::size_t> decides;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    if (loads[i] == nullptr || !loads[i]->atomic()) continue;
    if (decides && loads[i]->follow()) continue;
    if (decides && !loads[*decides]->follow()) return std::pair{*decides, i};
    decides = i;
  }
  return std::nullopt;
}

}  // namespace weir::run
