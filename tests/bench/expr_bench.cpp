// Benchmark of expressions: nanoseconds a row for each kind of condition, over one batch of orders. `bench_expr ROWS TEXT`
// (default 65536, all) prints the median of user time of the conditions that hold TEXT.
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "bench.hpp"
#include "compile.hpp"
#include "evaluate.hpp"

namespace {

using namespace weir;
using expr::operator&;  // of bits, which are an std::array

Array orders(std::int64_t rows, int nulls_percent) {
  std::mt19937 engine(7);
  const auto below = [&](unsigned count) { return static_cast<int>(engine() % count); };
  const char* countries[] = {"US", "DE", "FR", "IT", "BR", "CA", "JP", "GB"};
  NumberBuilder<std::int64_t> quantity, other, at;
  NumberBuilder<std::int32_t> narrow;
  NumberBuilder<double> price;
  NumberBuilder<Int128> cost;
  TextBuilder country, product;
  for (std::int64_t i = 0; i < rows; ++i) {
    if (below(100) < nulls_percent) {
      quantity.append_null();
      country.append_null();
    } else {
      quantity.append(1 + below(10));
      country.append(countries[below(8)]);
    }
    other.append(1 + below(1000));
    narrow.append(below(100));
    price.append(below(10000) / 100.0);
    cost.append(below(10000));
    at.append(1'700'000'000'000'000 + 1'000'000 * i);  // one a second
    product.append("product number " + std::to_string(below(500)));
  }
  std::vector<Array> columns;
  columns.push_back(quantity.finish());
  columns.push_back(other.finish());
  columns.push_back(narrow.finish());
  columns.push_back(price.finish());
  columns.push_back(cost.finish());
  columns.push_back(country.finish());
  columns.push_back(product.finish());
  columns.push_back(at.finish());
  return rows_of(rows, std::move(columns));
}

Schema schema() {
  std::vector<Schema> fields;
  const std::pair<const char*, const char*> columns[] = {{"quantity", "l"}, {"other", "l"},           {"narrow", "i"},
                                                         {"price", "g"},    {"cost", "d:10,2"},       {"country", "u"},
                                                         {"product", "u"},  {"at", "tsu:Europe/Rome"}};
  for (const auto& [name, format] : columns) fields.push_back(Schema::field(format, name));
  return Schema::rows(std::move(fields));
}

// What filter does with a batch, without the host.
std::uint64_t filter(expr::Frame& frame, const expr::Operation& condition, const ArrowArray& rows,
                     std::vector<std::uint32_t>& passed) {
  expr::set_columns(frame, rows);
  std::uint32_t* end = passed.data();
  for (std::int64_t begin = 0; begin < rows.length; begin += expr::kChunkRows) {
    frame.start(begin, static_cast<int>(std::min<std::int64_t>(expr::kChunkRows, rows.length - begin)));
    const expr::Bits live = expr::first_bits(frame.count);
    expr::Vector value(frame.scratch);
    condition.run(frame, live, value);
    end = expr::append_rows(live & value.truth, begin, end);
  }
  return static_cast<std::uint64_t>(end - passed.data());
}

}  // namespace

int main(int count, char** arguments) {
  const std::int64_t rows = count > 1 ? std::atol(arguments[1]) : 65536;
  const std::string_view wanted = count > 2 ? arguments[2] : "";
  const Schema input = schema();
  const char* conditions[] = {"quantity > 2 and country in ('US', 'DE', 'FR')",
                              "quantity > 2",
                              "narrow > 50",
                              "price > 50",
                              "country = 'US'",
                              "country in ('US', 'DE', 'FR')",
                              "country <> 'BR'",
                              "quantity >= 5 and country <> 'BR'",
                              "quantity in (1, 5, 7)",
                              "quantity between 2 and 5",
                              "quantity = other",
                              "quantity * other > 1000",
                              "quantity * price > 100",
                              "cost > 50",
                              "product = 'product number 7'",
                              "product like '%7'",
                              "product like '%ber 1%'",
                              "upper(country) = 'US'",
                              "length(product) > 16",
                              "substr(product, 16, 1) = '1'",
                              "case when quantity > 5 then price else 0e0 end > 10",
                              "quantity is not null",
                              "quantity / 3 = 1",
                              "cast(cost as double) > 50",
                              "price > cost",
                              "coalesce(quantity, 0) > 2",
                              "try_cast(country as int64) is null",
                              "regexp_matches(product, 'ber 1[0-9]')",
                              "regexp_extract(product, '[0-9]+') = '7'",
                              "regexp_replace(product, 'n[a-z]+ ', '#') = 'product #7'",
                              "split_part(product, ' ', 3) = '7'",
                              "hour(at) = 23",
                              "date_trunc('month', at) > date '2023-12-01' at time zone 'Europe/Rome'",
                              "strftime(at, '%Y-%m-%d') = '2023-11-15'",
                              "at + interval 1 month > timestamp '2024-01-01 00:00:00Z'",
                              "sha256(product) > '8'",
                              "('{\"b\": \"' || product || '\"}') ->> 'b' = 'product number 7'",
                              "greatest(quantity, narrow) > 50"};
  for (const int nulls : {0, 10}) {
    const Array batch = orders(rows, nulls);
    std::printf("%lld rows, %d %% nulls: ns a row, rows that pass\n", static_cast<long long>(rows), nulls);
    std::vector<std::uint32_t> passed(static_cast<std::size_t>(rows) + 8);
    for (const char* text : conditions) {
      if (std::string_view(text).find(wanted) == std::string_view::npos) continue;
      expr::Frame frame;
      const auto condition = expr::compile_condition(text, expr::Scope::of(input.get()));
      const std::int64_t times = std::max<std::int64_t>(1, 20'000'000 / rows / (nulls == 0 ? 1 : 2));
      std::uint64_t found = 0;
      const double seconds = bench::median_seconds(
          [&] {
            for (std::int64_t i = 0; i < times; ++i) found = filter(frame, *condition, batch.get(), passed);
          },
          5);
      std::printf("  %6.2f  %8llu  %s\n", seconds * 1e9 / static_cast<double>(rows * times),
                  static_cast<unsigned long long>(found), text);
    }
  }
}
