// The keys of bookmarks in the state store; the others are in places.hpp.
//
//   key bookmark/<pipeline>/kept/<link>  what the plan of an extract left in the last complete run (run::Bookmarks)
//   key bookmark/<pipeline>/left/<link>  the same of a run that is not complete
#pragma once

#include <string>
#include <string_view>

namespace weir::state {

enum class Bookmark : unsigned char { kept, left };

// Of all bookmarks of a pipeline, or of one of its links'.
std::string bookmark_prefix(std::string_view pipeline, Bookmark which);
std::string bookmark_key(std::string_view pipeline, Bookmark which, std::string_view link);

}  // namespace weir::state
