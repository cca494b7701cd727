// The gathering of one column, whatever its type; gather.hpp is what others use.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <weir/arrow.hpp>

#include "arrow/bad.hpp"
#include "arrow/shared.hpp"
#include "base/result.hpp"

namespace weir::arrow {

// Which rows: base + rows[i], or, if `rows` is null, base, base + 1, ...; counted from the start of the buffers.
struct Selection {
  const std::uint32_t* rows = nullptr;
  std::int64_t base = 0;
  std::int64_t count = 0;

  std::int64_t row(std::int64_t i) const { return base + (rows == nullptr ? i : std::int64_t{rows[i]}); }
  // Recognises a run without gaps. `selected` is lent.
  static Selection of(std::span<const std::uint32_t> selected, std::int64_t base);
};

using Parts = weir::ArrayParts;

// Gathers a column. `shared`, if not null, owns it: dictionaries are then shared. Throws std::bad_alloc.
base::Result<weir::Array> gather_column(const ColumnPath& path, const ArrowArray& array, const ArrowSchema& schema,
                                        const Selection& selection, const SharedArray* shared);

// The pieces, by form. Each appends its buffers to `parts`.
weir::Buffer gather_bits(const std::uint8_t* bits, const Selection& selection);
weir::Buffer gather_fixed(const void* values, std::int64_t width, const Selection& selection);
base::Result<void> gather_text32(const ColumnPath& path, const ArrowArray& array, const Selection& selection,
                                 Parts& parts);
base::Result<void> gather_text64(const ColumnPath& path, const ArrowArray& array, const Selection& selection,
                                 Parts& parts);
base::Result<void> gather_views(const ColumnPath& path, const ArrowArray& array, const std::uint8_t* validity,
                                const Selection& selection, Parts& parts);

// Computes the offsets of the gathered rows from those of the array, checking each; gives the last one.
template <class Offset>
base::Result<std::int64_t> gather_offsets(const ColumnPath& path, const ArrowArray& array, const Selection& selection,
                                          std::int64_t limit, weir::Buffer& out);

}  // namespace weir::arrow
