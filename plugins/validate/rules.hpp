// Rules: the options of `validate`, made checks and conversions for the columns of an input.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "check.hpp"
#include "convert.hpp"

namespace weir::validate {

enum class OnBad { reject, fail, warn };

// What is done with one column.
struct Rule {
  std::int64_t column = 0;
  std::unique_ptr<const Conversion> conversion;  // null: the column stays as it is
  std::vector<CheckPointer> checks;              // of the converted values
};

struct Rules {
  OnBad on = OnBad::reject;
  std::vector<Rule> rules;
  Schema output;
  bool converts = false;  // some column leaves with another type; never with OnBad::warn, which only looks
};

// Throws a Failure that points to the option at fault.
Rules rules_of(const Config& config, const ArrowSchema& input);

}  // namespace weir::validate
