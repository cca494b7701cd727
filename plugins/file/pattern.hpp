// Patterns of paths:
//
//   path = segment ("/" segment)*      segment = "**" (any folders, or none) | part*
//   part = "*" | "?" | "[a-z]" | "[!a-z]" | "\" character | character     {a,b} is expanded before, across segments
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::file {

// True if the text means more than one path; a lone "[" or "{a}" does not.
bool is_pattern(std::string_view text);

// Gives the patterns that braces stand for. Throws a Failure beyond some thousands.
std::vector<std::string> expand_braces(std::string_view text);

// True if one name fits one segment; a name that begins with a dot needs a dot there.
bool matches(std::string_view segment, std::string_view name);

// Gives the files below the fixed part of the patterns whose paths fit, sorted bytewise, each once. Symbolic links are
// followed, but not round in circles. `cancelled` is asked now and then. Throws a Failure for a folder that can't be
// read and a link that points nowhere.
std::vector<std::string> find_files(std::string_view text, const std::function<bool()>& cancelled);

}  // namespace weir::file
