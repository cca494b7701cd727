// How much memory rows hold.
#include <algorithm>

#include "arrow/gather.hpp"
#include "arrow/layout.hpp"

namespace weir::arrow {
namespace {

std::int64_t bits(std::int64_t count) { return (count + 7) / 8; }

std::int64_t size_of(const ArrowArray& array, const ArrowSchema& schema, Window rows);

template <class Offset>
Window items_of(const ArrowArray& array, Window rows) {
  if (rows.count == 0) return {};
  const std::int64_t first = load<Offset>(array.buffers[1], rows.begin),
                     last = load<Offset>(array.buffers[1], rows.begin + rows.count);
  return {first, last > first ? last - first : 0};
}

// Views refer to any part of their data: a slice is held to have its share.
std::int64_t size_of_views(const ArrowArray& array, Window rows) {
  std::int64_t data = 0;
  for (std::int64_t i = 0; i < array.n_buffers - 3; ++i)
    data += load<std::int64_t>(array.buffers[array.n_buffers - 1], i);
  const std::int64_t all = array.offset + array.length;
  const double share = all == 0 ? 1.0 : static_cast<double>(rows.count) / static_cast<double>(all);
  return 16 * rows.count + static_cast<std::int64_t>(static_cast<double>(data) * share);
}

std::int64_t size_of_list(const ArrowArray& array, const ArrowSchema& schema, Window items) {
  // Offsets within may be anything.
  const std::int64_t limit = array.children[0]->length, begin = std::clamp<std::int64_t>(items.begin, 0, limit);
  items.count = std::min(items.count, limit - begin);
  items.begin = array.children[0]->offset + begin;
  return size_of(*array.children[0], *schema.children[0], items);
}

std::int64_t size_of_values(const ArrowArray& array, const ArrowSchema& schema, const Layout& layout, Window rows) {
  switch (layout.form) {
    case Form::bits: return bits(rows.count);
    case Form::fixed: return rows.count * layout.width;
    case Form::text32: return 4 * (rows.count + 1) + items_of<std::int32_t>(array, rows).count;
    case Form::text64: return 8 * (rows.count + 1) + items_of<std::int64_t>(array, rows).count;
    case Form::view: return size_of_views(array, rows);
    case Form::list32: return 4 * (rows.count + 1) + size_of_list(array, schema, items_of<std::int32_t>(array, rows));
    case Form::list64: return 8 * (rows.count + 1) + size_of_list(array, schema, items_of<std::int64_t>(array, rows));
    case Form::fixed_list: return size_of_list(array, schema, {rows.begin * layout.width, rows.count * layout.width});
    case Form::structure: {
      std::int64_t total = 0;
      for (std::int64_t i = 0; i < array.n_children; ++i) {
        total += size_of(*array.children[i], *schema.children[i], {array.children[i]->offset + rows.begin, rows.count});
      }
      return total;
    }
    default: return 0;
  }
}

std::int64_t size_of(const ArrowArray& array, const ArrowSchema& schema, Window rows) {
  const Layout layout = layout_of(schema);
  std::int64_t total = size_of_values(array, schema, layout, rows);
  if (layout.buffers > 0 && array.buffers[0] != nullptr) total += bits(rows.count);
  if (schema.dictionary != nullptr) {
    total += size_of(*array.dictionary, *schema.dictionary, {array.dictionary->offset, array.dictionary->length});
  }
  return total;
}

}  // namespace

std::int64_t size_bytes(const ArrowArray& rows, const ArrowSchema& schema) {
  return size_of(rows, schema, {rows.offset, rows.length});
}

}  // namespace weir::arrow
