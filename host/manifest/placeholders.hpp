// Placeholders: names in braces within a manifest's options, {stream} or {from}, and how they are filled in for one part of a run.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/tree.hpp"

namespace weir::manifest {

// One in a text: its first byte, its length with the braces, and the name within.
struct Placeholder {
  std::size_t from = 0, length = 0;
  std::string name;
};

// What stands for each name.
using PlaceholderValues = std::map<std::string, std::string, std::less<>>;

// {stream}, {schema} and {name}, in a text.
std::vector<Placeholder> placeholders_in(std::string_view text);

// How a value is spelled where an option has it. `role` is the manifest's key that the use stands under ("extract",
// "transform", "load", "reject"), `component` what it uses.
struct OptionPlace {
  std::string_view role, component, option;
};
using SpellValue = std::function<std::string(const OptionPlace& place, const std::string& value)>;

// Fills in the values wherever an option of the tree's extract, transform, branches, load or reject has their names; places are those of
// the user's text. A use that names no component is one of `beneath`, which the tree will be laid over; null: of none. Gives the
// names that were filled in somewhere under "extract" or "transform": they decide which rows come.
std::vector<std::string> fill_in(Node& tree, const Node* beneath, const PlaceholderValues& values,
                                 const SpellValue& spell);

}  // namespace weir::manifest
