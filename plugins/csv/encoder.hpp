// The encoder: rows as CSV text. Kinds are resolved once; a row is a loop over columns.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "encoding.hpp"
#include "options.hpp"

namespace weir::csv {

// One column of the batch in hand, as the row loop needs it. A dictionary's values are a column of their own.
struct WrittenColumn {
  std::string name;
  Type kind = Type::null;
  Unit unit = Unit::second;
  int scale = 0;
  int width = 0;
  text::Spelling spelling;
  std::vector<WrittenColumn> values;  // dictionary: the one column of values, `kind` is the index's type

  // Of the batch:
  Validity validity;
  const ArrowArray* array = nullptr;
  const std::uint8_t* data = nullptr;  // the values, or the offsets of texts, or views
  const char* bytes = nullptr;         // what the offsets count from
  const char* safe = nullptr;          // the end of those
  std::int64_t offset = 0;             // of row 0 in data

  void bind(const ArrowArray& column, std::int64_t outer);
};

class CsvEncoder : public Encoder {
 public:
  // Writes the header, unless the output goes on. Throws a Failure for a column that CSV has no text for.
  CsvEncoder(const Context& context, const ArrowSchema& input, const Outputs& stored, Output output);
  void encode(Batch& batch, const Next& next) override;
  void end() override { write_out(); }
  void flush() override { write_out(); }

 private:
  void find_special();
  void reject(std::int64_t row, const WrittenColumn& column, const Next& next);
  void write_header();
  void write_encoded(std::string_view text);
  void write_out();
  char* room(char* to, std::size_t bytes);
  char* put_value(char* to, const WrittenColumn& column, std::int64_t row);
  char* put_text(char* to, std::string_view text, const char* safe) const;
  char* put_quoted(char* to, std::string_view text) const;
  char* put_escaped(char* to, std::string_view text) const;
  bool is_formula(std::string_view text) const;
  bool needs_quotes(std::string_view text) const;
  char* put_hex(char* to, std::string_view bytes);
  char* put_line_end(char* to) const;

  Options options_;
  Output output_;
  bool special_[256];         // bytes that put a text in quotes
  bool simple_ = true;        // texts are quoted for a mark in them alone
  bool plain_values_ = true;  // no number or date holds a mark
  std::vector<WrittenColumn> columns_;
  std::unique_ptr<Converter> converter_;  // null: UTF-8 is written
  std::string head_;                      // of the encoding, not written yet
  Buffer buffer_;
};

}  // namespace weir::csv
