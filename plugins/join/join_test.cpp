// join, through the ABI.
#include <map>
#include <memory>
#include <optional>
#include <random>

#include <weir/ext/reads.h>

#include <weir/cpp/nested_builder.hpp>
#include <weir/cpp/value_text.hpp>
#include <weir/testing_transformer.hpp>
#include <weir/weir.hpp>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

namespace weir {
namespace {

using Texts = std::vector<std::string>;

const weir_component& component() { return *testing::component_of(weir_plugin_v1(), "join"); }
const weir_transformer& table() { return testing::transformer_of_plugin("join"); }

// An instance over rows of two inputs.
class Instance {
 public:
  Instance(Schema left, Schema right, testing::Options options, std::int64_t memory = 16 << 20)
      : surroundings_(std::move(options.with({"/memory", memory}))), left_(std::move(left)), right_(std::move(right)) {
    const ArrowSchema* inputs[] = {&left_.get(), &right_.get()};
    const weir_string names[] = {{nullptr, 0}, {"with", 4}};
    status = table().create(surroundings_.context(), inputs, names, 2, schemas_.sink(), &self, &error);
  }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance() {
    if (self != nullptr) table().destroy(self);
  }

  const ArrowSchema& output() const { return schemas_.kept.at(0).get(); }
  weir_status give(std::uint64_t input, std::vector<Array> columns, std::int64_t first = 0) {
    const std::int64_t length = columns.front()->length;
    weir_batch batch = testing::batch_of(rows_of(length, std::move(columns)));
    batch.rows.offset = first;
    batch.rows.length = length - first;
    told = testing::Collected();
    status = table().process(self, input, &batch, told.next(), &error);
    if (batch.rows.release != nullptr) batch.rows.release(&batch.rows);
    return status;
  }
  // Rows of values, with '|' between them, that came of rows on the left.
  Texts joined(std::vector<Array> columns, std::int64_t first = 0) {
    CHECK(give(0, std::move(columns), first) == WEIR_OK);
    return testing::texts_of(told, output());
  }

  testing::Collected told;
  void* self = nullptr;
  weir_status status = WEIR_OK;
  weir_error error = testing::no_error();

 private:
  testing::Surroundings surroundings_;
  Schema left_, right_;
  testing::Schemas schemas_;
};

Schema orders() { return Schema::rows(fields_of(Schema::field("l", "order"), Schema::field("u", "customer"))); }
Schema customers() {
  return Schema::rows(
      fields_of(Schema::field("u", "id"), Schema::field("u", "name"), Schema::field("i", "age", false)));
}
testing::Options by_customer() { return {{"/on/customer", "id"}, {"/kind", "inner"}}; }

template <class T = std::int64_t>
Array numbers(const std::vector<std::optional<std::int64_t>>& values) {
  NumberBuilder<T> builder;
  for (const auto& value : values) value ? builder.append(static_cast<T>(*value)) : builder.append_null();
  return builder.finish();
}

template <class... Columns>
std::vector<Array> columns_of(Columns&&... columns) {
  std::vector<Array> list;
  (list.push_back(std::forward<Columns>(columns)), ...);
  return list;
}

std::vector<Array> some_orders() {
  return columns_of(numbers({1, 2, 3, 4, 5}), testing::text_column({"ada", "bob", nullptr, "zoe", "ada"}));
}
void give_customers(Instance& join) {
  CHECK(join.give(1, columns_of(testing::text_column({"bob", nullptr, "ada"}),
                                testing::text_column({"Bob", "Nobody", "Ada"}), numbers<std::int32_t>({30, 0, 36}))) ==
        WEIR_OK);
  CHECK(join.give(1, columns_of(testing::text_column({"eve", "bob"}), testing::text_column({"Eve", nullptr}),
                                numbers<std::int32_t>({1, 31}))) == WEIR_OK);
  CHECK(join.told.pushed.empty());
}

TEST_CASE("a row comes once for each partner, in their order, and one without is dropped or stays") {
  Instance inner(orders(), customers(), by_customer());
  REQUIRE(inner.status == WEIR_OK);
  give_customers(inner);
  CHECK(inner.joined(some_orders()) == Texts{"1|ada|Ada|36", "2|bob|Bob|30", "2|bob|null|31", "5|ada|Ada|36"});
  CHECK(inner.told.dropped == 2);
  Instance left(orders(), customers(), by_customer().with({"/kind", "left"}));
  give_customers(left);
  CHECK(left.joined(some_orders(), 1) ==
        Texts{"2|bob|Bob|30", "2|bob|null|31", "3|null|null|null", "4|zoe|null|null", "5|ada|Ada|36"});
  CHECK(left.told.dropped == 0);
  CHECK((left.output().children[3]->flags & ARROW_FLAG_NULLABLE) != 0);
  CHECK((inner.output().children[3]->flags & ARROW_FLAG_NULLABLE) == 0);
}

TEST_CASE("with nothing to join inner has no rows, and left has all") {
  Instance inner(orders(), customers(), by_customer());
  CHECK(inner.joined(some_orders()).empty());
  CHECK(inner.told.dropped == 5);
  Instance left(orders(), customers(), by_customer().with({"/kind", "left"}));
  CHECK(left.joined(some_orders()).size() == 5);
}

TEST_CASE("a null equals nothing, not even a null, in a key of several columns too") {
  const auto pairs = [] { return Schema::rows(fields_of(Schema::field("l", "a"), Schema::field("l", "b"))); };
  const auto more = [] {
    return Schema::rows(fields_of(Schema::field("l", "a"), Schema::field("l", "b"), Schema::field("l", "c")));
  };
  Instance join(pairs(), more(), testing::Options{{"/on/0", "a"}, {"/on/1", "b"}, {"/kind", "inner"}});
  join.give(1, columns_of(numbers({1, 1, {}}), numbers({{}, 2, {}}), numbers({10, 11, 12})));
  CHECK(join.joined(columns_of(numbers({1, 1, {}, 2}), numbers({{}, 2, {}, 1}))) == Texts{"1|2|11"});
}

TEST_CASE("which columns come, and what they are called, can be said") {
  Instance list(orders(), customers(), by_customer().with({"/columns/0", "age"}));
  give_customers(list);
  CHECK(list.joined(some_orders()).front() == "1|ada|36");
  Instance renamed(orders(), customers(),
                   by_customer().with({"/columns/who", "name"}).with({"/columns/customer_id", "id"}));
  give_customers(renamed);
  CHECK(renamed.joined(some_orders()).front() == "1|ada|Ada|ada");
  CHECK(std::string(renamed.output().children[2]->name) == "who");
}

TEST_CASE("values are equal whatever the width of their columns") {
  Instance join(Schema::rows(fields_of(Schema::field("c", "n"))),
                Schema::rows(fields_of(Schema::field("l", "n"), Schema::field("U", "t"))),
                testing::Options{{"/on/0", "n"}, {"/kind", "inner"}});
  REQUIRE(join.status == WEIR_OK);
  LargeTextBuilder texts;
  for (const char* text : {"seven", "big"}) texts.append(text);
  join.give(1, columns_of(numbers({7, 1000}), texts.finish()));
  CHECK(join.joined(columns_of(numbers<std::int8_t>({7, 8}))) == Texts{"7|seven"});
}

TEST_CASE("lists and dictionaries go through on either side, when rows come several times too") {
  const auto left = [] {
    std::vector<Schema> fields =
        fields_of(Schema::field("l", "n"), Schema::nested("+l", "list", Schema::field("l", "item")));
    fields.push_back(Schema::dictionary(Schema::field("i", "word"), Schema::field("u", "")));
    return Schema::rows(std::move(fields));
  };
  const auto right = [] {
    std::vector<Schema> fields =
        fields_of(Schema::field("l", "n"), Schema::nested("+l", "more", Schema::field("l", "item")));
    fields.push_back(Schema::dictionary(Schema::field("i", "other"), Schema::field("u", "")));
    return Schema::rows(std::move(fields));
  };
  const auto rows = [](const std::vector<std::optional<std::int64_t>>& values) {
    NumberBuilder<std::int64_t> items;
    ListBuilder lists;
    DictionaryBuilder words;
    for (const auto& value : values) {
      items.append(*value);
      items.append(*value + 1);
      lists.append(items.length());
      words.append(*value % 2 == 0 ? "even" : "odd");
    }
    return columns_of(numbers(values), lists.finish(items.finish()), words.finish());
  };
  Instance join(left(), right(), testing::Options{{"/on/0", "n"}, {"/kind", "inner"}});
  REQUIRE(join.status == WEIR_OK);
  join.give(1, rows({2, 3, 2}));
  CHECK(join.joined(rows({1, 2, 3})) ==
        Texts{"2|[2, 3]|even|[2, 3]|even", "2|[2, 3]|even|[2, 3]|even", "3|[3, 4]|odd|[3, 4]|odd"});
  CHECK(join.joined(rows({3, 3})) == Texts{"3|[3, 4]|odd|[3, 4]|odd", "3|[3, 4]|odd|[3, 4]|odd"});
}

TEST_CASE("join agrees with a multimap, also where rows are many more than a batch") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (const bool is_left : {true, false}) {
    Instance join(Schema::rows(fields_of(Schema::field("l", "k"), Schema::field("l", "a"))),
                  Schema::rows(fields_of(Schema::field("l", "k"), Schema::field("l", "b"))),
                  testing::Options{{"/on/0", "k"}, {"/kind", is_left ? "left" : "inner"}});
    std::multimap<std::int64_t, std::int64_t> known;
    for (int batch = 0; batch < 20; ++batch) {
      std::vector<std::optional<std::int64_t>> keys, values;
      for (int i = 0; i < 500; ++i) {
        keys.emplace_back(random() % 200);
        values.emplace_back(random() % 1000);
        known.emplace(*keys.back(), *values.back());
      }
      REQUIRE(join.give(1, columns_of(numbers(keys), numbers(values))) == WEIR_OK);
    }
    std::vector<std::optional<std::int64_t>> keys, values;
    Texts expected;
    for (int i = 0; i < 3000; ++i) {
      keys.emplace_back(random() % 300);
      values.emplace_back(i);
      const auto [from, to] = known.equal_range(*keys.back());
      const std::string row = std::to_string(*keys.back()) + "|" + std::to_string(i) + "|";
      for (auto at = from; at != to; ++at) expected.push_back(row + std::to_string(at->second));
      if (from == to && is_left) expected.push_back(row + "null");
    }
    REQUIRE(expected.size() > 65536);
    CHECK(join.joined(columns_of(numbers(keys), numbers(values))) == expected);
    CHECK(join.told.pushed.size() == (expected.size() + 65535) / 65536);
  }
}

TEST_CASE("join has many inputs, may give more rows, and tells what it reads and where columns come from") {
  weir_traits traits{};
  traits.size = sizeof traits;
  testing::Options options = by_customer();
  weir_error error = testing::no_error();
  REQUIRE(table().traits(options.config(), &traits, &error) == WEIR_OK);
  CHECK(traits.many_inputs == 1);
  CHECK(traits.scope == WEIR_SCOPE_CHAIN);
  CHECK(traits.rows == WEIR_ROWS_MULTIPLY);
  const auto& reads = *static_cast<const weir_reads*>(component().extension(to_weir(std::string_view(WEIR_READS))));
  const Instance join(orders(), customers(), by_customer().with({"/columns/who", "name"}));
  for (const auto& [input, expected] : {std::pair(0U, Texts{"customer"}), std::pair(1U, Texts{"id", "name"})}) {
    testing::Bytes names;
    REQUIRE(reads.columns(join.self, input, names.sink(), &error) == WEIR_OK);
    CHECK(names.kept == expected);
  }
  const auto from = [&](const char* column, std::uint64_t input) {
    testing::Bytes names;
    CHECK(reads.lineage(join.self, 0, to_weir(std::string_view(column)), input, names.sink(), &error) == WEIR_OK);
    return names.kept;
  };
  CHECK(from("order", 0) == Texts{"order"});
  CHECK(from("who", 0).empty());
  CHECK(from("who", 1) == Texts{"name"});
}

TEST_CASE("every message of join is what its golden file says") {
  test::Golden golden(WEIR_GOLDEN "/messages.txt");
  const auto tell = [&](const char* title, const weir_error& error) {
    golden.tell(title, std::string(error.option) + ": " + error.message + "\nhint: " + error.hint);
  };
  const auto refused = [&](const char* title, Schema left, Schema right, testing::Options options) {
    const Instance join(std::move(left), std::move(right), std::move(options));
    CHECK(join.status == WEIR_INVALID_ARGUMENT);
    tell(title, join.error);
  };
  refused("a column that is not there", orders(), customers(), {{"/on/custmer", "id"}});
  refused("a column that is not there on the other side", orders(), customers(), {{"/on/customer", "idd"}});
  refused("columns of two types", orders(), customers(), {{"/on/order", "id"}});
  refused("a column that does not come", orders(), customers(), by_customer().with({"/columns/0", "nmae"}));
  refused("a name that is taken", orders(), orders(), {{"/on/0", "order"}});
  refused("a name that is given twice", orders(), customers(),
          by_customer().with({"/columns/0", "name"}).with({"/columns/1", "name"}));
  const auto listed = [] { return Schema::rows(fields_of(Schema::nested("+l", "tags", Schema::field("l", "item")))); };
  refused("a list", listed(), listed(), {{"/on/0", "tags"}});
  testing::TransformerInstance alone("join", orders(), by_customer());
  tell("nothing to join", alone.error);
  Instance small(Schema::rows(fields_of(Schema::field("l", "k"))),
                 Schema::rows(fields_of(Schema::field("l", "k"), Schema::field("l", "v"))), {{"/on/0", "k"}}, 1 << 19);
  std::vector<std::optional<std::int64_t>> many(20'000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::int64_t>(i);
  CHECK(small.give(1, columns_of(numbers(many), numbers(many))) == WEIR_FAILED_PRECONDITION);
  tell("more rows than memory has room for", small.error);
  golden.end();
}

}  // namespace
}  // namespace weir
