// named_column(): the column that an option names, or the same error in every plugin.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "failure.hpp"
#include "schema.hpp"
#include "suggest.hpp"

namespace weir {

// The name of column i of rows; empty if it has none. Valid as long as the schema.
inline std::string_view column_name(const ArrowSchema& rows, std::int64_t i) {
  const char* name = rows.children[i]->name;
  return name == nullptr ? std::string_view() : name;
}

// The number of the column of `input` called `name`, which the option at the JSON Pointer `option` holds. Throws a Failure (fault
// manifest) with that place and a suggestion if there is none. Threads: [any].
inline std::int64_t named_column(const ArrowSchema& input, std::string_view name, const std::string& option) {
  const std::int64_t found = column_index(input, name);
  if (found >= 0) return found;
  std::vector<std::string_view> names;
  for (std::int64_t i = 0; i < input.n_children; ++i) names.push_back(column_name(input, i));
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "no column '" + std::string(name) + "' in the input")
      .option(option)
      .hint(name_hint(name, names, "columns"));
}

}  // namespace weir
