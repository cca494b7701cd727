// Parsing: the text of a manifest becomes a located tree. YAML 1.2 (core schema) through yaml-cpp; JSON with comments
// by an own scanner, because places must be exact.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "manifest/tree.hpp"

namespace weir::manifest {

enum class Syntax { yaml, json };

// Chooses by extension (.json, .jsonc: JSON; .yaml, .yml: YAML), else by content: what begins with `{` is JSON.
Syntax syntax_of(const Source& source);

// Parses the whole source. Syntax errors and duplicate keys (at their second place) are manifest errors with a place;
// duplicate keys are told all together. Depth, nodes: see kMaxDepth, kMaxNodes.
base::Result<Node> parse(const std::shared_ptr<const Source>& source);
base::Result<Node> parse_yaml(const std::shared_ptr<const Source>& source);
base::Result<Node> parse_json(const std::shared_ptr<const Source>& source);

}  // namespace weir::manifest
