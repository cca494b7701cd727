// Captures: which stream an object belongs to, by its name and the pattern that it was found by.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "manifest/streams.hpp"

namespace weir::run {

// What stands in `name` in the places of {stream}, {schema} and {name} of `pattern`; none: it can't be told. They stand for one
// character or more, not for slashes, the first of them for as few as fit. Folders that ** stands for may be before them or behind
// them, not both.
std::optional<manifest::StreamName> captured(std::string_view pattern, std::string_view name);

}  // namespace weir::run
