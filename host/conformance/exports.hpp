// The symbols that a shared object exports, read from its bytes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace weir::conformance {

// Names of what the file defines for others to bind to: defined dynamic symbols that are neither local nor hidden. Weak ones too.
// Precondition: read_info() took the file. The error says that it can't be read.
base::Result<std::vector<std::string>> exported_symbols(const std::filesystem::path& file);

}  // namespace weir::conformance
