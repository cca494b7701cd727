// PE, as plugins for Windows have it: of 64 bits. They can be looked at, and not loaded.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "plugins/object_file.hpp"

namespace weir::plugins {

// Whether it begins like such a file, of 64 bits or of 32.
bool is_pe(const FileBytes& bytes);

// Precondition of both: is_pe().
base::Result<ObjectFacts> read_pe(const FileBytes& bytes, std::uint64_t max_info_bytes);
base::Result<ObjectDetails> read_pe_details(const FileBytes& bytes);

}  // namespace weir::plugins
