// Parts of a text value: a text made anew of stretches of another and of values that stand for some, each with the place where
// it was written.
#pragma once

#include <cstddef>
#include <string>

#include "manifest/tree.hpp"

namespace weir::manifest {

// The bytes of the source that spell a stretch of a text.
Where where_of_part(const Node& node, std::size_t from, std::size_t length);

// Copies a stretch of the text `node` to the end of `out`, with its places.
void append_part(const Node& node, std::size_t from, std::size_t length, Node& out);

// Adds a value that stands for what is written at `where`.
void append_value(const Where& where, const std::string& value, Node& out);

}  // namespace weir::manifest
