// Record and DatasetSnapshot: rows as an embedding program sees them. Both are views over the batches that went through the
// chain, which the snapshot keeps alive: no value is copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.h>

namespace weir::api {

// A column of a snapshot. A value.
struct ColumnInfo {
  std::string name;
  std::string type;  // in words: "int64", "decimal(10,2)", "list<string?>"
  bool nullable = true;
};

// One row. As valid as its snapshot. `column` is below size(). Threads: [any].
class Record {
 public:
  // `rows` and `schema` are lent, of a struct array that was checked; 0 <= row < rows.length.
  Record(const ArrowArray& rows, const ArrowSchema& schema, std::int64_t row)
      : rows_(&rows), schema_(&schema), row_(row) {}

  // Columns; the name of one.
  std::size_t size() const { return static_cast<std::size_t>(schema_->n_children); }
  std::string_view name(std::size_t column) const { return schema_->children[column]->name; }
  // The number of a column; none: there is none of that name.
  std::optional<std::size_t> find(std::string_view name) const;

  // Whether the value is null.
  bool is_null(std::size_t column) const;
  // The value; none if it is null or of a type that does not give such a value exactly.
  std::optional<bool> boolean(std::size_t column) const;
  std::optional<std::int64_t> integer(std::size_t column) const;   // of any integer type, as far as it fits
  std::optional<double> real(std::size_t column) const;            // of float, double, and any integer that fits
  std::optional<std::string_view> text(std::size_t column) const;  // of text and bytes; as valid as the snapshot
  // Any value as JSON, exactly: numbers with all digits, times as ISO 8601, bytes as base64, nested values nested.
  std::string json(std::size_t column) const;
  // The whole row as a JSON object on one line.
  std::string json() const;

 private:
  const ArrowArray* rows_;
  const ArrowSchema* schema_;
  std::int64_t row_;
};

// Rows that left a chain, and when. Copying shares them. Threads: [any].
class DatasetSnapshot {
 public:
  // Rows of one schema, owned together. Made by Pipeline::snapshot().
  struct Rows;
  explicit DatasetSnapshot(std::shared_ptr<const Rows> rows) : rows_(std::move(rows)) {}

  // What is held, as long as a copy of the snapshot is there.
  std::uint64_t total_count() const;   // rows that are held
  bool complete() const;               // whether these are all rows that there were
  std::int64_t taken_unix_ns() const;  // when the last row had come
  const std::vector<ColumnInfo>& columns() const;

  // For those who take columns rather than rows. Lent; i < batch_count().
  const ArrowSchema& schema() const;
  std::size_t batch_count() const;
  const ArrowArray& batch(std::size_t i) const;

  // Goes over all rows, once.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Record;
    using difference_type = std::ptrdiff_t;
    using pointer = const Record*;
    using reference = Record;

    Iterator(const DatasetSnapshot* of, std::size_t batch) : of_(of), batch_(batch) {}
    Record operator*() const { return {of_->batch(batch_), of_->schema(), row_}; }
    Iterator& operator++() {
      if (++row_ == of_->batch(batch_).length) *this = Iterator(of_, batch_ + 1);
      return *this;
    }
    bool operator==(const Iterator& other) const { return batch_ == other.batch_ && row_ == other.row_; }

   private:
    const DatasetSnapshot* of_;
    std::size_t batch_;
    std::int64_t row_ = 0;  // no batch is empty
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, batch_count()}; }

 private:
  std::shared_ptr<const Rows> rows_;  // ends with the last snapshot of them
};

}  // namespace weir::api
