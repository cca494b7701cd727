// Listed values: those that a column may have, from a file that is read when the run is planned.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::validate {

struct ListedValue {
  std::string text;
  std::uint64_t line;
};

// The values of the column `column` of a CSV file with a header (quoted fields, line breaks in them too), or, if `column` is
// empty, one value a line. Blank lines count for nothing. `option` is where the file stands, for errors: a file that can't be
// read, is larger than 64 MiB, has no such column, or ends within quotes; `column_option` where the column stands.
std::vector<ListedValue> listed_values(const std::string& path, std::string_view column, const std::string& option,
                                       const std::string& column_option);

// As messages name the file: without its folders.
std::string shown_file(const std::string& path);

}  // namespace weir::validate
