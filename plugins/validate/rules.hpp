// Rules: the options of `validate`, made checks and conversions for an input.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "../expr/condition.hpp"
#include "column_rules.hpp"
#include "unique.hpp"

namespace weir::validate {

// A condition that every row must meet, over the columns as they leave.
struct RowRule {
  std::unique_ptr<expr::Condition> condition;
  Problem broken, failed;
};

struct Rules {
  std::vector<Rule> rules;
  std::vector<RowRule> rows;
  std::vector<std::unique_ptr<UniqueKey>> keys;
  Schema output;
  bool converts = false;  // some column leaves with another type
};

// Of the options and of their contract. Throws a Failure that points to the option at fault.
Rules rules_of(const Config& config, const ArrowSchema& input);

// Of columns of `rows`; null: one of them holds nothing but nulls, so there is no key. Throws a Failure that points to `option`
// if the values of one have no keys.
std::unique_ptr<UniqueKey> unique_key(Problem problem, std::vector<std::int64_t> columns, const ArrowSchema& rows,
                                      const std::string& option, std::uint64_t most_bytes);

// Whether they need all rows in one place.
bool has_unique(const Config& config);

}  // namespace weir::validate
