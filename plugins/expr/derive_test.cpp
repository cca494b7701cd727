// derive, as the host sees it.
#include "derive.hpp"

#include <weir_catch.hpp>
#include <weir_fake_host.hpp>

namespace {

using namespace weir;
using test::FakeHost;
using Rows = std::vector<std::uint32_t>;

Schema derive_schema() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("i", "quantity"));
  fields.push_back(Schema::field("g", "price"));
  fields.push_back(Schema::field("u", "product"));
  return Schema::rows(std::move(fields));
}

Array derive_input() {
  NumberBuilder<std::int32_t> quantity;
  NumberBuilder<double> price;
  TextBuilder product;
  for (const int count : {2, 0, 5}) quantity.append(count);
  quantity.append_null();
  for (const double value : {1.5, 2.0, 0.25, 8.0}) price.append(value);
  for (const char* name : {"pen", "hub", "bag", "cup"}) product.append(name);
  std::vector<Array> columns;
  columns.push_back(quantity.finish());
  columns.push_back(price.finish());
  columns.push_back(product.finish());
  return rows_of(4, std::move(columns));
}

test::Options columns(const std::vector<std::pair<std::string, std::string>>& items) {
  test::Options options;
  for (const auto& [name, expression] : items) {
    options.texts["/columns/" + name] = expression;
    options.objects["/columns"].push_back(name);
  }
  return options;
}

std::vector<std::string> names_of(const Schema& schema) {
  std::vector<std::string> fields;
  for (std::int64_t i = 0; i < schema->n_children; ++i)
    fields.push_back(std::string(schema->children[i]->name) + " " + type_name(*schema->children[i]));
  return fields;
}

}  // namespace

TEST_CASE("derive adds columns at the end, and one sees those before it") {
  FakeHost host(columns({{"total", "quantity * price"}, {"label", "product || ':' || cast(total as string)"}}));
  const Schema schema = derive_schema();
  REQUIRE(host.create<expr::Derive>(schema.get()) == WEIR_OK);
  CHECK(names_of(host.outputs[0]) ==
        std::vector<std::string>{"quantity int32", "price double", "product string", "total double", "label string"});
  const Array rows = derive_input();
  const auto outcome = host.process(rows.get());
  REQUIRE(outcome.pushed.size() == 1);
  const Array& out = outcome.pushed[0];
  const NumberColumn<double> total(*out->children[3]);
  CHECK(total[0] == 3.0);
  CHECK(total[2] == 1.25);
  CHECK_FALSE(total.valid(3));
  const TextColumn label(*out->children[4]);
  CHECK(label[0] == "pen:3.0");
  CHECK_FALSE(label.valid(3));
  CHECK(TextColumn(*out->children[2])[1] == "hub");
}

TEST_CASE("derive replaces a column in its place, and later expressions see the new one") {
  FakeHost host(columns({{"price", "price * 2"}, {"double_price", "price * 2"}}));
  const Schema schema = derive_schema();
  REQUIRE(host.create<expr::Derive>(schema.get()) == WEIR_OK);
  const Array rows = derive_input();
  const auto outcome = host.process(rows.get());
  const Array& out = outcome.pushed.at(0);
  REQUIRE(out->n_children == 4);
  CHECK(NumberColumn<double>(*out->children[1])[0] == 3.0);
  CHECK(NumberColumn<double>(*out->children[3])[0] == 6.0);
}

TEST_CASE("derive copies a column as it is, with its type") {
  FakeHost host(columns({{"again", "quantity"}, {"more", "again + 1"}, {"quantity", "again"}}));
  const Schema schema = derive_schema();
  REQUIRE(host.create<expr::Derive>(schema.get()) == WEIR_OK);
  CHECK(names_of(host.outputs[0]) ==
        std::vector<std::string>{"quantity int64", "price double", "product string", "again int32", "more int64"});
  const Array rows = derive_input();
  const auto outcome = host.process(rows.get());
  const Array& out = outcome.pushed.at(0);
  CHECK(NumberColumn<std::int32_t>(*out->children[3])[2] == 5);
  CHECK(NumberColumn<std::int64_t>(*out->children[4])[2] == 6);
  CHECK(NumberColumn<std::int64_t>(*out->children[0])[2] == 5);
}

TEST_CASE("derive rejects rows that can't be computed, once, and passes the others") {
  FakeHost host(columns({{"part", "100 / quantity"}, {"again", "7 % quantity"}}));
  const Schema schema = derive_schema();
  REQUIRE(host.create<expr::Derive>(schema.get()) == WEIR_OK);
  const Array rows = derive_input();
  const auto outcome = host.process(rows.get());
  REQUIRE(outcome.rejected.size() == 1);
  CHECK(outcome.rejected[0] == test::Rejected{1, "", "division by zero", "in 100 / quantity"});
  const Array& out = outcome.pushed.at(0);
  REQUIRE(out->length == 3);
  CHECK(NumberColumn<std::int64_t>(*out->children[3])[1] == 20);
  CHECK(TextColumn(*out->children[2])[1] == "bag");
}

TEST_CASE("derive computes live rows only") {
  FakeHost host(columns({{"part", "100 / quantity"}}));
  const Schema schema = derive_schema();
  REQUIRE(host.create<expr::Derive>(schema.get()) == WEIR_OK);
  const Array rows = derive_input();
  const Rows live{0, 2};
  const auto outcome = host.process(rows.get(), &live);
  CHECK(outcome.rejected.empty());
  REQUIRE(outcome.pushed.at(0)->length == 4);
  CHECK(NumberColumn<std::int64_t>(*outcome.pushed[0]->children[3])[2] == 20);
}

TEST_CASE("derive points to the expression that is wrong") {
  test::Options options = columns({});
  options.objects["/columns"] = {"a/b"};
  options.texts["/columns/a~1b"] = "price + product";
  FakeHost escaped(options);
  const Schema schema = derive_schema();
  REQUIRE(escaped.create<expr::Derive>(schema.get()) == WEIR_INVALID_ARGUMENT);
  CHECK(std::string(escaped.error.option) == "/columns/a~1b");
  CHECK(std::string(escaped.error.message) ==
        "expected numbers on both sides of +, found double 'price' and string 'product'");
}
