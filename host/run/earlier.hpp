// Earlier: what earlier runs of a pipeline came to, for links that hold theirs against them (weir.earlier/1).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "state/store.hpp"

namespace weir::run {

// How many rows came to a link in each of the last complete runs of `pipeline` (an id), the newest first, `most` at most. Replays
// don't count. What can't be read is left out. Threads: [any].
std::vector<std::uint64_t> earlier_rows(state::Store& store, const std::string& pipeline, const std::string& link,
                                        std::size_t most);

}  // namespace weir::run
