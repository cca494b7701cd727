// Side inputs: rows of an extractor that a transformer gets beside those that flow, all of them before the first of these. An
// option of the component whose schema has "format": "rows" says which extractor.
#pragma once

#include <functional>
#include <vector>

#include "pipeline/chain.hpp"
#include "run/plan.hpp"

namespace weir::run {

// What an option says that is for the host to read.
struct SideUse {
  std::string option;
  manifest::Use use;
};

// Takes them out of a transformer's options, which keep the name of the extractor alone; errors are added.
std::vector<SideUse> take_sides(manifest::Use& use, const plugins::Registry& registry,
                                const manifest::Manifest& manifest, std::vector<base::Error>& errors);

// What TransformLink::create() is told of them. Precondition: they are planned. Lent as long as the link.
std::vector<pipeline::SideSchema> side_schemas(const PlannedLink& link);

// Reads a source from its beginning to its end, or until `enough()`; rows go to `deliver`. On the calling thread.
base::Result<void> read_through(pipeline::Source& source, pipeline::Outlet& outlet, const pipeline::Deliver& deliver,
                                const std::function<bool()>& enough);

// Reads the side inputs of a plan's links, each once, and gives their rows to all instances in `chains`. A row that is rejected
// ends it. Cancelled: as the plan's plugins are told.
base::Result<void> feed_sides(const Plan& plan, const std::vector<const pipeline::Chain*>& chains);
// The same of one link's, for these instances.
base::Result<void> feed_sides(const Plan& plan, const PlannedLink& link,
                              const std::vector<pipeline::TransformLink*>& instances);

}  // namespace weir::run
