// Wildcards in names, as a shell has them: *  any characters, or none   ?  one character, of ASCII   [a-z] [!a-z]  one of a set
// \  the character behind it itself.
#pragma once

#include <string>
#include <string_view>

namespace weir::base {

// True if all of the name fits the pattern. Neither dots nor slashes are special. [any]
bool fits_wildcards(const std::string& pattern, const std::string& name);

// True if more than one name may fit.
bool has_wildcards(std::string_view pattern);

// A pattern of paths that only this text fits, also for those who take {a,b} for two patterns.
std::string without_wildcards(std::string_view text);

}  // namespace weir::base
