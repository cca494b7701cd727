// The options of a component, one by one, as its schema has them.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace weir::cli {

// One option. One within another has its path: `columns.NAME.min` is the option `min` of any member of `columns`, `keys[].by` that
// of each element of `keys`.
struct OptionRow {
  std::string path, type;
  bool required = false;
  std::string fallback;  // its default as JSON; empty: none
  std::string description;
  std::vector<std::string> examples;  // as JSON
};

std::vector<OptionRow> option_rows(const nlohmann::ordered_json& schema);

// A line for each: its path, and what it does.
std::string options_as_list(const std::vector<OptionRow>& rows, const std::string& indent);
// A table with type, default, description and examples, as wide as the terminal: what does not fit goes on below.
std::string options_as_table(const std::vector<OptionRow>& rows, const std::string& indent);
nlohmann::ordered_json options_as_json(const std::vector<OptionRow>& rows);

}  // namespace weir::cli
