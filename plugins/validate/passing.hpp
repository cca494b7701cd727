// Passing rows on when columns were converted: the batch is put together anew, from the converted columns and the others,
// which are moved and not copied. Rows that are bad are left out.
#pragma once

#include <vector>

#include <weir/weir.hpp>

#include "findings.hpp"

namespace weir::validate {

// The rows of `batch` with `converted[i]` in the place of its column i, where that is not empty. Takes the batch.
Array with_columns(Batch& batch, std::vector<Array> converted);

// Pushes `rows` (of `schema`, not sliced) without those that `findings` has. Origins count from the batch in hand.
void push_good(const Next& next, const ArrowSchema& schema, Array rows, const Findings& findings);

}  // namespace weir::validate
