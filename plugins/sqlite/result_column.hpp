// ResultColumn: one column of a batch that is made from the values of a result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <weir/weir.hpp>

#include "value.hpp"

namespace weir::sqlite {

// Collects the values of up to `capacity` rows. A row may be put anew as long as none behind it was: so one whose values
// don't all fit is left out by putting the next in its place. Allocates once a batch, but for texts. Threads: one caller
// at a time.
class ResultColumn {
 public:
  // A type of source_field(); precondition: the field outlives the column.
  ResultColumn(const ArrowSchema& field, std::size_t capacity);

  void begin();
  // Puts row `row`, which is the one behind the last or that one again. Gives null, or a constant reason why the value is
  // not of the column's type; then the row is to be left out.
  const char* put(std::size_t row, const Value& value);
  // Gives the first `rows` of what was put; begin() comes before the next put().
  Array finish(std::size_t rows);
  // Bytes of the values of `rows` rows.
  std::size_t size_bytes(std::size_t rows) const;

  const std::string& name() const { return name_; }
  const std::string& type() const { return type_; }  // for messages: "int64"

 private:
  const char* put_value(std::size_t row, const Value& value);
  const char* put_text(const Value& value);
  const char* put_bytes(const Value& value);
  const char* put_boolean(std::size_t row, const Value& value);
  const char* put_decimal(std::size_t row, const Value& value);
  const char* put_moment(std::size_t row, const Value& value);
  template <class T>
  const char* set(std::size_t row, T value);
  const char* append(std::string_view bytes);
  void end_bytes(std::size_t row);

  std::string name_, type_;
  TypeInfo info_;
  std::size_t capacity_;
  std::size_t width_;            // bytes of a value in values_; 0: bits, or none
  Buffer values_;                // or the offsets of texts
  Buffer valid_;                 // bits
  Buffer data_;                  // of texts
  std::size_t usual_bytes_ = 0;  // of texts, in the batch before
};

}  // namespace weir::sqlite
