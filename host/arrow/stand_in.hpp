// Columns that nobody reads stay in their place, so that who names one finds it, but hold nothing.
#pragma once

#include <cstdint>
#include <vector>

#include <weir/arrow.hpp>

namespace weir::arrow {

// Which columns of rows, by their index.
using Columns = std::vector<bool>;

// Whether a column of this field can be stood in for: any but dictionaries, views and what holds some.
bool can_stand_in(const ArrowSchema& field);

// Makes a column of `rows` rows with no values of its own: all null, or, where the field is not nullable, zeros and empty
// texts and lists. Costs next to nothing, however many rows there are: zeros are shared up to 1 MiB a buffer.
// Precondition: can_stand_in(field). Threads: [any]. Throws std::bad_alloc.
weir::Array stand_in(const ArrowSchema& field, std::int64_t rows);

}  // namespace weir::arrow
