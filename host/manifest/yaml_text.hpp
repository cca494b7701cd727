// Where the bytes of a YAML scalar's value stand in the source: yaml-cpp tells only where a scalar begins.
#pragma once

#include "manifest/tree.hpp"

namespace weir::manifest {

// Skips an anchor, a tag, blanks and comments before a value at `offset`; gives where the value itself begins.
std::size_t skip_properties(std::string_view source, std::size_t offset);

// Sets where.offset, where.length and runs of a node whose `text` is known. Precondition: node.where.offset is the
// start of the value, properties skipped; `plain`: it is no quoted or block scalar. If spelling and value can't be
// brought together, runs stay empty. False: a quote that is never closed (yaml-cpp lets it pass).
bool locate_scalar(Node& node, bool plain);

}  // namespace weir::manifest
