#include "run/earlier.hpp"

#include <algorithm>

#include "recovery/run_history.hpp"

namespace weir::run {

std::vector<std::uint64_t> earlier_rows(state::Store& store, const std::string& pipeline, const std::string& link,
                                        std::size_t most) {
  recovery::RunHistory history(store);
  std::vector<std::uint64_t> counts;
  auto keys = history.keys(pipeline);
  if (!keys) return counts;
  std::reverse(keys->begin(), keys->end());
  for (const std::string& key : *keys) {
    if (counts.size() == most) break;
    const auto run = history.run(pipeline, key.substr(key.rfind('/') + 1));
    if (!run || !*run || (*run)->state != recovery::RunState::complete || !(*run)->replays.empty()) continue;
    for (const integrity::Line& line : (*run)->ledger.lines) {
      if (line.link == link) counts.push_back(line.account.rows_in);
    }
  }
  return counts;
}

}  // namespace weir::run
