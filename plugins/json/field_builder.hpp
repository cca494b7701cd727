// The values of a field as they are collected: builders that can take back what they got, for a record may turn out bad.
#pragma once

#include <cstdint>
#include <vector>

#include "field.hpp"

namespace weir::json {

// Which values are null; costs nothing until the first null.
class Nulls {
 public:
  void add_valid(std::int64_t row) {
    if (count_ > 0) set(row, true);
  }
  void add_null(std::int64_t row);
  // Takes back the rows from `to` up to `from`.
  void cut(std::int64_t from, std::int64_t to);
  std::int64_t count() const { return count_; }
  // Gives the bits (empty if nothing is null) and begins anew.
  Buffer finish();

 private:
  void set(std::int64_t row, bool valid);

  Buffer bits_;
  std::int64_t count_ = 0;
};

// A tree like the field's. `rows` may be ahead of the parent's by the value of the record in hand.
class FieldBuilder {
 public:
  explicit FieldBuilder(const Field& field);

  const Field& field() const { return *field_; }
  std::int64_t rows() const { return rows_; }
  std::vector<FieldBuilder>& children() { return children_; }

  void add_null();
  template <class T>
  void add(T value) {
    if (values_.capacity() - values_.size() < sizeof(T)) values_.reserve(values_.size() + sizeof(T) + 1024);
    const std::size_t at = values_.size();
    values_.resize(at + sizeof(T));
    std::memcpy(values_.data() + at, &value, sizeof(T));
    add_valid();
  }
  void add_boolean(bool value);
  // Text goes to data() first; end_text() makes it a value. The same for lists, whose items go to the child.
  Buffer& data() { return data_; }
  void end_text() { add_offset(data_.size()); }
  void end_list() { add_offset(static_cast<std::size_t>(children_[0].rows_)); }
  void end_object() { add_valid(); }

  // Makes room for about as much as the last batch had, at most `most` bytes a buffer: what grows by itself has up to twice the
  // memory that it needs.
  void reserve(std::size_t most);
  // Takes back what came behind the first `rows` values, also what of a value has not ended.
  void cut(std::int64_t rows);
  // Gives the array and begins anew.
  Array finish();

 private:
  void add_valid() { nulls_.add_valid(rows_++); }
  void put_offset(std::size_t end);
  void add_offset(std::size_t end) {
    put_offset(end);
    add_valid();
  }
  std::size_t offset(std::int64_t row);

  const Field* field_;
  std::size_t width_ = 0;  // bytes of a value in values_; 0: bits, offsets, or none
  std::int64_t rows_ = 0;
  Nulls nulls_;
  Buffer values_;  // values, bits, or offsets
  Buffer data_;    // text
  std::vector<FieldBuilder> children_;
};

}  // namespace weir::json
