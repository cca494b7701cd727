// The rules of one column, as options say them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

#include "check.hpp"
#include "convert.hpp"

namespace weir::validate {

// What is done with one column.
struct Rule {
  std::int64_t column = 0;
  std::unique_ptr<const Conversion> conversion;  // null: the column stays as it is
  std::vector<CheckPointer> checks;              // of the converted values
  bool leaves_converted = false;                 // false: the conversion is only looked at (on: warn)
  bool unique = false;
  OnBad unique_on = OnBad::reject;
};

// The word of `on`; empty: `otherwise`.
OnBad on_bad(std::string_view word, OnBad otherwise);

// A value as it stands in the manifest.
std::string written(std::string_view text);
std::string written(double value);
Failure wrong(std::string message, std::string option, std::string hint = {});

// Adds the rules that stand at `path` to `rule`, whose column `field` has got the type `type` by now; `on`: what breaking them
// means. Throws a Failure that points to the option at fault.
struct ColumnRules {
  const Config& config;
  std::string path;
  std::string_view name;
  const ArrowSchema& field;
};
void read_column_rules(const ColumnRules& rules, OnBad on, Rule& rule, ColumnType& type);

}  // namespace weir::validate
