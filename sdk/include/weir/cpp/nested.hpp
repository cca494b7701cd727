// Views over columns that have others in them: lists, structs, maps, dictionaries. What is in them is read with the views
// of its own type; a row that is null has nothing in it that counts.
#pragma once

#include "array.hpp"

namespace weir {

// Items [begin, end) of a list.
struct Items {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t count() const { return end - begin; }
};

// A column of lists with 32 or 64 bit offsets (list: int32_t; large list: int64_t). A view over items() is asked for the
// numbers of an Items as they are.
template <class Offset>
class ListsColumn {
 public:
  explicit ListsColumn(const ArrowArray& column, std::int64_t outer = 0)
      : validity_(column, outer),
        offsets_(static_cast<const Offset*>(column.buffers[1]) + column.offset + outer),
        items_(column.children[0]) {}
  bool valid(std::int64_t row) const { return validity_.valid(row); }
  Items operator[](std::int64_t row) const { return {offsets_[row], offsets_[row + 1]}; }
  const ArrowArray& items() const { return *items_; }
  const Validity& validity() const { return validity_; }

 private:
  Validity validity_;
  const Offset* offsets_;
  const ArrowArray* items_;
};

using ListColumn = ListsColumn<std::int32_t>;
using LargeListColumn = ListsColumn<std::int64_t>;

// A column of lists of `width` items each (TypeInfo::width).
class FixedListColumn {
 public:
  FixedListColumn(const ArrowArray& column, std::int32_t width, std::int64_t outer = 0)
      : validity_(column, outer), first_(column.offset + outer), width_(width), items_(column.children[0]) {}
  bool valid(std::int64_t row) const { return validity_.valid(row); }
  Items operator[](std::int64_t row) const { return {(first_ + row) * width_, (first_ + row + 1) * width_}; }
  const ArrowArray& items() const { return *items_; }
  const Validity& validity() const { return validity_; }

 private:
  Validity validity_;
  std::int64_t first_;
  std::int64_t width_;
  const ArrowArray* items_;
};

// A column of structs. Views over its fields count as it does, if they are given outer().
class StructColumn {
 public:
  explicit StructColumn(const ArrowArray& column, std::int64_t outer = 0)
      : validity_(column, outer), column_(&column), outer_(column.offset + outer) {}
  bool valid(std::int64_t row) const { return validity_.valid(row); }
  std::int64_t count() const { return column_->n_children; }  // of fields
  const ArrowArray& field(std::int64_t i) const { return *column_->children[i]; }
  std::int64_t outer() const { return outer_; }
  const Validity& validity() const { return validity_; }

 private:
  Validity validity_;
  const ArrowArray* column_;
  std::int64_t outer_;
};

// A column of maps: lists of keys and values, in order. Views over keys() and values() are given outer().
class MapColumn {
 public:
  explicit MapColumn(const ArrowArray& column, std::int64_t outer = 0) : lists_(column, outer) {}
  bool valid(std::int64_t row) const { return lists_.valid(row); }
  Items operator[](std::int64_t row) const { return lists_[row]; }
  const ArrowArray& keys() const { return *lists_.items().children[0]; }
  const ArrowArray& values() const { return *lists_.items().children[1]; }
  std::int64_t outer() const { return lists_.items().offset; }
  const Validity& validity() const { return lists_.validity(); }

 private:
  ListColumn lists_;
};

// A column whose values stand in a dictionary. `index`: the type of the field itself, an integer.
class DictionaryColumn {
 public:
  DictionaryColumn(const ArrowArray& column, Type index, std::int64_t outer = 0)
      : validity_(column, outer),
        indices_(column.buffers[1]),
        first_(column.offset + outer),
        type_(index),
        values_(column.dictionary) {}
  bool valid(std::int64_t row) const { return validity_.valid(row); }
  // The row of values() that the value stands in.
  std::int64_t operator[](std::int64_t row) const {
    switch (type_) {
      case Type::int8: return at<std::int8_t>(row);
      case Type::uint8: return at<std::uint8_t>(row);
      case Type::int16: return at<std::int16_t>(row);
      case Type::uint16: return at<std::uint16_t>(row);
      case Type::int32: return at<std::int32_t>(row);
      case Type::uint32: return at<std::uint32_t>(row);
      default: return at<std::int64_t>(row);
    }
  }
  const ArrowArray& values() const { return *values_; }
  const Validity& validity() const { return validity_; }

 private:
  template <class T>
  std::int64_t at(std::int64_t row) const {
    return static_cast<const T*>(indices_)[first_ + row];
  }
  Validity validity_;
  const void* indices_;
  std::int64_t first_;
  Type type_;
  const ArrowArray* values_;
};

}  // namespace weir
