// What a pipeline with streams fails with.
#pragma once

#include "run/run.hpp"

namespace weir::run {

// The error of those that failed, if some did: the first has the others, the gravest is the first. Of one that was stopped: interrupted().
base::Result<void> outcome_of(const StreamsReport& report);

}  // namespace weir::run
