// Gathering of columns: nulls, nested types, dictionaries, and putting the result together.
#include "arrow/gather_column.hpp"

#include <limits>

#include "arrow/layout.hpp"

namespace weir::arrow {
namespace {

using base::Result;

// What is gathered, and from what.
struct Work {
  const ColumnPath& path;
  const ArrowArray& array;
  const ArrowSchema& schema;
  const Layout& layout;
  const Selection& selection;
  const SharedArray* shared;
};

Result<void> add_child(const Work& work, std::int64_t i, const Selection& selection, Parts& parts) {
  const ArrowSchema& field = *work.schema.children[i];
  WEIR_TRY_ASSIGN(weir::Array child,
                  gather_column({&work.path, &field}, *work.array.children[i], field, selection, work.shared));
  parts.children.push_back(std::move(child));
  return {};
}

// Item numbers that don't fit into a selection's 32 bits: no such batch can be made by what weir calls a batch.
base::Unexpected too_many_items(const ColumnPath& path) {
  return base::unexpected(base::make_error(base::Status::resource_exhausted, base::Fault::data, "data.batch_too_large",
                                           path.prefix() + "expected at most 2^32 items in a batch, found more")
                              .with_hint("make batches smaller"));
}

template <class Offset>
Result<void> gather_list(const Work& work, Parts& parts) {
  const ArrowArray& items = *work.array.children[0];
  const Selection& selection = work.selection;
  weir::Buffer offsets;
  WEIR_TRY_ASSIGN(const std::int64_t total,
                  gather_offsets<Offset>(work.path, work.array, selection, items.length, offsets));
  parts.buffers.push_back(std::move(offsets));
  if (total == 0) return add_child(work, 0, {nullptr, items.offset, 0}, parts);
  if (selection.rows == nullptr) {
    const auto first = std::int64_t{load<Offset>(work.array.buffers[1], selection.base)};
    return add_child(work, 0, {nullptr, items.offset + first, total}, parts);
  }
  if (items.length > std::numeric_limits<std::uint32_t>::max()) return too_many_items(work.path);
  std::vector<std::uint32_t> numbers;
  numbers.reserve(static_cast<std::size_t>(total));
  for (std::int64_t i = 0; i < selection.count; ++i) {
    const std::int64_t row = selection.row(i);
    const std::int64_t end = load<Offset>(work.array.buffers[1], row + 1);
    for (std::int64_t item = load<Offset>(work.array.buffers[1], row); item < end; ++item)
      numbers.push_back(static_cast<std::uint32_t>(item));
  }
  return add_child(work, 0, Selection::of(numbers, items.offset), parts);
}

Result<void> gather_fixed_list(const Work& work, Parts& parts) {
  const std::int64_t width = work.layout.width, offset = work.array.children[0]->offset;
  const Selection& selection = work.selection;
  if (selection.rows == nullptr)
    return add_child(work, 0, {nullptr, offset + selection.base * width, selection.count * width}, parts);
  std::vector<std::uint32_t> numbers;
  numbers.reserve(static_cast<std::size_t>(selection.count * width));
  for (std::int64_t i = 0; i < selection.count; ++i) {
    for (std::int64_t item = 0; item < width; ++item) {
      const std::int64_t number = std::int64_t{selection.rows[i]} * width + item;
      if (number > std::numeric_limits<std::uint32_t>::max()) return too_many_items(work.path);
      numbers.push_back(static_cast<std::uint32_t>(number));
    }
  }
  return add_child(work, 0, {numbers.data(), offset + selection.base * width, selection.count * width}, parts);
}

Result<void> gather_structure(const Work& work, Parts& parts) {
  for (std::int64_t i = 0; i < work.array.n_children; ++i) {
    Selection selection = work.selection;
    selection.base += work.array.children[i]->offset;
    WEIR_TRY(add_child(work, i, selection, parts));
  }
  return {};
}

Result<void> gather_values(const Work& work, const std::uint8_t* validity, Parts& parts) {
  switch (work.layout.form) {
    case Form::bits:
      parts.buffers.push_back(gather_bits(static_cast<const std::uint8_t*>(work.array.buffers[1]), work.selection));
      return {};
    case Form::fixed:
      parts.buffers.push_back(gather_fixed(work.array.buffers[1], work.layout.width, work.selection));
      return {};
    case Form::text32: return gather_text32(work.path, work.array, work.selection, parts);
    case Form::text64: return gather_text64(work.path, work.array, work.selection, parts);
    case Form::view: return gather_views(work.path, work.array, validity, work.selection, parts);
    case Form::list32: return gather_list<std::int32_t>(work, parts);
    case Form::list64: return gather_list<std::int64_t>(work, parts);
    case Form::fixed_list: return gather_fixed_list(work, parts);
    case Form::structure: return gather_structure(work, parts);
    default: return {};
  }
}

Result<void> gather_dictionary(const Work& work, Parts& parts) {
  const ArrowArray& dictionary = *work.array.dictionary;
  if (work.shared != nullptr) {
    parts.dictionary = work.shared->view_of(dictionary);
    return {};
  }
  const ColumnPath path{&work.path, work.schema.dictionary};
  const Selection all{nullptr, dictionary.offset, dictionary.length};
  WEIR_TRY_ASSIGN(parts.dictionary, gather_column(path, dictionary, *work.schema.dictionary, all, nullptr));
  return {};
}

}  // namespace

Result<weir::Array> gather_column(const ColumnPath& path, const ArrowArray& array, const ArrowSchema& schema,
                                  const Selection& selection, const SharedArray* shared) {
  const Layout layout = layout_of(schema);
  const Work work{path, array, schema, layout, selection, shared};
  Parts parts;
  parts.length = selection.count;
  const std::uint8_t* validity = validity_of(array, layout);
  if (layout.buffers > 0) parts.buffers.emplace_back();
  if (validity != nullptr && selection.count > 0) {
    weir::Buffer bits = gather_bits(validity, selection);
    parts.null_count = count_clear_bits(bits.data(), 0, selection.count);
    if (parts.null_count > 0) parts.buffers[0] = std::move(bits);
  }
  if (layout.form == Form::null) parts.null_count = selection.count;
  WEIR_TRY(gather_values(work, validity, parts));
  if (array.dictionary != nullptr) WEIR_TRY(gather_dictionary(work, parts));
  return weir::make_array(std::move(parts));
}

}  // namespace weir::arrow
