// route and tee, as the host sees them.
#include "route.hpp"

#include <weir_catch.hpp>
#include <weir_fake_host.hpp>

#include "golden_file.hpp"
#include "tee.hpp"

namespace {

using namespace weir;
using test::FakeHost;
using test::Rejected;
using Names = std::vector<std::string>;
using Rows = std::vector<std::uint32_t>;

Schema route_schema() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "total"));
  fields.push_back(Schema::field("u", "country"));
  return Schema::rows(std::move(fields));
}

// total 500, 5, 0, null, 700; country DE, FR, US, null, DE.
Array route_input() {
  NumberBuilder<std::int64_t> total;
  TextBuilder country;
  for (const int value : {500, 5, 0}) total.append(value);
  total.append_null();
  total.append(700);
  for (const char* value : {"DE", "FR", "US"}) country.append(value);
  country.append_null();
  country.append("DE");
  std::vector<Array> columns;
  columns.push_back(total.finish());
  columns.push_back(country.finish());
  return rows_of(5, std::move(columns));
}

test::Options routes(const std::vector<std::pair<std::string, std::string>>& to, const char* rest = nullptr) {
  test::Options options;
  for (const auto& [name, condition] : to) {
    options.objects["/to"].push_back(name);
    options.texts["/to/" + name] = condition;
  }
  if (rest != nullptr) options.texts["/else"] = rest;
  return options;
}

test::Outcome routed(test::Options options, const Rows* live = nullptr) {
  FakeHost host(std::move(options));
  const Schema schema = route_schema();
  REQUIRE(host.create<expr::Route>(schema.get()) == WEIR_OK);
  const Array rows = route_input();
  test::Outcome outcome = host.process(rows.get(), live);
  REQUIRE(outcome.status == WEIR_OK);
  return outcome;
}

test::Options tees(const Names& to) {
  test::Options options;
  options.arrays["/to"] = to.size();
  for (std::size_t i = 0; i < to.size(); ++i) options.texts["/to/" + std::to_string(i)] = to[i];
  return options;
}

template <class T>
std::string route_refusal(test::Options options) {
  FakeHost host(std::move(options));
  const Schema schema = route_schema();
  if (host.create<T>(schema.get()) == WEIR_OK) return "fine\n\n";
  CHECK(host.error.fault == WEIR_FAULT_MANIFEST);
  return std::string(host.error.option) + "+" + std::to_string(host.error.offset) + ": " + host.error.message +
         "\nhint: " + host.error.hint + "\n\n";
}

}  // namespace

TEST_CASE("route tells one output a condition, in their order, and that of else last, all with the input's schema") {
  FakeHost host(routes({{"big", "total > 100"}, {"eu", "country in ('DE', 'FR')"}}, "rest"));
  const Schema schema = route_schema();
  REQUIRE(host.create<expr::Route>(schema.get()) == WEIR_OK);
  CHECK(host.output_names == Names{"big", "eu", "rest"});
  for (const Schema& output : host.outputs) CHECK(output->n_children == 2);
}

TEST_CASE("route sends a row where the first condition is true; false and null go on to the next, then to else") {
  const auto outcome = routed(routes({{"big", "total > 100"}, {"eu", "country in ('DE', 'FR')"}}, "rest"));
  CHECK(outcome.by_output.at(0) == Rows{0, 4});
  CHECK(outcome.by_output.at(1) == Rows{1});
  CHECK(outcome.by_output.at(2) == Rows{2, 3});
  CHECK(outcome.dropped.empty());
}

TEST_CASE("route without else drops the rows that meet no condition") {
  const auto outcome = routed(routes({{"big", "total > 100"}}));
  CHECK(outcome.by_output.at(0) == Rows{0, 4});
  CHECK(outcome.dropped == std::map<std::string, std::uint64_t>{{"no condition met", 3}});
}

TEST_CASE("route passes a batch on whole where all of it goes one way") {
  const auto outcome = routed(routes({{"none", "false"}, {"all", "true"}}, "rest"));
  CHECK(outcome.all);
  CHECK(outcome.by_output.at(1).size() == 5);
  CHECK_FALSE(outcome.by_output.contains(0));
  CHECK_FALSE(outcome.by_output.contains(2));
}

TEST_CASE("route looks at live rows only") {
  const Rows live{1, 3, 4};
  const auto outcome = routed(routes({{"big", "total > 100"}}, "rest"), &live);
  CHECK(outcome.by_output.at(0) == Rows{4});
  CHECK(outcome.by_output.at(1) == Rows{1, 3});
}

TEST_CASE("route rejects a row whose condition can't be computed, unless an earlier one took it") {
  const auto outcome = routed(routes({{"us", "country = 'US' and total > 0"}, {"odd", "1000 / total > 100"}}, "rest"));
  CHECK(outcome.rejected == std::vector<Rejected>{{2, "", "division by zero", "in 1000 / total"}});
  CHECK(outcome.by_output.at(1) == Rows{1});
  CHECK(outcome.by_output.at(2) == Rows{0, 3, 4});
  const auto guarded = routed(routes({{"zero", "total = 0"}, {"odd", "1000 / total > 100"}}, "rest"));
  CHECK(guarded.rejected.empty());
  CHECK(guarded.by_output.at(0) == Rows{2});
}

TEST_CASE("route sorts every row once, over many chunks") {
  constexpr std::int64_t kRows = 5000;
  NumberBuilder<std::int64_t> total;
  TextBuilder country;
  for (std::int64_t i = 0; i < kRows; ++i) {
    total.append(i);
    country.append("DE");
  }
  std::vector<Array> columns;
  columns.push_back(total.finish());
  columns.push_back(country.finish());
  const Array rows = rows_of(kRows, std::move(columns));
  FakeHost host(routes({{"third", "total % 3 = 0"}, {"half", "total % 2 = 0"}}, "rest"));
  const Schema schema = route_schema();
  REQUIRE(host.create<expr::Route>(schema.get()) == WEIR_OK);
  for (int batch = 0; batch < 2; ++batch) {
    const auto outcome = host.process(rows.get());
    std::vector<int> seen(kRows, -1);
    for (const auto& [output, numbers] : outcome.by_output) {
      for (const std::uint32_t row : numbers) {
        REQUIRE(seen[row] == -1);
        seen[row] = static_cast<int>(output);
      }
    }
    for (int i = 0; i < kRows; ++i) REQUIRE(seen[static_cast<std::size_t>(i)] == (i % 3 == 0 ? 0 : i % 2 == 0 ? 1 : 2));
  }
}

TEST_CASE("each row leaves route once, and tee as often as it has outputs: their traits say so") {
  weir_traits traits{};
  expr::Route::traits(Config(nullptr), traits);
  CHECK(traits.rows == WEIR_ROWS_ONCE);
  CHECK(traits.takes_selection == 1);
  expr::Tee::traits(Config(nullptr), traits);
  CHECK(traits.rows == WEIR_ROWS_MULTIPLY);
  CHECK(traits.takes_selection == 1);
}

TEST_CASE("tee passes all live rows to each output, and none of them is copied") {
  FakeHost host(tees({"a", "b"}));
  const Schema schema = route_schema();
  REQUIRE(host.create<expr::Tee>(schema.get()) == WEIR_OK);
  CHECK(host.output_names == Names{"a", "b"});
  const Array rows = route_input();
  const Rows live{1, 3};
  const auto outcome = host.process(rows.get(), &live);
  CHECK(outcome.all);
  CHECK(outcome.pushed.empty());
  CHECK(outcome.by_output.at(0) == live);
  CHECK(outcome.by_output.at(1) == live);
}

TEST_CASE("what route and tee can't do is answered as the golden file says") {
  std::string told;
  told += route_refusal<expr::Route>(routes({{"big", "total > 100"}, {"eu", "contry = 'DE'"}}, "rest"));
  told += route_refusal<expr::Route>(routes({{"big", "total"}}));
  told += route_refusal<expr::Route>(routes({{"big", "total > 100"}}, "big"));
  told += route_refusal<expr::Tee>(tees({"a", "b", "a"}));
  expr::check_golden("route.txt", told);
}
