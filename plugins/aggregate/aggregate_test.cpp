// aggregate, through the ABI.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <random>

#include <weir/ext/reads.h>

#include <weir/cpp/value_text.hpp>
#include <weir/testing_transformer.hpp>
#include <weir/weir.hpp>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

namespace weir {
namespace {

using Texts = std::vector<std::string>;

const weir_component& component() { return *testing::component_of(weir_plugin_v1(), "aggregate"); }

// Its rows are those of one batch after the other.
class Instance : public testing::TransformerInstance {
 public:
  Instance(Schema input, testing::Options options, std::int64_t memory = 64 << 20)
      : TransformerInstance("aggregate", std::move(input), std::move(options.with({"/memory", memory}))) {}

  weir_status add(std::vector<Array> columns, std::int64_t first = 0) {
    const std::int64_t length = columns.front()->length - first;
    process(std::move(columns), first, length);
    CHECK(collected.pushed.empty());
    return status;
  }
  // What it pushes at the end: rows of values, with '|' between them.
  Texts end() {
    testing::Collected told;
    status = table().flush(self, 0, WEIR_FLUSH_BARRIER, told.next(), &error);
    CHECK((status == WEIR_OK && told.pushed.empty()));
    status = table().flush(self, 0, WEIR_FLUSH_END, told.next(), &error);
    return testing::texts_of(told, output());
  }
};

Schema sales() { return Schema::rows(fields_of(Schema::field("u", "country"), Schema::field("l", "amount"))); }

std::vector<Array> sales_of(const std::vector<std::pair<const char*, std::optional<std::int64_t>>>& rows) {
  TextBuilder countries;
  NumberBuilder<std::int64_t> amounts;
  for (const auto& [country, amount] : rows) {
    country == nullptr ? countries.append_null() : countries.append(country);
    amount ? amounts.append(*amount) : amounts.append_null();
  }
  std::vector<Array> columns;
  columns.push_back(countries.finish());
  columns.push_back(amounts.finish());
  return columns;
}

// Of columns named a, b, c, ….
testing::Options asking(std::initializer_list<const char*> calls, const char* by = "country") {
  testing::Options options;
  if (by != nullptr) options.with({"/by/0", by});
  char name = 'a';
  for (const char* call : calls) options.with({std::string("/columns/") + name++, call});
  return options;
}

TEST_CASE("rows become one a group, in the order of first rows, a null being a key like others") {
  Instance aggregate(sales(), asking({"count()", "count(amount)", "sum(amount)", "avg(amount)", "min(amount)",
                                      "max(amount)", "first(amount)", "last(amount)", "count(distinct amount)"}));
  REQUIRE(aggregate.status == WEIR_OK);
  CHECK(aggregate.add(sales_of({{"IT", 3}, {nullptr, 1}, {"FR", {}}, {"IT", 4}})) == WEIR_OK);
  CHECK(aggregate.add(sales_of({{"", 9}, {nullptr, 1}, {"IT", {}}, {"IT", 3}}), 1) == WEIR_OK);
  CHECK(aggregate.end() == Texts{"IT|4|3|10|3.3333333333333335|3|4|3|3|2", "null|2|2|2|1.0|1|1|1|1|1",
                                 "FR|1|0|null|null|null|null|null|null|0"});
}

TEST_CASE("without columns to group by there is one row, also of no rows") {
  Instance none(sales(), asking({"count()", "sum(amount)", "max(country)"}, nullptr));
  CHECK(none.end() == Texts{"0|null|null"});
  Instance some(sales(), asking({"count()", "sum(amount)", "max(country)"}, nullptr));
  some.add(sales_of({{"IT", 3}, {"FR", 4}}));
  CHECK(some.end() == Texts{"2|7|IT"});
  Instance grouped(sales(), asking({"count()"}));
  CHECK(grouped.end().empty());
}

TEST_CASE("what partial instances hold comes to what one would, the empty ones too") {
  for (const char* by : {"country", static_cast<const char*>(nullptr)}) {
    const auto options = [by] {
      return asking({"count()", "first(amount)", "last(amount)", "count(distinct amount)"}, by);
    };
    Instance whole(sales(), options()), last(sales(), options()), one(sales(), options()), two(sales(), options());
    whole.add(sales_of({{"IT", {}}, {"FR", 2}, {"FR", 2}, {"IT", 4}, {"ES", 2}}));
    one.add(sales_of({{"IT", {}}, {"FR", 2}}));
    one.merge_into(last);
    two.merge_into(last);
    one.add(sales_of({{"FR", 2}, {"IT", 4}}));
    two.add(sales_of({{"ES", 2}}));
    one.merge_into(last);
    two.merge_into(last);
    CHECK(last.end() == whole.end());
  }
}

// Every type that has values, and that can be summed.
struct Wide {
  static Schema schema() {
    std::vector<Schema> fields;
    const char* formats[] = {"b", "c", "C",  "s", "S",   "i",   "I",   "l",   "L",   "e",       "f",   "g", "d:10,2",
                             "u", "U", "vu", "z", "w:2", "tdD", "tdm", "ttm", "ttu", "tsu:UTC", "tDs", "n"};
    for (const char* format : formats) fields.push_back(Schema::field(format, format));
    return Schema::rows(std::move(fields));
  }
  template <class T>
  static Array numbers(std::mt19937& random, std::size_t rows) {
    NumberBuilder<T> builder;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto value = static_cast<std::int64_t>(random() % 7);
      if (value == 0) {
        builder.append_null();
      } else if constexpr (std::is_same_v<T, Half>) {
        builder.append(to_half(static_cast<float>(value)));
      } else if constexpr (std::is_floating_point_v<T>) {
        builder.append(static_cast<T>(value) / T{3});
      } else {
        builder.append(static_cast<T>(value));
      }
    }
    return builder.finish();
  }
  template <class Builder>
  static Array texts(Builder builder, std::mt19937& random, std::size_t rows) {
    for (std::size_t i = 0; i < rows; ++i) {
      const auto value = random() % 7;
      value == 0 ? builder.append_null() : builder.append(std::string(2, static_cast<char>('a' + value)));
    }
    return builder.finish();
  }
  static std::vector<Array> rows(std::mt19937& random, std::size_t count) {
    std::vector<Array> columns;
    BooleanBuilder flags;
    for (std::size_t i = 0; i < count; ++i) random() % 3 == 0 ? flags.append_null() : flags.append(random() % 2 == 0);
    columns.push_back(flags.finish());
    columns.push_back(numbers<std::int8_t>(random, count));
    columns.push_back(numbers<std::uint8_t>(random, count));
    columns.push_back(numbers<std::int16_t>(random, count));
    columns.push_back(numbers<std::uint16_t>(random, count));
    columns.push_back(numbers<std::int32_t>(random, count));
    columns.push_back(numbers<std::uint32_t>(random, count));
    columns.push_back(numbers<std::int64_t>(random, count));
    columns.push_back(numbers<std::uint64_t>(random, count));
    columns.push_back(numbers<Half>(random, count));
    columns.push_back(numbers<float>(random, count));
    columns.push_back(numbers<double>(random, count));
    columns.push_back(numbers<Int128>(random, count));
    columns.push_back(texts(TextBuilder(), random, count));
    columns.push_back(texts(LargeTextBuilder(), random, count));
    columns.push_back(texts(ViewBuilder(), random, count));
    columns.push_back(texts(TextBuilder(), random, count));
    columns.push_back(texts(FixedBinaryBuilder(2), random, count));
    columns.push_back(numbers<std::int32_t>(random, count));
    columns.push_back(numbers<std::int64_t>(random, count));
    columns.push_back(numbers<std::int32_t>(random, count));
    for (int i = 0; i < 3; ++i) columns.push_back(numbers<std::int64_t>(random, count));
    columns.push_back(make_array(static_cast<std::int64_t>(count), static_cast<std::int64_t>(count), {}));
    return columns;
  }
};

TEST_CASE("every type is a key, and its values are picked, as they are") {
  const Schema schema = Wide::schema();
  for (std::int64_t i = 0; i < schema->n_children; ++i) {
    if (type_of(*schema->children[i]).type == Type::date64) continue;  // what is within a day has one text
    const std::string name = schema->children[i]->name, quoted = "(\"" + name + "\")";
    CAPTURE(name);
    testing::Options options{{"/by/0", name}, {"/columns/rows", "count()"}};
    for (const char* function : {"min", "max", "first", "last"})
      options.with({std::string("/columns/") + function, function + quoted});
    Instance aggregate(Wide::schema(), std::move(options));
    INFO(aggregate.error.message);
    REQUIRE(aggregate.status == WEIR_OK);
    std::mt19937 random(7);
    std::vector<Array> columns = Wide::rows(random, 200);
    std::vector<std::pair<std::string, int>> expected;
    for (std::int64_t row = 0; row < 200; ++row) {
      std::string text;
      append_value(text, *schema->children[i], columns[static_cast<std::size_t>(i)].get(), 0, row);
      const auto same =
          std::find_if(expected.begin(), expected.end(), [&](const auto& had) { return had.first == text; });
      if (same == expected.end()) {
        expected.emplace_back(text, 1);
      } else {
        ++same->second;
      }
    }
    REQUIRE(aggregate.add(std::move(columns)) == WEIR_OK);
    Texts rows;
    for (const auto& [text, count] : expected)
      rows.push_back(text + "|" + std::to_string(count) + "|" + text + "|" + text + "|" + text + "|" + text);
    CHECK(aggregate.end() == rows);
  }
}

TEST_CASE("numbers of any type are summed, and none of their order or their parts can be seen, nor of checkpoints") {
  testing::Options options{{"/by/0", "vu"}, {"/by/1", "b"}};
  const std::vector<std::string> summed{"c", "C", "s", "S", "i", "I", "l", "L", "e", "f", "g", "d:10,2", "tDs"};
  for (const auto& name : summed) {
    options.with({"/columns/sum " + name, "sum(\"" + name + "\")"});
    options.with({"/columns/avg " + name, "avg( \"" + name + "\" )"});
  }
  options.with({"/columns/different", "Count(DISTINCT \"tsu:UTC\")"});
  const auto fields = [] { return Wide::schema(); };
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Instance whole(fields(), options), part(fields(), options);
  REQUIRE(whole.status == WEIR_OK);
  testing::KeptState kept;
  auto resumed = std::make_unique<Instance>(fields(), options);
  for (int batch = 0; batch < 24; ++batch) {
    const auto rows = [batch_seed = random()] {
      std::mt19937 own(batch_seed);
      return Wide::rows(own, 300);
    };
    whole.add(rows());
    if (batch % 2 == 0) {
      part.add(rows());
      if (batch % 3 != 1) part.merge_into(*resumed);
      continue;
    }
    resumed->add(rows());
    REQUIRE(kept.snapshot(*resumed) == WEIR_OK);
    auto next = std::make_unique<Instance>(fields(), options);
    REQUIRE(kept.restore(*next, 1 + random() % 3) == WEIR_OK);
    resumed = std::move(next);
  }
  part.merge_into(*resumed);
  Texts expected = whole.end(), found = resumed->end();
  std::sort(expected.begin(), expected.end());
  std::sort(found.begin(), found.end());
  CHECK(found == expected);
  CHECK(expected.size() > 15);
}

TEST_CASE("a sum of floats is the exact one, rounded once, in whatever order they come") {
  const auto sum_of = [](const std::vector<double>& values) {
    Instance aggregate(Schema::rows(fields_of(Schema::field("g", "x"))), asking({"sum(x)"}, nullptr));
    NumberBuilder<double> builder;
    for (const double value : values) builder.append(value);
    std::vector<Array> columns;
    columns.push_back(builder.finish());
    aggregate.add(std::move(columns));
    testing::Collected told;
    REQUIRE(aggregate.table().flush(aggregate.self, 0, WEIR_FLUSH_END, told.next(), &aggregate.error) == WEIR_OK);
    return NumberColumn<double>(*told.pushed.at(0).rows->children[0])[0];
  };
  CHECK(sum_of(std::vector<double>(10, 0.1)) == 1.0);
  CHECK(sum_of({1e16, 1, -1e16}) == 1);
  CHECK(sum_of({1e308, 1e308, -1e308}) == 1e308);
  CHECK(sum_of({1e308, 1e308, 1e-300, -1e308, -1e308}) == 1e-300);
  CHECK(sum_of({1.0, 0x1p-53, 0x1p-106}) == 1.0 + 0x1p-52);  // just above the middle
  CHECK(sum_of({1.0, 0x1p-53}) == 1.0);                      // the middle goes to the even one
  CHECK(sum_of({1.0 + 0x1p-52, 0x1p-53}) == 1.0 + 0x1p-51);
  CHECK(sum_of({0x1p-1074, 0x1p-1074, -0x1p-1022}) == -0x1p-1022 + 0x1p-1073);
  CHECK(sum_of({1e308, 1e308}) == HUGE_VAL);
  CHECK(sum_of({-1e308, -1e308, -1e308}) == -HUGE_VAL);
  CHECK(sum_of({HUGE_VAL, -1e308, 1}) == HUGE_VAL);
  CHECK(std::isnan(sum_of({HUGE_VAL, -HUGE_VAL})));
  CHECK(std::isnan(sum_of({NAN, 1})));
  CHECK(sum_of({-0.0, 0.0}) == 0);
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> values;
    const int spread = round % 2 == 0 ? 20 : 900;
    for (int i = 0; i < 60; ++i)
      values.push_back(std::ldexp(static_cast<double>(static_cast<std::int64_t>(random())),
                                  static_cast<int>(random() % static_cast<unsigned>(2 * spread)) - spread));
    const double once = sum_of(values);
    std::shuffle(values.begin(), values.end(), random);
    REQUIRE(sum_of(values) == once);
  }
}

TEST_CASE("integers are summed beyond their bits, and one that its column can't hold ends the run") {
  Instance exact(sales(), asking({"sum(amount)", "avg(amount)"}));
  exact.add(sales_of({{"IT", INT64_MAX}, {"IT", INT64_MAX}, {"IT", -INT64_MAX}, {"FR", INT64_MIN}}));
  CHECK(exact.end() ==
        Texts{"IT|9223372036854775807|3.0744573456182584e+18", "FR|-9223372036854775808|-9.223372036854776e+18"});
  const auto most = [] {
    Int128 value = 1;
    for (int i = 0; i < 38; ++i) value *= 10;
    return value - 1;
  }();
  const auto decimals = [most](std::initializer_list<int> signs) {
    Instance aggregate(Schema::rows(fields_of(Schema::field("d:38,0", "x"))), asking({"sum(x)"}, nullptr));
    NumberBuilder<Int128> builder;
    for (const int sign : signs) builder.append(sign * most);
    std::vector<Array> columns;
    columns.push_back(builder.finish());
    aggregate.add(std::move(columns));
    const Texts rows = aggregate.end();
    return rows.empty() ? std::string(aggregate.error.message) : rows.front();
  };
  CHECK(decimals({1, 1, 1, -1, -1}) == std::string(38, '9'));
  CHECK(decimals({-1, -1, -1, 1, 1}) == "-" + std::string(38, '9'));
  CHECK(decimals({1, 1, 1}) == "column 'a': expected a sum within a decimal(38,0), found one beyond 128 bits");
}

TEST_CASE("what is not a number is greater than any, -0 is 0, and texts are compared by their bytes") {
  Instance aggregate(Schema::rows(fields_of(Schema::field("g", "x"), Schema::field("u", "t"))),
                     asking({"min(x)", "max(x)", "min(t)", "max(t)", "count(distinct x)"}, nullptr));
  NumberBuilder<double> numbers;
  for (const double value : std::vector<double>{NAN, -0.0, 5.0, 0.0}) numbers.append(value);
  std::vector<Array> columns;
  columns.push_back(numbers.finish());
  columns.push_back(testing::text_column({"b", "é", "Z", nullptr}));
  aggregate.add(std::move(columns));
  CHECK(aggregate.end() == Texts{"0.0|NaN|Z|é|3"});
}

TEST_CASE("a snapshot has the groups that changed, and long ones come back whole") {
  Instance aggregate(sales(), asking({"count()"}));
  testing::KeptState kept;
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) names.push_back("c" + std::to_string(i));
  std::vector<std::pair<const char*, std::optional<std::int64_t>>> rows;
  for (const auto& name : names) rows.emplace_back(name.c_str(), 1);
  aggregate.add(sales_of(rows));
  REQUIRE(kept.snapshot(aggregate) == WEIR_OK);
  CHECK(kept.told == 1 + 4);
  aggregate.add(sales_of({{"c700", 1}, {"c701", 1}}));
  REQUIRE(kept.snapshot(aggregate) == WEIR_OK);
  CHECK(kept.told == 1);
  REQUIRE(kept.snapshot(aggregate) == WEIR_OK);
  CHECK(kept.told == 0);
  Instance longest(sales(), asking({"min(country)", "max(country)"}, nullptr), 256 << 20);
  const std::string a(20 << 20, 'a'), b(20 << 20, 'b');
  longest.add(sales_of({{b.c_str(), 1}, {a.c_str(), 1}}));
  testing::KeptState parts;
  REQUIRE(parts.snapshot(longest) == WEIR_OK);
  CHECK(parts.items.size() == 1 + 6);
  for (const auto& [key, value] : parts.items) CHECK(value.size() <= 16 << 20);
  Instance next(sales(), asking({"min(country)", "max(country)"}, nullptr), 256 << 20);
  REQUIRE(parts.restore(next, 1) == WEIR_OK);
  next.add(sales_of({{"", 1}}));
  REQUIRE(parts.snapshot(next) == WEIR_OK);
  CHECK(parts.items.size() == 1 + 3);
  CHECK(next.end() == Texts{"|" + b});
}

TEST_CASE("aggregate sees all rows of a run, in order, reads what it needs, and tells where columns come from") {
  weir_traits traits{};
  traits.size = sizeof traits;
  testing::Options options = asking({"count()", "sum(amount)"});
  weir_error error = testing::no_error();
  const auto& table = testing::transformer_of_plugin("aggregate");
  REQUIRE(table.traits(options.config(), &traits, &error) == WEIR_OK);
  CHECK(traits.scope == WEIR_SCOPE_RUN);
  CHECK(traits.ordered == 1);
  CHECK(traits.rows == WEIR_ROWS_MERGE);
  const auto& reads = *static_cast<const weir_reads*>(component().extension(to_weir(std::string_view(WEIR_READS))));
  const Instance aggregate(
      Schema::rows(fields_of(Schema::field("u", "country"), Schema::field("l", "amount"), Schema::field("l", "other"))),
      asking({"count()", "sum(amount)"}));
  testing::Bytes names, from;
  REQUIRE(reads.columns(aggregate.self, 0, names.sink(), &error) == WEIR_OK);
  CHECK(names.kept == Texts{"country", "amount"});
  for (const char* column : {"a", "b", "country"})
    REQUIRE(reads.lineage(aggregate.self, 0, to_weir(std::string_view(column)), 0, from.sink(), &error) == WEIR_OK);
  CHECK(from.kept == Texts{"amount", "country"});
  CHECK(aggregate.state() != nullptr);
}

TEST_CASE("every message of aggregate is what its golden file says") {
  test::Golden golden(WEIR_GOLDEN "/messages.txt");
  const auto tell = [&](const char* title, const weir_error& error) {
    const std::string at =
        error.offset < 0 ? "" : " at " + std::to_string(error.offset) + ", " + std::to_string(error.length);
    golden.tell(title, std::string(error.option) + at + ": " + error.message + "\nhint: " + error.hint);
  };
  tell("a column that is not there", Instance(sales(), asking({"count()"}, "contry")).error);
  tell("a column twice", Instance(sales(), testing::Options{{"/by/0", "amount"}, {"/by/1", "amount"}}).error);
  for (const char* call :
       {"sum(ammount)", "summ(amount)", "", "amount", "sum", "sum(", "sum()", "sum(amount", "sum(amount * 2)",
        "sum(amount) / 2", "sum(distinct amount)", "sum(\"amount)", "sum(country)", "sum(*)"})
    tell(call, Instance(sales(), asking({call})).error);
  CHECK(Instance(sales(), asking({"count(*)", "count ( \"amount\" )", "MAX(amount)"})).status == WEIR_OK);
  tell("a name that is taken",
       Instance(sales(), testing::Options{{"/by/0", "country"}, {"/columns/country", "count()"}}).error);
  const auto listed = [] {
    std::vector<Schema> item;
    item.push_back(Schema::field("l", "item"));
    return Schema::rows(fields_of(Schema::field("l", "id"), Schema::field("+l", "tags", true, {}, std::move(item))));
  };
  tell("a list to group by", Instance(listed(), asking({"count()"}, "tags")).error);
  tell("the least of lists", Instance(listed(), asking({"min(tags)"}, "id")).error);
  Instance large(sales(), asking({"sum(amount)"}));
  large.add(sales_of({{"IT", INT64_MAX}, {"IT", 1}}));
  CHECK(large.end().empty());
  tell("a sum beyond its column", large.error);
  Instance small(sales(), asking({"count(distinct amount)"}, "amount"), 1 << 20);
  std::vector<std::pair<const char*, std::optional<std::int64_t>>> rows;
  for (std::int64_t i = 0; i < 30'000; ++i) rows.emplace_back("x", i);
  CHECK(small.add(sales_of(rows)) == WEIR_FAILED_PRECONDITION);
  tell("more groups than memory has room for", small.error);
  Instance values(sales(), asking({"count(distinct amount)"}, nullptr), 256 << 10);
  CHECK(values.add(sales_of(rows)) == WEIR_FAILED_PRECONDITION);
  tell("more values than memory has room for", values.error);
  testing::KeptState kept;
  Instance other(sales(), asking({"max(amount)"}));
  other.add(sales_of({{"IT", 1}}));
  REQUIRE(kept.snapshot(other) == WEIR_OK);
  Instance again(sales(), asking({"min(amount)"}));
  CHECK(kept.restore(again) == WEIR_FAILED_PRECONDITION);
  tell("a checkpoint of other functions", again.error);
  for (const auto& [key, value] : {std::pair("g0.0", "x"), std::pair("g0", ""), std::pair("gx.0", ""),
                                   std::pair("more", "1"), std::pair("s", "2")}) {
    Instance foreign(sales(), asking({"max(amount)"}));
    kept.items = {{key, value}};
    CHECK(kept.restore(foreign) == WEIR_FAILED_PRECONDITION);
  }
  golden.end();
}

}  // namespace
}  // namespace weir
