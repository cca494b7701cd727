// Includes: `include: FILE` or a list of files, whose content the manifest is laid over.
#pragma once

#include "manifest/fields.hpp"
#include "manifest/interpolate.hpp"
#include "manifest/tree.hpp"

namespace weir::manifest {

// Takes `include:` out of the tree and lays the tree over the files that it names, a later one over an earlier. They may
// include others. Paths start at the folder of the file that they are written in, and may hold ${...}. Everything keeps
// the place, and the folder, of its file. Errors: a file that can't be read or parsed, a cycle, more than 100 files.
void apply_includes(Node& tree, const Values& values, observe::Redactor& redactor, Errors& errors);

}  // namespace weir::manifest
