// Gathering: a typed loop for each form of column. Values are loaded with memcpy, which costs nothing and makes
// misaligned buffers harmless. Offsets and views that are used as addresses are checked on the way: the O(1) checks of
// a batch don't see them, and a plugin's garbage must not crash the host.
#include "arrow/gather.hpp"

#include <cstring>
#include <limits>
#include <new>
#include <vector>

#include "arrow/bad.hpp"
#include "arrow/gather_column.hpp"
#include "arrow/layout.hpp"

namespace weir::arrow {

using base::Result;

namespace {

template <class Function>
Result<weir::Array> guarded(Function&& function) {
  try {
    return function();
  } catch (const std::bad_alloc&) {
    return base::unexpected(base::make_error(base::Status::resource_exhausted, base::Fault::host, "host.out_of_memory",
                                             "expected memory for a batch, found none")
                                .with_hint("give the pipeline a smaller memory budget, or the machine more memory"));
  }
}

}  // namespace

Result<weir::Array> gather(const ArrowArray& rows, const ArrowSchema& schema, std::span<const std::uint32_t> selected) {
  return guarded(
      [&] { return gather_column({nullptr, &schema}, rows, schema, Selection::of(selected, rows.offset), nullptr); });
}

Result<weir::Array> gather(const SharedArray& rows, const ArrowSchema& schema,
                           std::span<const std::uint32_t> selected) {
  const Selection selection = Selection::of(selected, rows->offset);
  return guarded([&] { return gather_column({nullptr, &schema}, rows.get(), schema, selection, &rows); });
}

Result<weir::Array> gather(const SharedArray& rows, const ArrowSchema& schema, std::span<const std::uint32_t> selected,
                           const Columns& read) {
  if (read.empty()) return gather(rows, schema, selected);
  const Selection selection = Selection::of(selected, rows->offset);
  return guarded([&]() -> Result<weir::Array> {
    std::vector<weir::Array> columns;
    const ColumnPath path{nullptr, &schema};
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
      const ArrowSchema& field = *schema.children[i];
      if (!read[static_cast<std::size_t>(i)] && can_stand_in(field)) {
        columns.push_back(stand_in(field, selection.count));
        continue;
      }
      Selection own = selection;
      own.base += rows->children[i]->offset;
      WEIR_TRY_ASSIGN(auto column, gather_column({&path, &field}, *rows->children[i], field, own, &rows));
      columns.push_back(std::move(column));
    }
    return weir::rows_of(selection.count, std::move(columns));
  });
}

Result<weir::Array> copy(const ArrowArray& rows, const ArrowSchema& schema, std::int64_t from, std::int64_t count) {
  const Selection selection{nullptr, rows.offset + from, count};
  return guarded([&] { return gather_column({nullptr, &schema}, rows, schema, selection, nullptr); });
}

Result<weir::Array> realign(const ArrowArray& rows, const ArrowSchema& schema) {
  return copy(rows, schema, 0, rows.length);
}

bool contiguous(std::span<const std::uint32_t> selected) {
  if (selected.empty()) return true;
  // A run has the right ends; only then it is worth looking at all.
  if (selected.back() - selected.front() != selected.size() - 1 || selected.back() < selected.front()) return false;
  bool gap = false;
  for (std::size_t i = 1; i < selected.size(); ++i) gap |= selected[i] != selected[i - 1] + 1;
  return !gap;
}

Selection Selection::of(std::span<const std::uint32_t> selected, std::int64_t base) {
  const auto count = static_cast<std::int64_t>(selected.size());
  if (!contiguous(selected)) return {selected.data(), base, count};
  return {nullptr, base + (selected.empty() ? 0 : std::int64_t{selected.front()}), count};
}

}  // namespace weir::arrow
