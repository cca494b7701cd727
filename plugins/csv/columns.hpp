// Typed columns from the fields of records: the second of the two passes over a chunk.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "habits.hpp"
#include "records.hpp"

namespace weir::csv {

// A column to make: which field of a record, and as what.
struct ColumnPlan {
  std::string name;
  std::string type;  // for messages: "int64"
  std::size_t field = 0;
  Type kind = Type::utf8;
  Unit unit = Unit::second;
  int precision = 0;
  int scale = 0;
  bool zoned = false;   // timestamps: the texts have a zone
  bool absent = false;  // the file has no such column: it is null
  NumberMarks numbers;
  std::shared_ptr<const TimePattern> pattern;  // of dates and times; null: ISO 8601
  std::shared_ptr<const LocalZone> zone;       // of timestamps whose texts have none; null: not known
  bool declared = false;  // the manifest gives the type: spellings such as "+1" and "007" are its numbers too
};

// Takes the type of a schema's field.
ColumnPlan plan_of(const ArrowSchema& field, std::size_t position, bool declared);

// A value that is none of its column's type.
struct BadValue {
  std::size_t row = 0;
  const ColumnPlan* column = nullptr;
  const char* reason = nullptr;
  std::string_view field;  // its bytes in the chunk
};

// What columns are made from: some runs of a chunk, `rows` records in all.
struct Source {
  const Chunk& chunk;
  std::span<const Run> runs;
  std::size_t rows = 0;
  std::size_t width = 0;
  const std::vector<std::string>& nulls;
};

// Makes the column; a value that does not fit is null in it and told in `bad`. Throws a Failure of the data for a field
// with something behind its closing quote.
Array make_column(const ColumnPlan& plan, const Source& source, std::vector<BadValue>& bad);

// Throws what make_column() does for a field with something behind its closing quote: for a column that is not made.
void check_quotes(std::size_t field, const Source& source);

}  // namespace weir::csv
