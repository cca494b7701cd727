// Rows picked out of a batch, copies, and how much memory rows hold. Every type that crosses the ABI.
#pragma once

#include <cstdint>
#include <span>

#include <weir/arrow.hpp>

#include "arrow/shared.hpp"
#include "arrow/stand_in.hpp"
#include "base/result.hpp"

namespace weir::arrow {

// Makes new rows of rows[selected[0]], rows[selected[1]], ...: any order, repeats allowed, buffers aligned to 64 bytes,
// offset 0. Dictionaries are copied, or shared if `rows` is; long contiguous runs cost a memcpy. Misaligned buffers are
// fine. Preconditions: check_shape(rows, schema) passed, every index is below rows.length. Errors: RESOURCE_EXHAUSTED
// if a text column would pass 2^31 - 1 bytes (fault data, "data.batch_too_large"); offsets that are out of order or out
// of bounds ("plugin.bad_batch", fault plugin): so garbage in them is an error here, not a crash. Threads: [any].
base::Result<weir::Array> gather(const ArrowArray& rows, const ArrowSchema& schema,
                                 std::span<const std::uint32_t> selected);
base::Result<weir::Array> gather(const SharedArray& rows, const ArrowSchema& schema,
                                 std::span<const std::uint32_t> selected);

// The same of the columns in `read` only, one for each column; others are stood in for, where they can be. Empty: all are.
base::Result<weir::Array> gather(const SharedArray& rows, const ArrowSchema& schema,
                                 std::span<const std::uint32_t> selected, const Columns& read);

// Copies rows [from, from + count), with the same promises.
base::Result<weir::Array> copy(const ArrowArray& rows, const ArrowSchema& schema, std::int64_t from,
                               std::int64_t count);

// Copies all rows into aligned buffers: for what a foreign Arrow producer hands over (Shape::aligned is false).
base::Result<weir::Array> realign(const ArrowArray& rows, const ArrowSchema& schema);

// Tells how many bytes the rows hold; a slice counts its own share. In time O(columns): lists and views are estimated
// by their share of what they refer to. Precondition: check_shape() passed.
std::int64_t size_bytes(const ArrowArray& rows, const ArrowSchema& schema);

// Tells whether `selected` is one ascending run without gaps: then slice() does what gather() would.
bool contiguous(std::span<const std::uint32_t> selected);

}  // namespace weir::arrow
