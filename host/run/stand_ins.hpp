// Stand-ins: what a plan has in the place of the manifest's own ends, for tests of what is between them.
#pragma once

#include <functional>
#include <memory>

#include "manifest/manifest.hpp"
#include "pipeline/load.hpp"
#include "pipeline/source.hpp"

namespace weir::run {

// Either may be empty: then the plan has what the manifest says.
struct StandIns {
  std::function<std::unique_ptr<pipeline::Source>()> source;  // one for all; called once
  std::function<std::unique_ptr<pipeline::Load>(const manifest::Use& use)> load;
};

}  // namespace weir::run
