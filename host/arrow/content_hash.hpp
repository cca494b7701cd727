// A hash of what the buffers of rows hold: to see whether somebody has written to them.
#pragma once

#include <cstdint>

#include <weir/arrow.hpp>

namespace weir::arrow {

// Hashes the bytes of rows (a struct array that passed check_shape()), those of null values too: the same memory gives the
// same hash, equal rows elsewhere may give another. Another value changes it but by chance, not against an adversary. [any]
std::uint64_t content_hash(const ArrowArray& rows, const ArrowSchema& schema);

}  // namespace weir::arrow
