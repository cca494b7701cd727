// Text as a terminal shows it: how wide it is, and what of it is fit to be shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::print {

// How many places of a terminal the text takes: two for wide characters (Chinese, emoji), none for marks on others.
std::size_t width_of(std::string_view text);

// The text on one line, without anything that a terminal would obey: control characters become their pictures (␊, ␛), what is
// not UTF-8 or steers the direction of writing becomes �.
std::string harmless(std::string_view text);

// The text, if it takes at most `width` places (at least 1), else its beginning and "…".
std::string cut_to(std::string text, std::size_t width);

}  // namespace weir::print
