// Column: gives the cells of one Arrow column as values that SQLite can hold, batch after batch.
#pragma once

#include <weir/weir.hpp>

#include <memory>
#include <string>
#include <vector>

#include "text.hpp"
#include "value.hpp"

namespace weir::sqlite {

// How cells of a type are kept, and the type that a table made by us declares for them. Empty: no declared type. A decimal
// is text, and says so: DECIMAL_TEXT(10,2) has the affinity of TEXT for SQLite, and its digits for who reads it back; so is JSON
// in JSON_TEXT.
std::string declared_type(const ArrowSchema& field);

// Reads one column. Made once for a schema, attached to each batch. Threads: one caller at a time.
class Column {
 public:
  // Precondition: `field` outlives the column. Throws a Failure for a type that can't be kept.
  explicit Column(const ArrowSchema& field);

  // Reads from `array` from now on; it must live as long as values are asked for. `outer` is the offset of the rows.
  void attach(const ArrowArray& array, std::int64_t outer);
  // The cell of a row. What it points to is valid until the next call, or until the batch is gone.
  Value at(std::int64_t row);
  bool is_null(std::int64_t row) const { return !valid(row); }
  // What kind of value cells have that are not null.
  Value::Kind kind() const;

 private:
  bool valid(std::int64_t row) const;
  template <class T>
  T number(std::int64_t row) const;
  template <class Offset>
  std::string_view bytes(std::int64_t row) const;
  std::string_view view(std::int64_t row) const;
  Value number_at(std::int64_t row);
  Value text_at(std::int64_t row);
  Value real(double value) const;
  std::int64_t ticks(std::int64_t row) const;
  std::int64_t index(std::int64_t row) const;
  char* write_interval_at(char* to, std::int64_t row) const;

  const ArrowSchema* field_;
  TypeInfo info_;
  text::Spelling spelling_;
  const ArrowArray* array_ = nullptr;
  std::int64_t offset_ = 0;
  const std::uint8_t* validity_ = nullptr;
  const void* values_ = nullptr;
  std::unique_ptr<Column> dictionary_;
  std::string json_;
  char text_[kMaxText];
};

}  // namespace weir::sqlite
