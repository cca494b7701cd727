// What the manifest says about a JSON file: the options of schema.json, checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

#include "rows_path.hpp"

namespace weir::json {

struct Options {
  struct Declared {
    std::string column;
    std::string format;  // Arrow's
    bool raw = false;    // json: kept as the text that it is
  };
  std::vector<Declared> types;
  bool ignore_unknown = false;
  std::optional<RowsPath> rows;  // where they are, if not at the top

  // The declaration of a column, or null.
  const Declared* declared(std::string_view column) const;
};

// Reads the options. Throws a Failure of the manifest that points at the option.
Options read_options(const Config& config);

}  // namespace weir::json
