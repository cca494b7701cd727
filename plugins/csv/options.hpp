// What the manifest says about a CSV file: the options of schema.json, checked.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weir/weir.hpp>

#include "dialect.hpp"
#include "habits.hpp"

namespace weir::csv {

// What becomes of a row that has more or fewer fields than there are columns.
enum class OnRagged { error, reject, fill };

struct Options {
  Dialect dialect;
  bool find_delimiter = true;  // delimiter: auto
  std::size_t skip = 0;        // lines before the header
  OnRagged ragged = OnRagged::error;
  std::uint64_t max_record = 0;  // bytes that are kept to find the end of a record
  bool find_quote = true;        // the manifest names none
  bool find_header = true;       // nor says whether there is a header
  bool header = true;            // the first record names the columns (or, with `columns`, is skipped)
  std::vector<std::string> columns;
  std::vector<std::string> nulls;
  bool infer = true;
  std::vector<std::pair<std::string, std::string>> types;  // column and format text of Arrow
  std::vector<std::pair<std::string, std::shared_ptr<const TimePattern>>> patterns;
  std::shared_ptr<const LocalZone> zone;  // times: naive
  NumberMarks numbers;
  bool union_files = false;
  bool protect_formulas = false, quote_all = false;  // when writing
  std::string line_end = "\n";

  // True if the manifest gives the column's type.
  bool declares(std::string_view column) const;
  // Null if it gives no pattern.
  std::shared_ptr<const TimePattern> pattern_of(std::string_view column) const;
};

// Reads the options. Throws a Failure of the manifest that points at the option.
Options read_options(const Config& config);

// Gives Arrow's format text for a type name as type_name() writes it ("timestamp(us, UTC)", "decimal(10,2)"), or an
// empty text if it is none that CSV can be read as. Case and spaces don't matter.
std::string format_of(std::string_view type_name);

// The delimiter that the records in `head` agree on: comma, unless it does not fit and another clearly does. `whole`:
// nothing comes after `head`; `decimal`: the mark in numbers, which is none between fields.
char find_delimiter(std::string_view head, bool whole, const Dialect& dialect, char decimal = '.');

// The quote that the records in `head` are written with: the double one, unless they have none of it and all of the single one.
char find_quote(std::string_view head, bool whole, const Dialect& dialect, char decimal);

// How sure it is that an object is CSV, 0 to 100.
std::int32_t sniff_csv(std::string_view name, std::string_view content_type, std::string_view head);

// Length of the byte order mark that `head` begins with.
std::size_t byte_order_mark(std::string_view head);

}  // namespace weir::csv
