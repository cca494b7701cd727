// Numbers and words of both spellings: what a plain scalar means.
#pragma once

#include <string_view>

#include "manifest/tree.hpp"

namespace weir::manifest {

// Sets kind, integer and number of a node from node.text, a decimal number; `whole`: without fraction and exponent. An
// integer beyond 64 bits becomes a number. False: a double can't hold it.
bool set_number(Node& node, bool whole);

// Resolves a plain scalar by YAML 1.2's core schema: true, True, TRUE, false…, 12, 0x1F, 0o17, 1.5e3; else text. (null
// is the parser's.) .inf and .nan stay text, as no option can hold them. Keeps the spelling in `text`.
void resolve_plain(Node& node);

}  // namespace weir::manifest
