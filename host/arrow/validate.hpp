// Checks of what a plugin hands over. check_shape() costs a few ns a column and runs on every batch; check_full() reads
// every value. Errors say what was expected and found, with the path of the column ("column 'tags.item'") and, where it
// is about one, the row; fault plugin, code "plugin.bad_schema" or "plugin.bad_batch", status INTERNAL: who called
// knows whose plugin it was. Neither reads beyond what the array itself claims to hold: buffers carry no size in
// Arrow's interface, so a wrong length with a short buffer can't be seen.
#pragma once

#include <weir/arrow.hpp>

#include "base/result.hpp"

namespace weir::arrow {

// What is worth knowing of a batch that is right in shape.
struct Shape {
  bool aligned = true;  // every buffer to 8 bytes at least; if not: realign() before anything else reads it
};

// Nesting beyond this is refused.
inline constexpr int kMaxDepth = 64;

// The most columns (and the most children of one field) that are taken.
inline constexpr std::int64_t kMaxColumns = 100000;

// Checks a schema that a plugin told: not released, formats known and within their limits, names and formats UTF-8,
// children present and as many as the type needs, depth limited, dictionary indices integers, metadata well formed as
// far as it can be seen. Precondition of all else in this folder.
base::Result<void> check_schema(const ArrowSchema& schema);

// Checks a schema of rows: as check_schema(), and a struct whose columns have names, each once.
base::Result<void> check_rows_schema(const ArrowSchema& rows);

// Checks, in time O(columns): not released, count of buffers and children by type, buffers present, lengths and offsets
// not negative and children long enough for them, null_count possible (and 0 where the column is not nullable), rows
// without validity of their own, first and last text or list offset ordered and in bounds. Precondition: the schema
// passed check_schema().
base::Result<Shape> check_shape(const ArrowArray& rows, const ArrowSchema& schema);

// Checks everything else, in time O(values): every offset ordered and in bounds, UTF-8 of valid texts, validity bits
// equal to null_count, no null in fields that are not nullable, dictionary indices, views and decimals in range.
// Precondition: check_shape() passed.
base::Result<void> check_full(const ArrowArray& rows, const ArrowSchema& schema);

}  // namespace weir::arrow
