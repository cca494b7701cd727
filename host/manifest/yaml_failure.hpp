// Says what is wrong with a text that yaml-cpp refuses: its own words name neither the cause nor, often, the place.
#pragma once

#include <memory>
#include <string>

#include "manifest/source.hpp"

namespace weir::manifest {

// Makes the error of a failure that yaml-cpp told, in its words, at `offset`.
base::Error explain_failure(const std::shared_ptr<const Source>& source, std::size_t offset, const std::string& words);

}  // namespace weir::manifest
