// Documents: options whose value stands in a file of its own, so that several manifests can share it.
//
//   "format": "document"  a text is the path of a YAML or JSON file, and its content takes the place of the text: every value
//                         of it knows its place in that file, so messages point there
//   "format": "file"      a text is the path of a file that the component reads when a run is planned
//
// Paths start at the folder of the file that they are written in. What the files hold is part of a run's fingerprint.
#pragma once

#include <string>
#include <vector>

#include "manifest/fields.hpp"
#include "manifest/schema.hpp"

namespace weir::manifest {

// Loads what the options name; `files` gets each file that was found. Messages begin with the component's name. Errors: a
// file that isn't there or can't be parsed, a document that is no object. Documents may name others, as deep as the schema.
void load_documents(const Use& use, Node& options, const Json& schema, const OptionsContext& context,
                    std::vector<ConfigFile>& files, Errors& errors);

}  // namespace weir::manifest
