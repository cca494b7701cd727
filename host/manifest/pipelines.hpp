// Pipelines: a file that holds several is taken apart into one tree each, as if each had a file of its own.
#pragma once

#include <string>
#include <vector>

#include "manifest/fields.hpp"
#include "manifest/tree.hpp"

namespace weir::manifest {

// Gives the trees of the chosen pipelines, in the order of the file; none chosen: all. Each is what stands at the top for
// all, `defaults:`, and the pipeline's own over that; its key is its `name`. A file without `pipelines:` gives one tree,
// laid over its defaults. Errors: keys at the wrong level, a choice that is not there. With errors there may be none.
std::vector<Node> split_pipelines(Node tree, const std::vector<std::string>& chosen, Errors& errors);

}  // namespace weir::manifest
