// Reads what a manifest says of its chain: where rows come from, through what they go, by which branches, and where they
// end.
#pragma once

#include "manifest/fields.hpp"
#include "manifest/manifest.hpp"

namespace weir::manifest {

// Reads extract, transform, load, branches and reject of the manifest `tree`, whose members `fields` are. Errors are added.
void read_chain(Fields& fields, const Node& tree, Manifest& manifest, Errors& errors);

// Gives every link its name, and refuses one that is given twice.
void name_links(Manifest& manifest, Errors& errors);

// Gives each link the options of the connection that it names.
void join_connections(Manifest& manifest, Errors& errors);

}  // namespace weir::manifest
