// What is counted, and what it is held against.
#include "expectation.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include "../expr/naive_zone.hpp"
#include "limits.hpp"
#include "numbers.hpp"

namespace weir::validate {
namespace {

// Two digits behind the point, downwards: what is not all is never told as all.
std::string shown_share(double share) { return written(std::floor((share + kSameShare) * 1e4) / 100) + "%"; }

constexpr std::int64_t kSecond = 1'000'000'000;

// Nanoseconds since 1970 of a date or timestamp; a date is its first instant. Without a zone it is the naive zone's clock.
Int128 instant_of(const ColumnType& type, std::int64_t value) {
  const TypeInfo info = type.info();
  const std::int64_t unit = info.type == Type::date32   ? kSecondsOfDay * kSecond
                            : info.type == Type::date64 ? kSecond / 1000
                                                        : kSecond / per_second(info.unit);
  const Int128 clock = static_cast<Int128>(value) * unit;
  const auto zone = info.zone.empty() ? expr::Zone::named(type.naive_zone) : std::nullopt;
  if (!zone) return clock;
  const auto seconds = static_cast<std::int64_t>(clock / kSecond);
  return clock + static_cast<Int128>(zone->instant_of(seconds) - seconds) * kSecond;
}

std::string shown_age(Int128 age_ns) {
  const auto seconds = static_cast<std::int64_t>(age_ns / kSecond);
  if (seconds < 120) return std::to_string(seconds) + "s";
  if (seconds < 2 * 3600) return std::to_string(seconds / 60) + "m";
  if (seconds < 2 * kSecondsOfDay) return std::to_string(seconds / 3600) + "h";
  return std::to_string(seconds / kSecondsOfDay) + "d";
}

template <class Numbers>
void add_values(const Numbers& numbers, std::int64_t rows, Totals& totals, bool mean) {
  for (std::int64_t row = 0; row < rows; ++row) {
    if (!numbers.valid(row)) continue;
    const auto value = numbers[row];
    using Value = std::remove_cvref_t<decltype(value)>;
    if (!mean) {
      const auto word = static_cast<std::int64_t>(value);
      totals.newest = std::max(totals.newest.value_or(word), word);
    } else if constexpr (std::is_integral_v<Value> && sizeof(Value) <= sizeof(std::int64_t)) {
      totals.sum += static_cast<Int128>(value);
    } else {
      totals.add_real(
          static_cast<double>(value));  // reals; and what is so wide that a sum would need more than 128 bits
    }
    ++totals.counted;
  }
}

double mean_of(const Expectation& expectation, const Totals& totals) {
  const auto count = static_cast<long double>(totals.counted);
  if (expectation.type.layout() == Layout::word)
    return static_cast<double>(static_cast<long double>(totals.sum) / count);
  const std::int32_t scale = expectation.type.info().type == Type::decimal128 ? expectation.type.info().scale : 0;
  return static_cast<double>((static_cast<long double>(totals.real) + totals.lost) / count /
                             std::pow(10.0L, static_cast<long double>(scale)));
}

Judgement judge_share(const Expectation& expectation, const Totals& totals) {
  if (totals.rows == 0) return {true, "no rows"};
  const double kept = 1 - static_cast<double>(totals.counted) / static_cast<double>(totals.rows);
  return {kept >= *expectation.share - kSameShare, shown_share(kept) + ": " + std::to_string(totals.counted) + " of " +
                                                       std::to_string(totals.rows) + " rows break it"};
}

Judgement judge_nulls(const Expectation& expectation, const Totals& totals) {
  const auto nulls = static_cast<double>(totals.counted), rows = static_cast<double>(totals.rows);
  std::string found = std::to_string(totals.counted) + " of " + std::to_string(totals.rows);
  if (!expectation.of_rows) return {expectation.range.holds(nulls), std::move(found)};
  if (totals.rows == 0) return {true, std::move(found)};
  return {expectation.range.holds_share(nulls / rows), std::move(found)};
}

Judgement judge_freshness(const Expectation& expectation, const Totals& totals, std::int64_t now_ns) {
  if (!totals.newest) return {false, "no value"};
  const Int128 age = now_ns - instant_of(expectation.type, *totals.newest);
  return {age <= expectation.most_age_ns, age < 0 ? "one of the future" : "one of " + shown_age(age) + " ago"};
}

// The middle one; of two, between them.
double median_of(std::vector<std::uint64_t> counts) {
  std::sort(counts.begin(), counts.end());
  const std::size_t middle = counts.size() / 2;
  const auto upper = static_cast<double>(counts[middle]);
  return counts.size() % 2 == 1 ? upper : (static_cast<double>(counts[middle - 1]) + upper) / 2;
}

Judgement judge_earlier(const Expectation& expectation, const Totals& totals, const Outside& outside) {
  const std::string rows = std::to_string(totals.rows);
  if (outside.earlier.empty()) return {true, rows + ", and no earlier run"};
  const double median = median_of(outside.earlier);
  const auto now = static_cast<double>(totals.rows);
  const double share = median > 0 ? now / median : now > 0 ? HUGE_VAL : 1;
  return {expectation.range.holds(share),
          rows + ", where the last " + std::to_string(outside.earlier.size()) + " had a median of " + written(median)};
}

}  // namespace

void Totals::add_real(double value) {
  const double both = real + value;
  lost += std::abs(real) >= std::abs(value) ? (real - both) + value : (value - both) + real;
  real = both;
}

void Totals::add(const Totals& other) {
  rows += other.rows;
  counted += other.counted;
  sum += other.sum;
  add_real(other.real);
  lost += other.lost;
  if (other.newest && (!newest || *other.newest > *newest)) newest = other.newest;
}

Judgement judge(const Expectation& expectation, const Totals& totals, const Outside& outside) {
  switch (expectation.measure) {
    case Measure::values: return judge_share(expectation, totals);
    case Measure::rows: return {expectation.range.holds(static_cast<double>(totals.rows)), std::to_string(totals.rows)};
    case Measure::earlier: return judge_earlier(expectation, totals, outside);
    case Measure::nulls: return judge_nulls(expectation, totals);
    case Measure::mean: {
      if (totals.counted == 0) return {false, "no value"};
      const double mean = mean_of(expectation, totals);
      return {expectation.range.holds(mean), written(mean)};
    }
    case Measure::freshness: return judge_freshness(expectation, totals, outside.now_ns);
  }
  return {};
}

Totals count(const Expectation& expectation, const Batch& batch) {
  Totals totals;
  totals.rows = static_cast<std::uint64_t>(batch.length());
  if (expectation.column < 0 || expectation.type.info().type == Type::null) {
    if (expectation.measure == Measure::nulls) totals.counted = totals.rows;
    return totals;
  }
  const ColumnView column{&batch.column(expectation.column), batch.outer(), batch.length()};
  if (expectation.measure == Measure::nulls) {
    const Validity validity(*column.array, column.outer);
    if (validity.all()) return totals;
    for (std::int64_t row = 0; row < column.rows; ++row) totals.counted += validity.valid(row) ? 0U : 1U;
    return totals;
  }
  const bool mean = expectation.measure == Measure::mean;
  const Type type = expectation.type.info().type;
  if (expectation.type.layout() == Layout::wide) {
    add_values(WideColumn(type, column), column.rows, totals, mean);
  } else {
    with_numbers(
        type, [&]<class T>(T) { add_values(NumberColumn<T>(*column.array, column.outer), column.rows, totals, mean); });
  }
  return totals;
}

}  // namespace weir::validate
