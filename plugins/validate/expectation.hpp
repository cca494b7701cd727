// Expectations: what `expect` asks of all rows together, or of each of them, and whether they kept it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

#include "../expr/condition.hpp"
#include "column_rules.hpp"
#include "unique.hpp"

namespace weir::validate {

// What is asked.
enum class Measure {
  values,     // each row keeps the rule, or the share that is asked for does
  rows,       // how many rows there are
  earlier,    // the same, as a share of the median of earlier runs
  nulls,      // how many values are null
  mean,       // of the values
  freshness,  // how old the newest value is
};

// What was counted of some rows. Sums of it are sums of what they were counted of.
struct Totals {
  std::uint64_t rows = 0;
  std::uint64_t counted = 0;  // rows that break the rule; nulls; values of the mean
  Int128 sum = 0;             // of integers of up to 64 bits
  double real = 0, lost = 0;  // of others: the sum, unscaled, and what rounding took from it (Neumaier, 1974)
  std::optional<std::int64_t> newest{};  // in the column's unit
  void add(const Totals& other);
  void add_real(double value);
};

// Shares that differ by less are one: no double is 99.9 %, and two shares of a billion rows differ by 10^-9 at least.
inline constexpr double kSameShare = 1e-12;

// Bounds, both optional.
struct Range {
  std::optional<double> least, most;
  bool holds_share(double share) const {
    return (!least || share >= *least - kSameShare) && (!most || share <= *most + kSameShare);
  }
  bool holds(double value) const { return (!least || value >= *least) && (!most || value <= *most); }
};

// One of the checks, or of the parts of one.
struct Expectation {
  Measure measure = Measure::values;
  std::string option;  // where it stands
  OnBad on = OnBad::fail;
  bool of_batch = false;  // asked of each batch, not of the run
  std::int64_t column = -1;
  ColumnType type;
  std::string subject;   // "column 'total'", "rows"
  std::string expected;  // "a mean of 10 to 20"
  Problem problem;       // of a batch whose rows are rejected

  // Measure::values: one of them has something.
  Rule rule;
  std::unique_ptr<expr::Condition> condition;
  Problem broken, failed;  // of the condition
  std::unique_ptr<UniqueKey> key;
  std::optional<double> share;  // of rows that have to keep it, 0 to 1; none: each of them

  Range range;           // of the count, or of the mean
  bool of_rows = false;  // the count of nulls is asked for as a share of rows
  std::int64_t most_age_ns = 0;
  std::uint64_t runs = 0;  // of earlier ones: how many are looked at

  // Whether it is about each row by itself.
  bool each_row() const { return measure == Measure::values && !share; }
};

// What came of one.
struct Judgement {
  bool kept = true;
  std::string found;  // "a mean of 25.3"
};

// What is held against what was counted.
struct Outside {
  std::int64_t now_ns = 0;             // since 1970
  std::vector<std::uint64_t> earlier;  // rows of earlier runs, for a measure of them
};

Judgement judge(const Expectation& expectation, const Totals& totals, const Outside& outside);

// Counts what the measures other than values ask of `column`'s rows.
Totals count(const Expectation& expectation, const Batch& batch);

// All of the option `checks`, in its order. Throws a Failure that points to the option at fault.
std::vector<Expectation> expectations_of(const Config& config, const ArrowSchema& input);

// Whether they need all rows in one place; also in their order.
bool expects_of_run(const Config& config);
bool expects_unique(const Config& config);

}  // namespace weir::validate
