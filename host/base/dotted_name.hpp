// Dotted names: of parts joined by dots, as sources write them: public.orders. A part that holds a dot or a double quote, or nothing,
// stands in double quotes, those within it doubled (weir/ext/discover.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::base {

std::string dotted_name(const std::vector<std::string>& parts);

// The parts; of a text that is no such name all of it, in one.
std::vector<std::string> parts_of_name(std::string_view name);

}  // namespace weir::base
