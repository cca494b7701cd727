// Table: rows as aligned text. Columns are as wide as their widest value, up to a bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <weir/weir.hpp>

namespace weir::print {

struct TableStyle {
  std::size_t column_width = 40;   // at most
  std::size_t terminal_width = 0;  // at most, of a line; 0: any
  bool colours = false;
};

// Threads: one caller at a time.
class Table {
 public:
  // For rows of `schema`, of which `most_rows` are kept.
  Table(const ArrowSchema& schema, std::uint64_t most_rows, TableStyle style);

  // Takes the live rows of a batch: those that are shown are kept as text.
  void add(const weir_batch& batch);
  // Gives the whole table, and begins anew.
  std::string finish();

 private:
  struct Column {
    std::string name, type;
    bool right = false;  // numbers
    std::size_t width = 0;
    std::vector<std::string> cells;  // fit to be shown
  };

  std::string cell_of(const ArrowSchema& field, const ArrowArray& values, std::int64_t outer, std::int64_t row) const;
  std::size_t columns_that_fit() const;
  // Appends a line: `text_of` gives the text of a column, and its colour or null.
  template <class TextOf>
  void append_line(std::string& to, std::size_t columns, TextOf&& text_of) const;
  void append_rest(std::string& to, std::size_t columns) const;
  std::string coloured(const std::string& text, const char* colour) const;

  Schema schema_;
  std::uint64_t most_rows_;
  TableStyle style_;
  std::vector<Column> columns_;
  std::uint64_t shown_ = 0, rows_ = 0;
};

}  // namespace weir::print
