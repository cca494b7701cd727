// rename, through the ABI.
#include "rule.hpp"

#include <weir/ext/reads.h>

#include <weir/testing_transformer.hpp>
#include <weir/weir.hpp>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

namespace weir {
namespace {

using Names = std::vector<std::string>;

const weir_component& component() { return *testing::component_of(weir_plugin_v1(), "rename"); }
const weir_transformer& table() { return testing::transformer_of_plugin("rename"); }

Schema schema(const Names& names) {
  std::vector<Schema> fields;
  for (const std::string& name : names) fields.push_back(Schema::field("l", name));
  return Schema::rows(std::move(fields));
}

class Instance : public testing::TransformerInstance {
 public:
  Instance(const Names& names, testing::Options options)
      : TransformerInstance("rename", schema(names), std::move(options)) {}
  Names names() const {
    Names found;
    for (std::int64_t i = 0; i < output().n_children; ++i) found.emplace_back(output().children[i]->name);
    return found;
  }
};

Names renamed(const Names& names, testing::Options options) {
  const Instance made(names, std::move(options));
  INFO(made.error.message);
  REQUIRE(made.status == WEIR_OK);
  return made.names();
}

}  // namespace

TEST_CASE("snake_case finds the words of a name") {
  const std::pair<const char*, const char*> cases[] = {
      {"Order ID", "order_id"},
      {"orderId", "order_id"},
      {"order-id", "order_id"},
      {"HTTPStatus", "http_status"},
      {"parseHTML", "parse_html"},
      {"order_id", "order_id"},
      {"__order__id__", "order_id"},
      {"Price (EUR)", "price_eur"},
      {"2nd Line", "2nd_line"},
      {"line2Text", "line2_text"},
      {"ID", "id"},
      {"A", "a"},
      {"Größe in m²", "größe_in_m²"},
      {"éA", "é_a"},
      {"%", ""},
      {"", ""},
      {"a.b.c", "a_b_c"},
      {"XMLHttpRequest", "xml_http_request"},
  };
  for (const auto& [name, expected] : cases) CHECK(rename::snake_case(name) == expected);
}

TEST_CASE("rename gives every column the name that its rule makes") {
  const Names names{"tbl_Order ID", "unitPrice"};
  CHECK(renamed(names, {{"/style", "snake_case"}}) == Names{"tbl_order_id", "unit_price"});
  CHECK(renamed(names, {{"/style", "lower"}}) == Names{"tbl_order id", "unitprice"});
  CHECK(renamed(names, {{"/style", "upper"}}) == Names{"TBL_ORDER ID", "UNITPRICE"});
  CHECK(renamed(names, {{"/prefix", "src_"}, {"/suffix", "_raw"}}) ==
        Names{"src_tbl_Order ID_raw", "src_unitPrice_raw"});
  CHECK(renamed(names, {{"/strip_prefix", "tbl_"}, {"/style", "snake_case"}, {"/prefix", "X"}}) ==
        Names{"Xorder_id", "Xunit_price"});
}

TEST_CASE("rename leaves columns alone that are not chosen") {
  CHECK(renamed({"A", "B", "C"}, {{"/style", "lower"}, {"/columns/0", "C"}, {"/columns/1", "A"}}) ==
        Names{"a", "B", "c"});
}

TEST_CASE("rename lets columns change names as long as all differ in the end") {
  CHECK(renamed({"a_b", "b"}, {{"/strip_prefix", "a_"}, {"/suffix", "_x"}, {"/columns/0", "a_b"}}) ==
        Names{"b_x", "b"});
}

TEST_CASE("rename passes rows as they are: not a byte is copied, and rows that are not live stay so") {
  const Instance made({"A"}, {{"/style", "lower"}});
  NumberBuilder<std::int64_t> numbers;
  for (const std::int64_t number : {5, 6, 7}) numbers.append(number);
  std::vector<Array> columns;
  columns.push_back(numbers.finish());
  weir_batch batch = testing::batch_of(rows_of(3, std::move(columns)));
  batch.rows.offset = 1;  // a slice
  batch.rows.length = 2;
  const void* values = batch.rows.children[0]->buffers[1];
  testing::Collected collected;
  weir_error error = testing::no_error();
  REQUIRE(table().process(made.self, 0, &batch, collected.next(), &error) == WEIR_OK);
  const Array& passed = collected.pushed.at(0).rows;
  CHECK(passed->length == 2);
  CHECK(passed->children[0]->buffers[1] == values);
  CHECK(NumberColumn<std::int64_t>(*passed->children[0])[0] == 6);
  weir_traits traits{};
  traits.size = sizeof traits;
  testing::Options options;
  REQUIRE(table().traits(options.config(), &traits, &error) == WEIR_OK);
  CHECK(traits.rows == WEIR_ROWS_ONCE);
  CHECK(traits.keeps_rows == 1);
  CHECK(traits.takes_selection == 1);
}

TEST_CASE("rename reads no column, and tells where each comes from") {
  const Instance made({"Order ID", "B"}, {{"/style", "snake_case"}});
  const auto& reads = *static_cast<const weir_reads*>(component().extension(to_weir(std::string_view(WEIR_READS))));
  testing::Bytes read, from;
  weir_error error = testing::no_error();
  REQUIRE(reads.columns(made.self, 0, read.sink(), &error) == WEIR_OK);
  CHECK(read.kept.empty());
  REQUIRE(reads.lineage(made.self, 0, to_weir(std::string_view("order_id")), 0, from.sink(), &error) == WEIR_OK);
  CHECK(from.kept == Names{"Order ID"});
}

TEST_CASE("every message of rename is what its golden file says") {
  test::Golden golden(WEIR_GOLDEN "/messages.txt");
  const auto tell = [&golden](const std::string& title, const Names& names, testing::Options options) {
    const Instance made(names, std::move(options));
    CHECK(made.status == WEIR_INVALID_ARGUMENT);
    CHECK(made.error.fault == WEIR_FAULT_MANIFEST);
    golden.tell(title, std::string(made.error.option) + ": " + made.error.message + "\nhint: " + made.error.hint);
  };
  tell("a column that is not there", {"Order ID", "Price"}, {{"/style", "lower"}, {"/columns/0", "Order IDs"}});
  tell("a column that is like none", {"Order ID", "Price"}, {{"/style", "lower"}, {"/columns/0", "zzzzzzz"}});
  tell("one name for two", {"Order ID", "order_id"}, {{"/style", "snake_case"}});
  tell("one name for two, of those chosen", {"a", "A"}, {{"/style", "lower"}, {"/columns/0", "A"}});
  tell("nothing left in snake_case", {"a", "%"}, {{"/style", "snake_case"}});
  tell("nothing left without its prefix", {"tbl_"}, {{"/strip_prefix", "tbl_"}});
  golden.end();
}

}  // namespace weir
