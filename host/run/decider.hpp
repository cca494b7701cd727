// Who decides of an epoch: one destination that commits by itself, or, where there is none, the host.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "pipeline/load.hpp"

namespace weir::run {

// Makes the loads that can leave the decision to another follow, so that one is left. Gives two that can't both have it: a
// kill between their commits would leave the rows of one without those of the other. Null loads are passed over.
std::optional<std::pair<std::size_t, std::size_t>> two_deciders(
    const std::vector<std::unique_ptr<pipeline::Load>>& loads);

}  // namespace weir::run
