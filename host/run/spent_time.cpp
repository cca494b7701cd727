#include "run/spent_time.hpp"

namespace weir::run {

events::RunTimed SpentTime::told(std::size_t chains) const {
  events::RunTimed told;
  for (std::size_t i = 0; i < sources.size(); ++i) told.links.push_back({plan_.sources[i]->link(), sources[i]});
  for (std::size_t i = 0; i < links.size(); ++i) told.links.push_back({plan_.links[i].component->link, links[i]});
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const LoadInput& to = plan_.ends[i].to;
    told.links.push_back({plan_.load(to).link(to.input), ends[i]});
  }
  told.chains = chains;
  told.chains_waited_ns = chains_waited;
  told.loads_waited_ns = loads_waited;
  told.flowing_ns = flowing;
  return told;
}

}  // namespace weir::run
