// Same value: what a person wrote, against what weir has.
#pragma once

#include <weir/arrow.hpp>

#include "manifest/tree.hpp"

namespace weir::run {

// Whether `expected`, of a manifest, says what `found`, a value as JSON has it, is. `field`: its type; null: not known. Numbers
// are the same if they are, digit for digit (1.50 is 1.5), doubles if the nearest double is; dates, times and timestamps if they
// mean the same. `parts`: an object need only have what is expected of it. Threads: [any].
bool same_value(const manifest::Node& expected, const manifest::Node& found, const ArrowSchema* field, bool parts);

}  // namespace weir::run
