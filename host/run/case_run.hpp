// Case run: a manifest's own tests. The transformers of a pipeline run as they would, with ledger and all; what a test gives
// stands in the extractor's place, what comes out is kept in memory and compared. Nothing is written or remembered.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace weir::run {

struct TestOptions {
  std::vector<std::string> cases;  // names of those to run; none: all
};

// What a case came to.
struct CaseReport {
  std::string pipeline, name;
  std::vector<base::Error> differences;                            // none: it passed
  std::uint64_t given = 0, loaded = 0, dropped = 0, rejected = 0;  // rows

  bool passed() const { return differences.empty(); }
};

}  // namespace weir::run
