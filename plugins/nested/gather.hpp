// Rows of a column in a new order, some of them again and again: for every type that crosses, nested ones too.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include <weir/weir.hpp>

namespace weir::nested {

// The number of a row that is not there: null in what is made, or, where the field can't be null, zero or empty.
inline constexpr std::int64_t kMissing = -1;

// A column as it lies in rows that many share: row i is that of the array at outer + i.
struct Source {
  const ArrowSchema& field;
  const ArrowArray& array;
  std::int64_t outer;
  const std::shared_ptr<Array>& rows;  // what the array is part of: dictionaries are shared with it
};

// Makes a column of its rows `numbers`. Threads: [any]. Throws a Failure if lists hold more items than their offsets can count.
Array gathered(const Source& from, std::span<const std::int64_t> numbers);

}  // namespace weir::nested
