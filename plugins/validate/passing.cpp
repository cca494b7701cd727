// Gathering of good rows: copied where every column is flat, else passed on as slices that share the memory.
#include "passing.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace weir::validate {
namespace {

// A struct of an array's own, put together from columns that were moved out of others.
struct Owner {
  std::vector<ArrowArray> columns;
  std::vector<ArrowArray*> pointers;
  const void* validity[1] = {nullptr};
};

void release_owner(ArrowArray* array) {
  auto* owner = static_cast<Owner*>(array->private_data);
  for (auto& column : owner->columns) {
    if (column.release != nullptr) column.release(&column);
  }
  delete owner;
  array->release = nullptr;
}

Array make_rows(std::int64_t length, std::unique_ptr<Owner> owner) {
  for (auto& column : owner->columns) owner->pointers.push_back(&column);
  ArrowArray raw{};
  raw.length = length;
  raw.n_buffers = 1;
  raw.buffers = owner->validity;
  raw.n_children = static_cast<std::int64_t>(owner->columns.size());
  raw.children = owner->pointers.empty() ? nullptr : owner->pointers.data();
  raw.release = release_owner;
  raw.private_data = owner.release();
  return Array(&raw);
}

// The same array, held by many: each copy releases one share, and the last frees it.
using Share = std::shared_ptr<Array>;

void release_share(ArrowArray* array) {
  delete static_cast<Share*>(array->private_data);
  array->release = nullptr;
}

// Rows [first, first + length) of `rows`.
Array slice_of(const Share& rows, std::int64_t first, std::int64_t length) {
  auto owner = std::make_unique<Owner>();
  for (std::int64_t i = 0; i < rows->get().n_children; ++i) {
    ArrowArray column = *rows->get().children[i];
    column.private_data = new Share(rows);
    column.release = release_share;
    column.offset += first;
    column.length = length;
    if (column.null_count != 0) column.null_count = -1;
    owner->columns.push_back(column);
  }
  return make_rows(length, std::move(owner));
}

bool is_flat(const ArrowSchema& field) {
  if (field.dictionary != nullptr) return false;
  const TypeInfo info = type_of(field);
  switch (info.type) {
    case Type::null: case Type::boolean: case Type::utf8: case Type::binary: case Type::large_utf8: case Type::large_binary: return true;
    default: return value_width(info) > 0;
  }
}

using Rows = std::vector<std::uint32_t>;

template <class Column, class Builder>
Array gather_bytes(const ArrowArray& from, const Rows& rows) {
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

Array gather_booleans(const ArrowArray& from, const Rows& rows) {
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
void copy_values(const char* from, const Rows& rows, char* to) {
  for (const std::uint32_t row : rows) {
    std::memcpy(to, from + kWidth * row, kWidth);
    to += kWidth;
  }
}

Array gather_fixed(const ArrowArray& from, std::size_t width, const Rows& rows) {
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

Array gather(const ArrowSchema& field, const ArrowArray& from, const Rows& rows) {
  const TypeInfo info = type_of(field);
  switch (info.type) {
    case Type::boolean: return gather_booleans(from, rows);
    case Type::utf8: case Type::binary: return gather_bytes<TextColumn, TextBuilder>(from, rows);
    case Type::large_utf8: case Type::large_binary: return gather_bytes<LargeTextColumn, LargeTextBuilder>(from, rows);
    case Type::null: return make_array(static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows.size()), {});
    default: return gather_fixed(from, static_cast<std::size_t>(value_width(info)), rows);
  }
}

Array origins_of(const Rows& rows) {
  std::vector<Buffer> buffers(2);
  buffers[1].append(rows.data(), sizeof(std::uint32_t) * rows.size());
  return make_array(static_cast<std::int64_t>(rows.size()), 0, std::move(buffers));
}

Rows range(std::int64_t first, std::int64_t end) {
  Rows rows;
  for (; first < end; ++first) rows.push_back(static_cast<std::uint32_t>(first));
  return rows;
}

void push_gathered(const Next& next, const ArrowSchema& schema, const ArrowArray& rows, const Rows& good) {
  std::vector<Array> columns;
  for (std::int64_t i = 0; i < schema.n_children; ++i) columns.push_back(gather(*schema.children[i], *rows.children[i], good));
  next.push(rows_of(static_cast<std::int64_t>(good.size()), std::move(columns)), 0, origins_of(good));
}

void push_slices(const Next& next, Array rows, const Findings& findings) {
  const auto shared = std::make_shared<Array>(std::move(rows));
  for (std::int64_t first = 0; first < findings.rows();) {
    std::int64_t end = first;
    while (end < findings.rows() && !findings.has(end)) ++end;
    if (end > first) next.push(slice_of(shared, first, end - first), 0, origins_of(range(first, end)));
    first = end + 1;
  }
}

}  // namespace

Array with_columns(Batch& batch, std::vector<Array> converted) {
  Array rows = batch.take();
  const std::int64_t length = rows->length, outer = rows->offset;
  auto owner = std::make_unique<Owner>();
  for (std::size_t i = 0; i < converted.size(); ++i) {
    if (!converted[i].empty()) {
      owner->columns.push_back(converted[i].release());
      continue;
    }
    // A child may be moved out of its parent; what the parent's slice said goes with it.
    ArrowArray column = std::exchange(*rows->children[i], ArrowArray{});
    if (column.length != length || outer != 0) {
      if (column.null_count != 0) column.null_count = -1;
      column.offset += outer;
      column.length = length;
    }
    owner->columns.push_back(column);
  }
  return make_rows(length, std::move(owner));
}

void push_good(const Next& next, const ArrowSchema& schema, Array rows, const Findings& findings) {
  if (findings.empty()) return next.push(std::move(rows), 0, origins_of(range(0, findings.rows())));
  if (static_cast<std::int64_t>(findings.list().size()) == findings.rows()) return;
  const bool flat = std::all_of(schema.children, schema.children + schema.n_children, [](const ArrowSchema* field) { return is_flat(*field); });
  if (!flat) return push_slices(next, std::move(rows), findings);
  Rows good;
  good.reserve(static_cast<std::size_t>(findings.rows()) - findings.list().size());
  for (std::int64_t row = 0; row < findings.rows(); ++row) {
    if (!findings.has(row)) good.push_back(static_cast<std::uint32_t>(row));
  }
  push_gathered(next, schema, rows.get(), good);
}

}  // namespace weir::validate
