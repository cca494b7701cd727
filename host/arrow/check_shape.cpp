// Checks of batches in time O(columns): on the path of every batch.
#include "arrow/bad.hpp"
#include "arrow/layout.hpp"
#include "arrow/validate.hpp"

namespace weir::arrow {
namespace {

constexpr std::int64_t kMaxRows = (std::int64_t{1} << 31) - 1;
constexpr std::int64_t kMaxItems = std::int64_t{1} << 48;  // no memory holds more: sums of it can't overflow

using Path = ColumnPath;
using base::Result;

Result<void> check_array(const Path& path, const ArrowArray& array, const ArrowSchema& schema, Shape& shape);

Result<void> check_head(const Path& path, const ArrowArray& array, const ArrowSchema& schema, const Layout& layout) {
  if (array.release == nullptr) return bad_batch(path, "expected an array, found one that was released");
  if (array.length < 0 || array.length > kMaxItems)
    return bad_batch(path, expected("a length that is possible", array.length));
  if (array.offset < 0 || array.offset > kMaxItems)
    return bad_batch(path, expected("an offset that is possible", array.offset));
  if (array.null_count < -1 || array.null_count > array.length) {
    return bad_batch(path, expected("-1 to " + std::to_string(array.length) + " nulls", array.null_count));
  }
  const bool enough = layout.form == Form::view ? array.n_buffers >= 3 && array.n_buffers < kMaxRows
                                                : array.n_buffers == layout.buffers;
  if (!enough)
    return bad_batch(
        path, expected(std::to_string(layout.buffers) + " buffers of a " + weir::type_name(schema), array.n_buffers));
  if (array.n_buffers > 0 && array.buffers == nullptr) return bad_batch(path, "expected buffers, found a null pointer");
  if (array.n_children != schema.n_children)
    return bad_batch(path, expected(std::to_string(schema.n_children) + " child arrays", array.n_children));
  if (array.n_children > 0 && array.children == nullptr)
    return bad_batch(path, "expected child arrays, found a null pointer");
  if ((array.dictionary == nullptr) != (schema.dictionary == nullptr)) {
    return bad_batch(
        path, schema.dictionary == nullptr ? "expected no dictionary, found one" : "expected a dictionary, found none");
  }
  return {};
}

// Offsets: the first and the last that count; what is between is for check_full().
template <class Offset>
Result<void> check_ends(const Path& path, const ArrowArray& array, std::int64_t limit, std::string_view of) {
  if (array.offset + array.length == 0 || array.length == 0) return {};
  const std::int64_t first = load<Offset>(array.buffers[1], array.offset);
  const std::int64_t last = load<Offset>(array.buffers[1], array.offset + array.length);
  if (first < 0) return bad_batch(path, expected("a first offset of at least 0", first));
  if (last < first) return bad_batch(path, expected("a last offset of at least " + std::to_string(first), last));
  if (last > limit)
    return bad_batch(path, expected("a last offset of at most " + std::to_string(limit) + std::string(of), last));
  return {};
}

template <class Offset>
Result<void> check_text_column(const Path& path, const ArrowArray& array) {
  WEIR_TRY(check_ends<Offset>(path, array, kMaxItems, ""));
  if (array.length == 0 || array.buffers[2] != nullptr) return {};
  const std::int64_t bytes = load<Offset>(array.buffers[1], array.offset + array.length);
  if (bytes > 0) return bad_batch(path, "expected " + std::to_string(bytes) + " bytes of text, found a null pointer");
  return {};
}

Result<void> check_views(const Path& path, const ArrowArray& array) {
  const std::int64_t data = array.n_buffers - 3;
  if (data == 0) return {};
  const void* sizes = array.buffers[array.n_buffers - 1];
  if (sizes == nullptr) return bad_batch(path, "expected the sizes of its data buffers, found a null pointer");
  for (std::int64_t i = 0; i < data; ++i) {
    const auto size = load<std::int64_t>(sizes, i);
    if (size < 0 || size > kMaxItems)
      return bad_batch(path, expected("a possible size of data buffer " + std::to_string(i), size));
    if (size > 0 && array.buffers[2 + i] == nullptr)
      return bad_batch(path, "expected data buffer " + std::to_string(i) + ", found a null pointer");
  }
  return {};
}

Result<void> check_buffers(const Path& path, const ArrowArray& array, const Layout& layout, Shape& shape) {
  const bool needed = array.offset + array.length > 0;
  if (layout.buffers >= 2 && needed && array.buffers[1] == nullptr)
    return bad_batch(path, "expected values, found a null pointer");
  if (layout.buffers >= 1 && array.null_count > 0 && array.buffers[0] == nullptr) {
    return bad_batch(path,
                     "expected validity bits of " + std::to_string(array.null_count) + " nulls, found a null pointer");
  }
  std::uintptr_t bits = 0;
  for (std::int64_t i = 0; i < array.n_buffers; ++i) bits |= reinterpret_cast<std::uintptr_t>(array.buffers[i]);
  if ((bits & 7U) != 0) shape.aligned = false;
  return {};
}

// The children must hold what the rows refer to.
Result<void> check_lengths(const Path& path, const ArrowArray& array, const Layout& layout) {
  if (layout.form == Form::structure || layout.form == Form::fixed_list) {
    const std::int64_t items = layout.form == Form::structure ? 1 : layout.width;
    const std::int64_t rows = array.offset + array.length;
    if (rows > kMaxItems / items) return bad_batch(path, expected("lists that fit into memory", rows));
    for (std::int64_t i = 0; i < array.n_children; ++i) {
      if (array.children[i]->length < rows * items) {
        return bad_batch({&path, path.field->children[i]},
                         expected(std::to_string(rows * items) + " rows", array.children[i]->length));
      }
    }
  }
  if (layout.form == Form::list32)
    return check_ends<std::int32_t>(path, array, array.children[0]->length, ", the length of its items");
  if (layout.form == Form::list64)
    return check_ends<std::int64_t>(path, array, array.children[0]->length, ", the length of its items");
  if (layout.form == Form::text32) return check_text_column<std::int32_t>(path, array);
  if (layout.form == Form::text64) return check_text_column<std::int64_t>(path, array);
  if (layout.form == Form::view) return check_views(path, array);
  return {};
}

Result<void> check_array(const Path& path, const ArrowArray& array, const ArrowSchema& schema, Shape& shape) {
  const Layout layout = layout_of(schema);
  WEIR_TRY(check_head(path, array, schema, layout));
  WEIR_TRY(check_buffers(path, array, layout, shape));
  for (std::int64_t i = 0; i < array.n_children; ++i) {
    if (array.children[i] == nullptr)
      return bad_batch({&path, schema.children[i]}, "expected a child array, found a null pointer");
    WEIR_TRY(check_array({&path, schema.children[i]}, *array.children[i], *schema.children[i], shape));
  }
  WEIR_TRY(check_lengths(path, array, layout));
  if (schema.dictionary == nullptr) return {};
  return check_array({&path, schema.dictionary}, *array.dictionary, *schema.dictionary, shape);
}

}  // namespace

Result<Shape> check_shape(const ArrowArray& rows, const ArrowSchema& schema) {
  Shape shape;
  const Path path{nullptr, &schema};
  WEIR_TRY(check_array(path, rows, schema, shape));
  if (rows.length > kMaxRows) return bad_batch(path, expected("at most 2^31 - 1 of them", rows.length));
  if (layout_of(schema).form != Form::structure) return shape;
  if (rows.null_count > 0 || (rows.null_count < 0 && rows.buffers[0] != nullptr)) {
    return bad_batch(path, "expected no validity of their own, found some");
  }
  for (std::int64_t i = 0; i < rows.n_children; ++i) {
    const ArrowSchema& field = *schema.children[i];
    const bool nullable = (field.flags & ARROW_FLAG_NULLABLE) != 0;
    if (!nullable && rows.children[i]->null_count > 0 && layout_of(field).form != Form::null) {
      return bad_batch({&path, &field}, expected("no nulls, as its schema says", rows.children[i]->null_count));
    }
  }
  return shape;
}

}  // namespace weir::arrow
