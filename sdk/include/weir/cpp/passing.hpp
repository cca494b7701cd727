// Passing rows on whose columns were replaced or added, some rows perhaps left out: what a transformer needs when select()
// is not enough. Columns that stay are moved or shared, never copied, unless rows are left out.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "builder.hpp"
#include "context.hpp"

namespace weir {

namespace detail {

// A struct of an array's own, put together from columns that were moved out of others.
struct ColumnsOwner {
  std::vector<ArrowArray> columns;
  std::vector<ArrowArray*> pointers;
  const void* validity[1] = {nullptr};
};

inline void release_columns(ArrowArray* array) {
  auto* owner = static_cast<ColumnsOwner*>(array->private_data);
  for (auto& column : owner->columns) {
    if (column.release != nullptr) column.release(&column);
  }
  delete owner;
  array->release = nullptr;
}

inline Array columns_together(std::int64_t length, std::unique_ptr<ColumnsOwner> owner) {
  for (auto& column : owner->columns) owner->pointers.push_back(&column);
  ArrowArray raw{};
  raw.length = length;
  raw.n_buffers = 1;
  raw.buffers = owner->validity;
  raw.n_children = static_cast<std::int64_t>(owner->columns.size());
  raw.children = owner->pointers.empty() ? nullptr : owner->pointers.data();
  raw.release = release_columns;
  raw.private_data = owner.release();
  return Array(&raw);
}

// The same array, held by many: each copy releases one share, and the last frees it.
using Share = std::shared_ptr<Array>;

inline void release_share(ArrowArray* array) {
  delete static_cast<Share*>(array->private_data);
  array->release = nullptr;
}

// Rows [first, first + length) of `rows`.
inline Array slice_of(const Share& rows, std::int64_t first, std::int64_t length) {
  auto owner = std::make_unique<ColumnsOwner>();
  for (std::int64_t i = 0; i < rows->get().n_children; ++i) {
    ArrowArray column = *rows->get().children[i];
    column.private_data = new Share(rows);
    column.release = release_share;
    column.offset += first;
    column.length = length;
    if (column.null_count != 0) column.null_count = -1;
    owner->columns.push_back(column);
  }
  return columns_together(length, std::move(owner));
}

inline bool is_flat(const ArrowSchema& field) {
  if (field.dictionary != nullptr) return false;
  const TypeInfo info = type_of(field);
  switch (info.type) {
    case Type::null:
    case Type::boolean:
    case Type::utf8:
    case Type::binary:
    case Type::large_utf8:
    case Type::large_binary: return true;
    default: return value_width(info) > 0;
  }
}

using RowNumbers = std::vector<std::uint32_t>;

template <class Column, class Builder>
Array gather_bytes(const ArrowArray& from, const RowNumbers& rows) {
  const Column column(from);
  Builder builder;
  for (const std::uint32_t row : rows) {
    if (column.valid(row)) {
      builder.append(column[row]);
    } else {
      builder.append_null();
    }
  }
  return builder.finish();
}

inline Array gather_booleans(const ArrowArray& from, const RowNumbers& rows) {
  const BooleanColumn column(from);
  BooleanBuilder builder;
  for (const std::uint32_t row : rows) {
    if (column.valid(row)) {
      builder.append(column[row]);
    } else {
      builder.append_null();
    }
  }
  return builder.finish();
}

template <std::size_t kWidth>
void copy_values(const char* from, const RowNumbers& rows, char* to) {
  for (const std::uint32_t row : rows) {
    std::memcpy(to, from + kWidth * row, kWidth);
    to += kWidth;
  }
}

inline Array gather_fixed(const ArrowArray& from, std::size_t width, const RowNumbers& rows) {
  std::vector<Buffer> buffers(2);
  buffers[1].resize(width * rows.size());
  const char* values = static_cast<const char*>(from.buffers[1]) + width * static_cast<std::size_t>(from.offset);
  auto* to = reinterpret_cast<char*>(buffers[1].data());
  switch (width) {
    case 1: copy_values<1>(values, rows, to); break;
    case 2: copy_values<2>(values, rows, to); break;
    case 4: copy_values<4>(values, rows, to); break;
    case 8: copy_values<8>(values, rows, to); break;
    case 16: copy_values<16>(values, rows, to); break;
    default:
      for (std::size_t i = 0; i < rows.size(); ++i) std::memcpy(to + width * i, values + width * rows[i], width);
  }
  ValidityBuilder kept;
  const Validity validity(from);
  if (!validity.all()) {
    for (const std::uint32_t row : rows) {
      if (validity.valid(row)) {
        kept.append_valid();
      } else {
        kept.append_null();
      }
    }
  }
  const std::int64_t nulls = kept.null_count();
  buffers[0] = kept.finish();
  return make_array(static_cast<std::int64_t>(rows.size()), nulls, std::move(buffers));
}

inline Array gather(const ArrowSchema& field, const ArrowArray& from, const RowNumbers& rows) {
  const TypeInfo info = type_of(field);
  switch (info.type) {
    case Type::boolean: return gather_booleans(from, rows);
    case Type::utf8:
    case Type::binary: return gather_bytes<TextColumn, TextBuilder>(from, rows);
    case Type::large_utf8:
    case Type::large_binary: return gather_bytes<LargeTextColumn, LargeTextBuilder>(from, rows);
    case Type::null:
      return make_array(static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows.size()), {});
    default: return gather_fixed(from, static_cast<std::size_t>(value_width(info)), rows);
  }
}

inline Array origins_of(const RowNumbers& rows) {
  std::vector<Buffer> buffers(2);
  buffers[1].append(rows.data(), sizeof(std::uint32_t) * rows.size());
  return make_array(static_cast<std::int64_t>(rows.size()), 0, std::move(buffers));
}

inline RowNumbers range(std::int64_t first, std::int64_t end) {
  RowNumbers rows;
  for (; first < end; ++first) rows.push_back(static_cast<std::uint32_t>(first));
  return rows;
}

inline void push_gathered(const Next& next, const ArrowSchema& schema, const ArrowArray& rows, const RowNumbers& good) {
  std::vector<Array> columns;
  for (std::int64_t i = 0; i < schema.n_children; ++i)
    columns.push_back(gather(*schema.children[i], *rows.children[i], good));
  next.push(rows_of(static_cast<std::int64_t>(good.size()), std::move(columns)), 0, origins_of(good));
}

inline bool is_set(std::span<const std::uint64_t> bits, std::int64_t row) {
  return (bits[static_cast<std::size_t>(row) / 64] >> (static_cast<std::uint64_t>(row) % 64) & 1U) != 0;
}

inline void push_slices(const Next& next, Array rows, std::span<const std::uint64_t> without) {
  const std::int64_t length = rows->length;
  const auto shared = std::make_shared<Array>(std::move(rows));
  for (std::int64_t first = 0; first < length;) {
    std::int64_t end = first;
    while (end < length && !is_set(without, end)) ++end;
    if (end > first) next.push(slice_of(shared, first, end - first), 0, origins_of(range(first, end)));
    first = end + 1;
  }
}

}  // namespace detail

// Moves column i out of rows, as long as they are; each once. Nothing is copied.
inline Array take_column(Array& rows, std::int64_t i) {
  // A child may be moved out of its parent; what the parent's slice said goes with it.
  ArrowArray column = std::exchange(*rows->children[i], ArrowArray{});
  if (column.length != rows->length || rows->offset != 0) {
    if (column.null_count != 0) column.null_count = -1;
    column.offset += rows->offset;
    column.length = rows->length;
  }
  return Array(&column);
}

// The rows with `columns[i]` in the place of column i, where that is not empty; columns beyond are added at the end. Takes
// all of them. All have rows->length rows, and are not sliced.
inline Array with_columns(Array rows, std::vector<Array> columns) {
  const std::int64_t length = rows->length;
  auto owner = std::make_unique<detail::ColumnsOwner>();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].empty()) {
      owner->columns.push_back(columns[i].release());
      continue;
    }
    owner->columns.push_back(take_column(rows, static_cast<std::int64_t>(i)).release());
  }
  return detail::columns_together(length, std::move(owner));
}

// A second owner of column i of rows that many share: its memory lives as long as any of them.
inline Array shared_column(const std::shared_ptr<Array>& rows, std::int64_t i) {
  ArrowArray column = *rows->get().children[i];
  column.offset += rows->get().offset;
  column.length = rows->get().length;
  if (column.null_count != 0) column.null_count = -1;
  column.private_data = new std::shared_ptr<Array>(rows);
  column.release = detail::release_share;
  return Array(&column);
}

// Pushes `rows`, of `schema` and as long as the batch in hand, not sliced, without those whose bit is set in `without` (empty:
// with all). Where rows are left out, flat columns are gathered; if a column is nested, a view or a dictionary, runs of
// rows are pushed as slices. Their origins are told then; else the host knows them by traits.keeps_rows.
inline void push_without(const Next& next, const ArrowSchema& schema, Array rows,
                         std::span<const std::uint64_t> without) {
  if (without.empty()) return next.push(std::move(rows));
  const bool flat = std::all_of(schema.children, schema.children + schema.n_children,
                                [](const ArrowSchema* field) { return detail::is_flat(*field); });
  if (!flat) return detail::push_slices(next, std::move(rows), without);
  detail::RowNumbers good;
  good.reserve(static_cast<std::size_t>(rows->length));
  for (std::int64_t row = 0; row < rows->length; ++row) {
    if (!detail::is_set(without, row)) good.push_back(static_cast<std::uint32_t>(row));
  }
  if (!good.empty()) detail::push_gathered(next, schema, rows.get(), good);
}

}  // namespace weir
