// select, as the host sees it.
#include "select.hpp"

#include <weir_catch.hpp>
#include <weir_fake_host.hpp>

#include "golden_file.hpp"

namespace {

using namespace weir;
using test::FakeHost;
using test::Rejected;
using Fields = std::vector<std::string>;
using Rows = std::vector<std::uint32_t>;
using Renamings = std::vector<std::pair<std::string, std::string>>;

Schema select_schema() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "id"));
  fields.push_back(Schema::field("u", "quantity"));
  fields.push_back(Schema::field("g", "price"));
  fields.push_back(Schema::field("tsu:", "at"));
  fields.push_back(Schema::field("+l", "tags", true, {}, [] {
    std::vector<Schema> item;
    item.push_back(Schema::field("u", "item"));
    return item;
  }()));
  return Schema::rows(std::move(fields));
}

Array tags() {
  NumberBuilder<std::int32_t> offsets;
  TextBuilder items;
  for (int i = 0; i <= 4; ++i) offsets.append(i);
  for (const char* item : {"a", "b", "c", "d"}) items.append(item);
  Array raw_offsets = offsets.finish();
  std::vector<Buffer> buffers(2);
  buffers[1].append(raw_offsets->buffers[1], 20);
  std::vector<Array> children;
  children.push_back(items.finish());
  return make_array(4, 0, std::move(buffers), std::move(children));
}

// id 1..4; quantity "3", "x", null, "300"; price 2.5, 1e30, -1, 0.5; at midnight of 1970-01-01 and following days.
Array select_input() {
  NumberBuilder<std::int64_t> id, at;
  TextBuilder quantity;
  NumberBuilder<double> price;
  for (std::int64_t i = 1; i <= 4; ++i) id.append(i);
  quantity.append("3");
  quantity.append("x");
  quantity.append_null();
  quantity.append("300");
  for (const double value : {2.5, 1e30, -1.0, 0.5}) price.append(value);
  for (std::int64_t day = 0; day < 4; ++day) at.append(day * 86'400'000'000);
  std::vector<Array> columns;
  columns.push_back(id.finish());
  columns.push_back(quantity.finish());
  columns.push_back(price.finish());
  columns.push_back(at.finish());
  columns.push_back(tags());
  return rows_of(4, std::move(columns));
}

void set_list(test::Options& options, const std::string& list, const Fields& names) {
  if (names.empty()) return;
  options.arrays[list] = names.size();
  for (std::size_t i = 0; i < names.size(); ++i) options.texts[list + "/" + std::to_string(i)] = names[i];
}

void set_object(test::Options& options, const std::string& object, const Renamings& members) {
  for (const auto& [name, value] : members) {
    options.objects[object].push_back(name);
    options.texts[object + "/" + name] = value;
  }
}

struct Choice {
  Fields keep = {}, drop = {};
  Renamings rename = {}, cast = {};
  std::string naive = {};  // the option `times: naive`

  test::Options options() const {
    test::Options made;
    set_list(made, "/keep", keep);
    set_list(made, "/drop", drop);
    set_object(made, "/rename", rename);
    set_object(made, "/cast", cast);
    if (!naive.empty()) made.texts["/times/naive"] = naive;
    return made;
  }
};

Fields fields_of_schema(const Schema& schema) {
  Fields fields;
  for (std::int64_t i = 0; i < schema->n_children; ++i)
    fields.push_back(std::string(schema->children[i]->name) + " " + type_name(*schema->children[i]));
  return fields;
}

Fields output_of(const Choice& choice) {
  FakeHost host(choice.options());
  const Schema schema = select_schema();
  INFO(host.error.message);
  REQUIRE(host.create<expr::Select>(schema.get()) == WEIR_OK);
  return fields_of_schema(host.outputs.at(0));
}

// One column, cast; the rows go in, what comes out is given.
test::Outcome cast_of(const char* column, const char* type, const Rows* live = nullptr) {
  FakeHost host(Choice{.keep = {column}, .cast = {{column, type}}}.options());
  const Schema schema = select_schema();
  REQUIRE(host.create<expr::Select>(schema.get()) == WEIR_OK);
  const Array rows = select_input();
  return host.process(rows.get(), live);
}

std::string select_refusal(const Choice& choice) {
  FakeHost host(choice.options());
  const Schema schema = select_schema();
  if (host.create<expr::Select>(schema.get()) == WEIR_OK) return "fine\n\n";
  CHECK(host.error.fault == WEIR_FAULT_MANIFEST);
  return std::string(host.error.option) + ": " + host.error.message + "\nhint: " + host.error.hint + "\n\n";
}

}  // namespace

TEST_CASE("select keeps the columns that are named, in the order in which they are named") {
  CHECK(output_of({.keep = {"price", "id"}}) == Fields{"price double", "id int64"});
}

TEST_CASE("select drops columns, and the others stay in their order") {
  CHECK(output_of({.drop = {"quantity", "tags"}}) == Fields{"id int64", "price double", "at timestamp(us)"});
}

TEST_CASE("select renames all at once, so that two columns can change names") {
  CHECK(output_of({.keep = {"id", "price"}, .rename = {{"id", "price"}, {"price", "id"}}}) ==
        Fields{"price int64", "id double"});
}

TEST_CASE("select gives a column the type that is named, and a moment its own unit if none is") {
  CHECK(output_of({.keep = {"id", "price", "at"},
                   .rename = {{"id", "number"}},
                   .cast = {{"id", "int16"}, {"price", "Decimal(10, 2)"}, {"at", "timestamp"}}}) ==
        Fields{"number int16", "price decimal(10,2)", "at timestamp(us)"});
}

TEST_CASE("select casts a clock's time to an instant where the zone of the clock is named") {
  const Choice choice{.keep = {"at"}, .cast = {{"at", "timestamp(ms, UTC)"}}, .naive = "Europe/Rome"};
  CHECK(output_of(choice) == Fields{"at timestamp(ms, UTC)"});
  FakeHost host(choice.options());
  const Schema schema = select_schema();
  REQUIRE(host.create<expr::Select>(schema.get()) == WEIR_OK);
  const Array rows = select_input();
  const auto outcome = host.process(rows.get());
  CHECK(NumberColumn<std::int64_t>(*outcome.pushed.at(0)->children[0])[1] == 86'400'000 - 3'600'000);
  CHECK(select_refusal({.keep = {"at"}, .naive = "Europe/Rom"}) ==
        "/times/naive: expected a zone of IANA, found 'Europe/Rom'\nhint: zones are Europe/Rome and the like, UTC, and "
        "offsets such as +02:00; they come with tzdata\n\n");
}

TEST_CASE("select hands columns on as they are: not a byte is copied") {
  FakeHost host(Choice{.keep = {"tags", "price"}, .rename = {{"price", "cost"}}}.options());
  const Schema schema = select_schema();
  REQUIRE(host.create<expr::Select>(schema.get()) == WEIR_OK);
  const Array rows = select_input();
  const void* prices = rows->children[2]->buffers[1];
  const void* items = rows->children[4]->children[0]->buffers[2];
  const auto outcome = host.process(rows.get());
  const Array& out = outcome.pushed.at(0);
  REQUIRE(out->n_children == 2);
  CHECK(out->children[0]->children[0]->buffers[2] == items);
  CHECK(out->children[1]->buffers[1] == prices);
}

TEST_CASE("select pushes a batch whole where only some rows are live, so that the selection goes on") {
  FakeHost host(Choice{.keep = {"price"}, .cast = {{"price", "float"}}}.options());
  const Schema schema = select_schema();
  REQUIRE(host.create<expr::Select>(schema.get()) == WEIR_OK);
  const Array rows = select_input();
  const Rows live{0, 3};
  const auto outcome = host.process(rows.get(), &live);
  REQUIRE(outcome.rejected.empty());
  REQUIRE(outcome.pushed.at(0)->length == 4);
  CHECK(NumberColumn<float>(*outcome.pushed[0]->children[0])[3] == 0.5F);
  weir_traits traits{};
  expr::Select::traits(Config(nullptr), traits);
  CHECK(traits.takes_selection == 1);
  CHECK(traits.keeps_rows == 1);
  CHECK(traits.rows == WEIR_ROWS_ONCE);
}

TEST_CASE("select sees rows that are a slice") {
  FakeHost host(Choice{.keep = {"tags", "price", "quantity"}, .cast = {{"price", "string"}}}.options());
  const Schema schema = select_schema();
  REQUIRE(host.create<expr::Select>(schema.get()) == WEIR_OK);
  Array rows = select_input();
  rows.address()->offset = 2;
  rows.address()->length = 2;
  const auto outcome = host.process(rows.get());
  const Array& out = outcome.pushed.at(0);
  REQUIRE(out->length == 2);
  CHECK(out->children[0]->offset == 2);
  CHECK(TextColumn(*out->children[1])[0] == "-1.0");
  CHECK_FALSE(TextColumn(*out->children[2]).valid(0));
  CHECK(TextColumn(*out->children[2])[1] == "300");
}

TEST_CASE("a value that its cast can't keep rejects the row, with column and value; the others go on") {
  const auto outcome = cast_of("quantity", "uint8");
  REQUIRE(outcome.status == WEIR_OK);
  CHECK(outcome.rejected == std::vector<Rejected>{{1, "quantity", "not an integer", "expected uint8, found \"x\""},
                                                  {3, "quantity", "out of range", "expected uint8, found \"300\""}});
  const Array& out = outcome.pushed.at(0);
  REQUIRE(out->length == 2);
  CHECK(NumberColumn<std::uint8_t>(*out->children[0])[0] == 3);
  CHECK_FALSE(NumberColumn<std::uint8_t>(*out->children[0]).valid(1));
}

TEST_CASE("a row that two casts can't keep is rejected once, and rows that are not live never") {
  FakeHost host(Choice{.keep = {"quantity", "price"}, .cast = {{"price", "int32"}, {"quantity", "double"}}}.options());
  const Schema schema = select_schema();
  REQUIRE(host.create<expr::Select>(schema.get()) == WEIR_OK);
  const Array rows = select_input();
  auto outcome = host.process(rows.get());
  CHECK(outcome.rejected == std::vector<Rejected>{{1, "quantity", "not a number", "expected double, found \"x\""}});
  CHECK(outcome.pushed.at(0)->length == 3);
  CHECK(NumberColumn<std::int32_t>(*outcome.pushed[0]->children[1])[0] == 3);
  const Rows live{0, 2};
  outcome = host.process(rows.get(), &live);
  CHECK(outcome.rejected.empty());
}

TEST_CASE("casts of select are exact at the ends of each type") {
  CHECK(cast_of("id", "int8").rejected.empty());
  CHECK(cast_of("price", "int64").rejected ==
        std::vector<Rejected>{{1, "price", "integer overflow", "expected int64, found 1e+30"}});
  CHECK(cast_of("price", "uint32").rejected ==
        std::vector<Rejected>{{1, "price", "out of range", "expected uint32, found 1e+30"},
                              {2, "price", "out of range", "expected uint32, found -1.0"}});
  CHECK(cast_of("quantity", "uint64").rejected ==
        std::vector<Rejected>{{1, "quantity", "not an integer", "expected uint64, found \"x\""}});
  const auto dates = cast_of("at", "date");
  CHECK(NumberColumn<std::int32_t>(*dates.pushed.at(0)->children[0])[3] == 3);
}

TEST_CASE("a column without values can have any type") {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("n", "nothing"));
  const Schema schema = Schema::rows(std::move(fields));
  FakeHost host(Choice{.cast = {{"nothing", "int32"}}}.options());
  REQUIRE(host.create<expr::Select>(schema.get()) == WEIR_OK);
  CHECK(fields_of_schema(host.outputs.at(0)) == Fields{"nothing int32"});
  std::vector<Array> columns;
  columns.push_back(make_array(3, 3, {}));
  const Array rows = rows_of(3, std::move(columns));
  const auto outcome = host.process(rows.get());
  CHECK(outcome.pushed.at(0)->children[0]->null_count == 3);
}

TEST_CASE("what select can't do is answered as the golden file says") {
  std::string told;
  told += select_refusal({.keep = {"id", "pric"}});
  told += select_refusal({.keep = {"id", "zzzzzz"}});
  told += select_refusal({.keep = {"id", "price", "id"}});
  told += select_refusal({.drop = {"prices"}});
  told += select_refusal({.drop = {"id", "id"}});
  told += select_refusal({.drop = {"id", "quantity", "price", "at", "tags"}});
  told += select_refusal({.keep = {"id"}, .drop = {"price"}});
  told += select_refusal({.rename = {{"prize", "cost"}}});
  told += select_refusal({.rename = {{"price", "id"}}});
  told += select_refusal({.keep = {"id", "at"}, .rename = {{"id", "n"}, {"at", "n"}}});
  told += select_refusal({.keep = {"id"}, .rename = {{"price", "cost"}}});
  told += select_refusal({.drop = {"price"}, .cast = {{"price", "int64"}}});
  told += select_refusal({.rename = {{"price", "cost"}}, .cast = {{"cost", "int64"}}});
  told += select_refusal({.cast = {{"price", "int46"}}});
  told += select_refusal({.cast = {{"price", "currency"}}});
  told += select_refusal({.cast = {{"price", "date"}}});
  told += select_refusal({.cast = {{"tags", "string"}}});
  told += select_refusal({.cast = {{"at", "timestamp(us, Europe/Rome)"}}});
  expr::check_golden("select.txt", told);
}
