// A hash of the values of a row, column by column: XXH3 with 64 bits, over canonical bytes.
#pragma once

#include <cstdint>
#include <vector>

#include <weir/arrow.hpp>

namespace weir::sample {

using Hashes = std::vector<std::uint64_t>;

// The hash of no values.
std::uint64_t hash_of_seed(std::int64_t seed);

// Takes the values of rows [0, hashes.size()) of a column into their hashes. Equal values of integers of any width, of
// floats of any width, of strings of any layout, give the same; so do -0 and 0, and all that are not a number. Lists,
// structs, maps and what stands in a dictionary go in as text, which allocates. `outer` as with the views.
void take_column_in(const ArrowSchema& field, const ArrowArray& column, std::int64_t outer, Hashes& hashes);

}  // namespace weir::sample
