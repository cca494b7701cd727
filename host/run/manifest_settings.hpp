// What a manifest says of a run as a whole, as those take it who are told.
#pragma once

#include <string>

#include "manifest/manifest.hpp"
#include "pipeline/retry.hpp"
#include "plugins/call_watch.hpp"
#include "run/plan.hpp"

namespace weir::run {

// When an epoch ends: what the manifest does not name does not count, if it names anything.
CheckpointRule checkpoint_rule(const manifest::Checkpoint& asked);

// How often a call is made. A user who says how often is taken at the word, however long that takes.
pipeline::Retrying retrying_of(const manifest::Retry& retry);

// Whether what a run reads may have other columns, or wider types, than what it begins with: all of it is looked at first then.
bool lets_schemas_change(const manifest::Node& drift);

// Under what the state store has what is kept of a pipeline, of one of its streams, or of a range.
std::string portion_id(const manifest::Manifest& manifest);

// How long a pipeline's calls may take.
plugins::CallLimits call_limits(const manifest::Deadlines& deadlines);

}  // namespace weir::run
