// What the manifest says about a CSV file: the options of schema.json, checked.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weir/weir.hpp>

#include "scan.hpp"

namespace weir::csv {

struct Options {
  Marks marks;
  bool find_delimiter = true;  // delimiter: auto
  bool header = true;          // the first record names the columns (or, with `columns`, is skipped)
  std::vector<std::string> columns;
  std::vector<std::string> nulls;
  bool infer = true;
  std::vector<std::pair<std::string, std::string>> types;  // column and format text of Arrow
  std::string line_end = "\n";

  // True if the manifest gives the column's type.
  bool declares(std::string_view column) const;
};

// Reads the options. Throws a Failure of the manifest that points at the option.
Options read_options(const Config& config);

// Gives Arrow's format text for a type name as type_name() writes it ("timestamp(us, UTC)", "decimal(10,2)"), or an
// empty text if it is none that CSV can be read as. Case and spaces don't matter.
std::string format_of(std::string_view type_name);

// The delimiter that the records in `head` agree on: comma, unless it does not fit and another clearly does. `whole`:
// nothing comes after `head`.
char find_delimiter(std::string_view head, bool whole, const Marks& marks);

// How sure it is that an object is CSV, 0 to 100.
std::int32_t sniff_csv(std::string_view name, std::string_view content_type, std::string_view head);

// Length of the byte order mark that `head` begins with.
std::size_t byte_order_mark(std::string_view head);

}  // namespace weir::csv
