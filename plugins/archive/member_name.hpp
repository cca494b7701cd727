// Names of members, and of the objects that they are here: ARCHIVE!MEMBER.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace weir::archive {

std::string object_name(const std::string& archive, const std::string& member);

// Without what means nothing: "./a//b" is "a/b".
std::string normal_name(std::string_view member);

// Takes an object's name apart, where the part before a "!" is a file. Throws a Failure for what is none.
std::pair<std::string, std::string> parts_of(std::string_view object);

// True for a name that is absolute, of a drive, or has "..", and for an empty one.
bool leads_out(std::string_view member);

// True if the pattern means this member: * and ? stand for folders too. Names with a hidden part, and of __MACOSX, only where
// the pattern has such a part too.
bool is_meant(const std::string& pattern, const std::string& member);

}  // namespace weir::archive
