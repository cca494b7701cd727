// Layout: how a column of a type lies in memory. What checks, gathers and measures have in common.
#pragma once

#include <cstdint>
#include <cstring>

#include <weir/arrow.hpp>

namespace weir::arrow {

// The ways a column can lie. Dictionaries lie as their indices do.
enum class Form : std::int32_t {
  unknown,
  null,
  bits,
  fixed,
  text32,
  text64,
  view,
  list32,
  list64,
  fixed_list,
  structure,
};

struct Layout {
  Form form = Form::unknown;
  std::int64_t width = 0;     // bytes of a value (fixed), items (fixed_list)
  std::int64_t buffers = 0;   // of the array; views have any number from 3 on
  std::int64_t children = 0;  // of schema and array; -1: any number
  bool utf8 = false;          // values are text
  weir::TypeInfo type;
};

// Tells the layout of a field. Any format text may be given; one that does not cross the ABI is unknown. Threads:
// [any].
Layout layout_of(const ArrowSchema& field);

// Rows [begin, begin + count) of a column, counted from the start of its buffers: its own offset is in it.
struct Window {
  std::int64_t begin = 0;
  std::int64_t count = 0;
};

// Reads a value that may be misaligned.
template <class T>
T load(const void* buffer, std::int64_t index) {
  T value;
  std::memcpy(&value, static_cast<const std::uint8_t*>(buffer) + static_cast<std::uint64_t>(index) * sizeof value,
              sizeof value);
  return value;
}

inline bool bit_at(const void* bits, std::int64_t index) {
  const auto at = static_cast<std::uint64_t>(index);
  return ((static_cast<const std::uint8_t*>(bits)[at >> 3U] >> (at & 7U)) & 1U) != 0;
}

// The validity bits of a column, or null if none of its rows is null.
inline const std::uint8_t* validity_of(const ArrowArray& column, const Layout& layout) {
  if (layout.buffers == 0 || column.null_count == 0) return nullptr;
  return static_cast<const std::uint8_t*>(column.buffers[0]);
}

// Counts the bits that are not set in [begin, begin + count).
std::int64_t count_clear_bits(const std::uint8_t* bits, std::int64_t begin, std::int64_t count);

}  // namespace weir::arrow
