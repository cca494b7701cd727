// filter, as the host sees it.
#include "filter.hpp"

#include <weir_catch.hpp>
#include <weir_fake_host.hpp>

namespace {

using namespace weir;
using test::FakeHost;

Schema orders_schema() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("u", "product"));
  fields.push_back(Schema::field("l", "quantity"));
  fields.push_back(Schema::field("u", "country"));
  return Schema::rows(std::move(fields));
}

Array orders() {
  TextBuilder product, country;
  NumberBuilder<std::int64_t> quantity;
  for (const char* name : {"pen", "hub", "bag", "cup"}) product.append(name);
  for (const std::int64_t count : {2, 3, 5}) quantity.append(count);
  quantity.append_null();
  for (const char* name : {"DE", "FR", "IT", "US"}) country.append(name);
  std::vector<Array> columns;
  columns.push_back(product.finish());
  columns.push_back(quantity.finish());
  columns.push_back(country.finish());
  return rows_of(4, std::move(columns));
}

using Rows = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("filter passes rows for which the condition is true and drops the others") {
  FakeHost host({.texts = {{"/where", "quantity > 2 and country in ('US', 'FR')"}}});
  const Schema schema = orders_schema();
  REQUIRE(host.create<expr::Filter>(schema.get()) == WEIR_OK);
  const Array rows = orders();
  const auto outcome = host.process(rows.get());
  CHECK(outcome.status == WEIR_OK);
  CHECK(outcome.selected == Rows{1});
  CHECK(outcome.dropped.at("where") == 3);
}

TEST_CASE("filter passes a batch on as a whole where the condition is true for all") {
  FakeHost host({.texts = {{"/where", "quantity > 2 or quantity is null or product = 'pen'"}}});
  const Schema schema = orders_schema();
  REQUIRE(host.create<expr::Filter>(schema.get()) == WEIR_OK);
  const Array rows = orders();
  const auto outcome = host.process(rows.get());
  CHECK(outcome.all);
  CHECK(outcome.dropped.empty());
}

TEST_CASE("filter looks at live rows only, and numbers rows as they stand in the batch") {
  FakeHost host({.texts = {{"/where", "quantity >= 3"}}});
  const Schema schema = orders_schema();
  REQUIRE(host.create<expr::Filter>(schema.get()) == WEIR_OK);
  const Array rows = orders();
  const Rows live{0, 2};
  const auto outcome = host.process(rows.get(), &live);
  CHECK(outcome.selected == Rows{2});
  CHECK(outcome.dropped.at("where") == 1);
}

TEST_CASE("filter rejects rows whose condition can't be computed") {
  FakeHost host({.texts = {{"/where", "100 / (quantity - 3) > 0"}}});
  const Schema schema = orders_schema();
  REQUIRE(host.create<expr::Filter>(schema.get()) == WEIR_OK);
  const Array rows = orders();
  const auto outcome = host.process(rows.get());
  CHECK(outcome.selected == Rows{2});
  REQUIRE(outcome.rejected.size() == 1);
  CHECK(outcome.rejected[0] == test::Rejected{1, "", "division by zero", "in 100 / (quantity - 3)"});
  CHECK(outcome.dropped.at("where") == 2);
}

TEST_CASE("filter does not compute what stands behind a condition that is false") {
  FakeHost host({.texts = {{"/where", "quantity <> 3 and 100 / (quantity - 3) > 0"}}});
  const Schema schema = orders_schema();
  REQUIRE(host.create<expr::Filter>(schema.get()) == WEIR_OK);
  const Array rows = orders();
  const auto outcome = host.process(rows.get());
  CHECK(outcome.rejected.empty());
  CHECK(outcome.selected == Rows{2});
}

TEST_CASE("filter points into the expression") {
  FakeHost host({.texts = {{"/where", "quantty > 1"}}});
  const Schema schema = orders_schema();
  REQUIRE(host.create<expr::Filter>(schema.get()) == WEIR_INVALID_ARGUMENT);
  CHECK(host.error.fault == WEIR_FAULT_MANIFEST);
  CHECK(std::string(host.error.message) == "no column 'quantty' in the input");
  CHECK(std::string(host.error.hint) == "did you mean 'quantity'?");
  CHECK(std::string(host.error.option) == "/where");
  CHECK(host.error.offset == 0);
  CHECK(host.error.length == 7);
}

TEST_CASE("the length of a mistake is not written to a host that knows none") {
  weir_error error{};
  weir_error_clear(&error);
  error.size = offsetof(weir_error, length);
  error.length = 99;  // whatever stands behind the older host's struct
  Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "none").option("/where", 2, 5).fill(&error);
  CHECK(error.length == 99);
  CHECK(error.offset == 2);
}

TEST_CASE("a clock's time meets an instant where the zone of the clock is named, and only there") {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("tsu:", "clock"));
  fields.push_back(Schema::field("tsu:UTC", "instant"));
  const Schema schema = Schema::rows(std::move(fields));
  // 1970-01-01 12:00 on the clock; the instants 10:00, 11:00 and 12:00: in Rome it is an hour later.
  NumberBuilder<std::int64_t> clock, instant;
  for (const std::int64_t hour : {10, 11, 12}) {
    clock.append(std::int64_t{12} * 3'600'000'000);
    instant.append(hour * 3'600'000'000);
  }
  std::vector<Array> columns;
  columns.push_back(clock.finish());
  columns.push_back(instant.finish());
  const Array rows = rows_of(3, std::move(columns));
  const auto passed = [&](const std::string& where, const char* naive) {
    FakeHost host({.texts = {{"/where", where}, {"/times/naive", naive}}});
    INFO(where << host.error.message);
    REQUIRE(host.create<expr::Filter>(schema.get()) == WEIR_OK);
    return host.process(rows.get()).selected;
  };
  CHECK(passed("clock = instant", "Europe/Rome") == Rows{1});
  CHECK(passed("clock < instant", "Europe/Rome") == Rows{2});
  CHECK(passed("instant = timestamp '1970-01-01 12:00:00'", "Europe/Rome") == Rows{1});
  CHECK(passed("instant = '1970-01-01 12:00:00'", "Europe/Rome") == Rows{1});
  CHECK(passed("instant = '1970-01-01 12:00:00Z'", "Europe/Rome") == Rows{2});
  CHECK(passed("cast(clock as timestamp(us, UTC)) > instant", "Europe/Rome") == Rows{0});
  CHECK(passed("instant <= date '1970-01-01'", "Pacific/Honolulu") == Rows{0});
  FakeHost host({.texts = {{"/where", "clock = instant"}}});
  CHECK(host.create<expr::Filter>(schema.get()) == WEIR_INVALID_ARGUMENT);
}
