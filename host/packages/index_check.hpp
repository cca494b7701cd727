// What whoever serves an index wants to know: whether it, and every package that it names, is what users will take.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "packages/releases.hpp"

namespace weir::packages {

struct IndexCheck {
  OpenedIndex opened;
  std::vector<base::Error> problems;  // index.expired, and of packages: index.other_package, those of download()
};

// Reads the index at a source's places, and every package that it names, to its end: size and SHA-256. `told` gets each release and
// whether its package is right. Errors: those of open_index().
base::Result<IndexCheck> check_index(Source source, const security::TrustedKeys& keys, std::string_view day,
                                     const std::function<void(const Release&, bool)>& told);

}  // namespace weir::packages
