// Leaves of a typed tree: columns and constants.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "operation.hpp"

namespace weir::expr {

// Column `index` of the frame, whose field is `field`.
std::unique_ptr<const Operation> column_operation(const ArrowSchema& field, std::int64_t index);

// The same value in every row.
std::unique_ptr<const Operation> constant_operation(ValueType type, Constant value);
inline std::unique_ptr<const Operation> null_of(ValueType type) {
  return constant_operation(std::move(type), {.null = true});
}

// `column is null` (negated: is not null), for a column of any type; its values are not loaded.
std::unique_ptr<const Operation> column_is_null(const ArrowSchema& field, std::int64_t index, bool negated);

// Rows of the chunk whose value in column `index` is not null, but for those that a dictionary's own nulls make so.
// Returns true if all are, and leaves `valid` alone.
bool load_validity(const Frame& frame, std::int64_t index, Bits& valid);

// A column whose values kernels may read as they stand, without a copy: fixed width, no dictionary. `type` is its Arrow
// type.
struct RawColumn {
  std::int64_t index = -1;
  Type type = Type::unknown;
};

// The raw column behind `operation`; index -1 if it is something else.
RawColumn raw_column_of(const Operation& operation);

// The index of the utf8 column behind `operation` (32 bit offsets, no dictionary); -1: it is something else.
std::int64_t utf8_column_of(const Operation& operation);

// Loads `count` values of an array of type `field`, which has no dictionary, those in the rows `indices` (without its own
// offset); texts only where `wanted` says so. Nulls are not looked at.
void load_at(const ArrowSchema& field, const ArrowArray& array, const std::int64_t* indices, const Bits& wanted,
             int count, Vector& out);

// The first value of the chunk in a fixed-width column.
template <class T>
const T* raw_values(const Frame& frame, std::int64_t index) {
  const ColumnData& column = frame.columns[static_cast<std::size_t>(index)];
  return static_cast<const T*>(column.array->buffers[1]) + column.array->offset + column.outer + frame.begin;
}

// The field under another name.
inline Schema renamed(const ArrowSchema& field, const std::string& name) {
  ArrowSchema named = field;
  named.name = name.c_str();
  return Schema::copy_of(named);
}

}  // namespace weir::expr
