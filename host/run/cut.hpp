// Cut: what a run has come to at a barrier; Standing: what is made of it to go on, perhaps in another process. Splits are
// numbered as splits_of() does, links and ends as the plan does.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "integrity/ledger.hpp"
#include "pipeline/links/link_state.hpp"
#include "pipeline/load.hpp"

namespace weir::run {

// What was counted of each source, link and end.
struct Totals {
  std::vector<integrity::Account> sources, links, ends;
  std::vector<std::int64_t> confirmed;  // rows of each end, as the destination tells them; -1: it does not
};

struct Standing {
  std::uint64_t epoch = 0;                                        // the last that was committed; 0: none
  std::vector<std::size_t> finished;                              // splits of which all is committed
  std::map<std::size_t, std::string> open;                        // the position in each split that was begun
  std::map<std::size_t, std::uint64_t> reached;                   // bytes of theirs that totals have counted
  Totals totals;                                                  // empty vectors: nothing yet
  std::map<std::string, std::string> resume;                      // of each load, by the link of its first input
  std::map<std::string, std::vector<pipeline::StateItem>> state;  // of links that remember, by their names
};

struct Cut {
  std::vector<std::size_t> finished;             // since the cut before
  std::map<std::size_t, std::string> open;       // all of them; and the ends of finished ones that are to be told so
  std::map<std::size_t, std::uint64_t> reached;  // bytes of theirs that totals have counted
  Totals totals;                                 // of the whole run
  std::map<std::string, pipeline::Prepared> prepared;               // of each load, by the link of its first input
  std::map<std::string, std::vector<pipeline::StateChange>> state;  // of links that remember, since the cut before
};

}  // namespace weir::run
