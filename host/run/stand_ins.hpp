// Stand-ins: what a plan has in the place of the manifest's own ends, for tests of what is between them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "manifest/manifest.hpp"
#include "pipeline/links/sources.hpp"
#include "pipeline/load.hpp"
#include "pipeline/source.hpp"

namespace weir::run {

// What a load has written, to be read instead of what the manifest extracts: through no link, into one load.
struct ReadBack {
  std::string link;                                   // of the load
  std::shared_ptr<pipeline::WrittenObjects> objects;  // what it wrote to a storage; not looked at for a loader
  std::shared_ptr<std::vector<std::string>> key;      // gets the columns that the load says identify a row
};

// Each may be empty: then the plan has what the manifest says.
struct StandIns {
  std::function<std::unique_ptr<pipeline::Source>()> source;  // one for all; called once
  std::function<std::unique_ptr<pipeline::Load>(const manifest::Use& use)> load;
  std::optional<ReadBack>
      read_back;  // with `load`, which is asked for the load's, and for one of a use without a name: the
                  // reject sink
};

}  // namespace weir::run
