// Finds and removes what dead writers staged.
#pragma once

#include <span>
#include <string>

#include <weir/cpp/context.hpp>

namespace weir::file {

// Does what weir_storage::sweep() says, in the folder of `path`; where the path has placeholders ("{n}"), in the
// folders below its fixed part that can be meant.
void sweep(const Context& context, const std::string& path, std::span<const weir_bytes> keep);

}  // namespace weir::file
