// validate, as the host sees it.
#include "validate.hpp"

#include <weir_catch.hpp>
#include <weir_fake_host.hpp>

#include <weir/testing.hpp>

namespace {

using namespace weir;
using test::FakeHost;
using test::Options;
using test::Rejected;
using Rows = std::vector<std::uint32_t>;
using Texts = std::vector<const char*>;

template <class T>
Array numbers_of(const std::vector<T>& values) {
  NumberBuilder<T> builder;
  for (const T value : values) builder.append(value);
  return builder.finish();
}

Array one_column(Array column) {
  const std::int64_t length = column->length;
  std::vector<Array> columns;
  columns.push_back(std::move(column));
  return rows_of(length, std::move(columns));
}

Schema schema_with(const char* format, const char* name = "x") {
  std::vector<Schema> fields;
  fields.push_back(Schema::field(format, name));
  return Schema::rows(std::move(fields));
}

Options rule(Options options) {
  options.objects["/columns"] = {"x"};
  return options;
}

// The rows that pass, of one column of texts.
test::Outcome checked(Options options, const Texts& values) {
  FakeHost host(rule(std::move(options)));
  const Schema schema = schema_with("u");
  REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_OK);
  const Array rows = one_column(testing::text_column(values));
  return host.process(rows.get());
}

std::string validate_refusal(Options options, const char* format) {
  FakeHost host(rule(std::move(options)));
  const Schema schema = schema_with(format);
  REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_INVALID_ARGUMENT);
  CHECK(host.error.fault == WEIR_FAULT_MANIFEST);
  return std::string(host.error.option) + ": " + host.error.message;
}

}  // namespace

TEST_CASE("validate passes a batch on as it is when nothing is bad") {
  const auto outcome = checked({.texts = {{"/columns/x/pattern", "[A-Z]{2}"}}}, {"DE", "FR", nullptr});
  CHECK(outcome.all);
  CHECK(outcome.rejected.empty());
}

TEST_CASE("validate parses a column of text, rejects what is not of its type, and passes the rest with that type") {
  FakeHost host(rule({.texts = {{"/columns/x/type", "int64"}}}));
  const Schema schema = schema_with("u");
  REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_OK);
  CHECK(std::string(host.outputs[0]->children[0]->format) == "l");
  const Array rows = one_column(testing::text_column({"1", "x7", nullptr, "-30"}));
  const auto outcome = host.process(rows.get());
  REQUIRE(outcome.rejected.size() == 1);
  CHECK(outcome.rejected[0] == Rejected{1, "x", "not an integer", "expected int64, found \"x7\""});
  REQUIRE(outcome.pushed.size() == 1);
  const Array& passed = outcome.pushed[0];
  REQUIRE(passed->length == 3);
  const NumberColumn<std::int64_t> column(*passed->children[0]);
  CHECK(column[0] == 1);
  CHECK_FALSE(column.valid(1));
  CHECK(column[2] == -30);
}

TEST_CASE("validate hands every row on with a new type when all can be parsed") {
  FakeHost host(rule({.texts = {{"/columns/x/type", "date"}}}));
  const Schema schema = schema_with("u");
  REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_OK);
  const Array rows = one_column(testing::text_column({"1970-01-02", "2000-01-01"}));
  const auto outcome = host.process(rows.get());
  REQUIRE(outcome.pushed.size() == 1);
  CHECK(outcome.pushed[0]->length == 2);
  CHECK(NumberColumn<std::int32_t>(*outcome.pushed[0]->children[0])[0] == 1);
}

TEST_CASE("validate leaves columns beside a converted one as they are, in a slice too") {
  FakeHost host({.texts = {{"/columns/x/type", "int64"}}, .objects = {{"/columns", {"x"}}}});
  std::vector<Schema> fields;
  fields.push_back(Schema::field("u", "x"));
  fields.push_back(Schema::field("l", "y"));
  const Schema schema = Schema::rows(std::move(fields));
  REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_OK);
  std::vector<Array> columns;
  columns.push_back(testing::text_column({"0", "1", "2", "3", "4"}));
  columns.push_back(numbers_of<std::int64_t>({10, 11, 12, 13, 14}));
  const Array rows = rows_of(5, std::move(columns));
  ArrowArray slice = rows.get();
  slice.offset = 1;
  slice.length = 3;
  const auto outcome = host.process(slice);
  REQUIRE(outcome.pushed.size() == 1);
  const NumberColumn<std::int64_t> x(*outcome.pushed[0]->children[0]), y(*outcome.pushed[0]->children[1]);
  for (std::int64_t row = 0; row < 3; ++row) {
    CHECK(x[row] == row + 1);
    CHECK(y[row] == row + 11);
  }
}

TEST_CASE("validate tells why a row is bad") {
  const auto reasons = [](Options options, const Texts& values) {
    std::vector<std::string> found;
    for (const Rejected& rejected : checked(std::move(options), values).rejected)
      found.push_back(rejected.reason + ": " + rejected.detail);
    return found;
  };
  using Reasons = std::vector<std::string>;
  CHECK(reasons({.booleans = {{"/columns/x/nullable", false}}}, {"a", nullptr}) ==
        Reasons{"null: expected a value, found null"});
  CHECK(reasons({.objects = {{"/columns/x/length", {"min", "max"}}},
                 .integers = {{"/columns/x/length/min", 2}, {"/columns/x/length/max", 3}}},
                {"a", "äöü", "abcd", "ab"}) == Reasons{"too short: expected at least 2 characters, found \"a\"",
                                                       "too long: expected at most 3 characters, found \"abcd\""});
  CHECK(reasons({.texts = {{"/columns/x/pattern", "[A-Z]+"}}}, {"AB", "Ab"}) ==
        Reasons{"does not match the pattern: expected a text that matches [A-Z]+, found \"Ab\""});
  CHECK(reasons({.texts = {{"/columns/x/enum/0", "new"}, {"/columns/x/enum/1", "paid"}},
                 .arrays = {{"/columns/x/enum", 2}}},
                {"new", "new", "old", "paid"}) ==
        Reasons{"not one of the allowed values: expected one of new, paid, found \"old\""});
  CHECK(reasons({.texts = {{"/columns/x/type", "decimal(5,2)"}}, .numbers = {{"/columns/x/min", 0.5}}},
                {"1.25", "0.49", "1.234"}) == Reasons{"out of range: expected at least 0.5, found \"0.49\"",
                                                      "not a number: expected decimal(5,2), found \"1.234\""});
  CHECK(reasons({.texts = {{"/columns/x/type", "timestamp(us, UTC)"}, {"/columns/x/min", "2024-01-01"}}},
                {"2024-01-01T00:00:00Z", "2024-01-01T00:00:00", "2023-12-31T23:59:59Z"}) ==
        Reasons{"not a timestamp: expected timestamp(us, UTC), found \"2024-01-01T00:00:00\"",
                "out of range: expected at least 2024-01-01, found \"2023-12-31T23:59:59Z\""});
}

TEST_CASE("validate rejects a row once, for the first rule that it breaks") {
  const auto outcome = checked({.texts = {{"/columns/x/pattern", "[a-z]+"}},
                                .objects = {{"/columns/x/length", {"min"}}},
                                .integers = {{"/columns/x/length/min", 2}}},
                               {"A"});
  REQUIRE(outcome.rejected.size() == 1);
  CHECK(outcome.rejected[0].reason == "too short");
  CHECK_FALSE(outcome.all);
}

TEST_CASE("validate converts between types only where no value loses anything") {
  const auto converted = [](const char* format, Array column, const char* type) {
    FakeHost host(rule({.texts = {{"/columns/x/type", type}}}));
    const Schema schema = schema_with(format);
    REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_OK);
    const Array rows = one_column(std::move(column));
    std::vector<std::int64_t> bad;
    for (const Rejected& rejected : host.process(rows.get()).rejected) bad.push_back(rejected.row);
    return bad;
  };
  using Bad = std::vector<std::int64_t>;
  CHECK(converted("l", numbers_of<std::int64_t>({1, (std::int64_t{1} << 53) + 1, std::int64_t{1} << 53}), "double") ==
        Bad{1});
  CHECK(converted("g", numbers_of<double>({1, 1.5, -3, 1e300, 9223372036854775808.0}), "int64") == Bad{1, 3, 4});
  CHECK(converted("l", numbers_of<std::int64_t>({127, 128, -128, -129}), "int8") == Bad{1, 3});
  CHECK(converted("l", numbers_of<std::int64_t>({99, 100, -100}), "decimal(4,2)") == Bad{1, 2});
  CHECK(converted("i", numbers_of<std::int32_t>({1, 2}), "int64") == Bad{});
  CHECK(converted("tsu:", numbers_of<std::int64_t>({86'400'000'000, 1}), "date") == Bad{1});
  CHECK(converted("tsn:", numbers_of<std::int64_t>({1000, 1}), "timestamp(us)") == Bad{1});
  CHECK(converted("tsn:", numbers_of<std::int64_t>({1000, 1}), "timestamp") == Bad{});
}

TEST_CASE("validate bounds numbers of every width, and no range holds NaN") {
  const auto bad = []<class T>(const char* format, const std::vector<T>& values) {
    FakeHost host(rule({.integers = {{"/columns/x/min", 2}, {"/columns/x/max", 3}}}));
    const Schema schema = schema_with(format);
    REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_OK);
    const Array rows = one_column(numbers_of<T>(values));
    return host.process(rows.get()).selected;
  };
  CHECK(bad("c", std::vector<std::int8_t>{1, 2, 3, 4}) == Rows{1, 2});
  CHECK(bad("S", std::vector<std::uint16_t>{1, 2, 3, 4}) == Rows{1, 2});
  CHECK(bad("i", std::vector<std::int32_t>{1, 2, 3, 4}) == Rows{1, 2});
  CHECK(bad("l", std::vector<std::int64_t>{1, 2, 3, 4}) == Rows{1, 2});
  CHECK(bad("L", std::vector<std::uint64_t>{1, 2, 3, ~std::uint64_t{0}}) == Rows{1, 2});
  CHECK(bad("g", std::vector<double>{1, 2, 3, std::numeric_limits<double>::quiet_NaN()}) == Rows{1, 2});
}

TEST_CASE("validate fails the run at the first bad row, with on: fail") {
  const auto outcome = checked({.texts = {{"/columns/x/pattern", "[A-Z]+"}, {"/on", "fail"}}}, {"AB", "x", "y"});
  CHECK(outcome.status == WEIR_INVALID_ARGUMENT);
  CHECK(outcome.error.fault == WEIR_FAULT_DATA);
  CHECK(outcome.error.row == 1);
  CHECK(std::string(outcome.error.column) == "x");
  CHECK(std::string(outcome.error.message) == "column 'x': expected a text that matches [A-Z]+, found \"x\"");
}

TEST_CASE("validate lets rows pass and counts them once at the end, with on: warn") {
  FakeHost host(rule({.texts = {{"/columns/x/pattern", "[A-Z]+"}, {"/on", "warn"}}}));
  const Schema schema = schema_with("u");
  REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_OK);
  const Array rows = one_column(testing::text_column({"AB", "x", "y"}));
  auto outcome = host.process(rows.get());
  CHECK(outcome.all);
  CHECK(host.logged.empty());
  host.flush(WEIR_FLUSH_END, outcome);
  REQUIRE(host.logged.size() == 1);
  CHECK(host.logged[0] == R"(validate.bad_rows {"column":"x","reason":"does not match the pattern","rows":2})");
  CHECK(host.judged == std::vector<std::string>{"warned column 'x': a text that matches [A-Z]+; , 2"});
}

TEST_CASE("validate tells what came of each rule, those that nothing broke too") {
  Options options = rule({.texts = {{"/columns/x/type", "int64"}}, .integers = {{"/columns/x/min", 2}}});
  FakeHost host(options);
  const Schema schema = schema_with("u");
  REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_OK);
  const Array rows = one_column(testing::text_column({"1", "5", "3"}));
  auto outcome = host.process(rows.get());
  CHECK(host.judged.empty());
  host.flush(WEIR_FLUSH_END, outcome);
  CHECK(host.judged == std::vector<std::string>{"kept column 'x': int64; , 0", "rejected column 'x': at least 2; , 1"});

  options.texts["/on"] = "fail";
  FakeHost failing(options);
  REQUIRE(failing.create<validate::Validate>(schema.get()) == WEIR_OK);
  CHECK(failing.process(rows.get()).status == WEIR_INVALID_ARGUMENT);
  CHECK(failing.judged ==
        std::vector<std::string>{"kept column 'x': int64; , 0", "failed column 'x': at least 2; , 1"});
}

TEST_CASE("validate changes no type with on: warn, but checks it") {
  FakeHost host(rule({.texts = {{"/columns/x/type", "int64"}, {"/on", "warn"}}, .integers = {{"/columns/x/min", 2}}}));
  const Schema schema = schema_with("u");
  REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_OK);
  CHECK(std::string(host.outputs[0]->children[0]->format) == "u");
  const Array rows = one_column(testing::text_column({"1", "x", "3"}));
  auto outcome = host.process(rows.get());
  CHECK(outcome.all);
  host.flush(WEIR_FLUSH_END, outcome);
  CHECK(host.logged ==
        std::vector<std::string>{R"(validate.bad_rows {"column":"x","reason":"not an integer","rows":1})",
                                 R"(validate.bad_rows {"column":"x","reason":"out of range","rows":1})"});
}

TEST_CASE("validate refuses rules that contradict the column's type") {
  CHECK(validate_refusal({.integers = {{"/columns/x/min", 1}}}, "u") ==
        "/columns/x/min: column 'x': expected a number, date or time for min and max, found string");
  CHECK(validate_refusal({.texts = {{"/columns/x/pattern", "a"}}}, "l") ==
        "/columns/x/pattern: column 'x': expected a text for pattern, found int64");
  CHECK(validate_refusal({.texts = {{"/columns/x/pattern", "("}}}, "u") ==
        "/columns/x/pattern: column 'x': expected a pattern as RE2 knows them, found '(': missing ): (");
  CHECK(validate_refusal({.texts = {{"/columns/x/type", "int46"}}}, "u") ==
        "/columns/x/type: expected a type, found 'int46'");
  CHECK(validate_refusal({.texts = {{"/columns/x/type", "date"}}}, "l") ==
        "/columns/x/type: column 'x': can't check int64 as date");
  CHECK(validate_refusal({.numbers = {{"/columns/x/max", 1.5}}}, "l") ==
        "/columns/x/max: column 'x': expected a value of type int64, found 1.5");
  CHECK(validate_refusal({.integers = {{"/columns/x/min", 2}, {"/columns/x/max", 1}}}, "l") ==
        "/columns/x/min: column 'x': expected min to be at most max, found 2 to 1");
}

TEST_CASE("validate names a column that is not there, and the one that was meant") {
  FakeHost host({.objects = {{"/columns", {"quantty"}}}});
  const Schema schema = schema_with("l", "quantity");
  REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_INVALID_ARGUMENT);
  CHECK(std::string(host.error.message) == "no column 'quantty' in the input");
  CHECK(std::string(host.error.hint) == "did you mean 'quantity'?");
  CHECK(std::string(host.error.option) == "/columns/quantty");
}

TEST_CASE("validate reads the columns that have rules, and no other") {
  FakeHost host(rule({.texts = {{"/columns/x/pattern", "[A-Z]{2}"}}}));
  std::vector<Schema> fields;
  fields.push_back(Schema::field("u", "other"));
  fields.push_back(Schema::field("u", "x"));
  const Schema schema = Schema::rows(std::move(fields));
  REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_OK);
  struct Told {
    weir_sink sink;
    std::vector<std::string> names;
  } told{{sizeof(weir_sink),
          [](const weir_sink* self, weir_bytes bytes) {
            const_cast<Told*>(reinterpret_cast<const Told*>(self))->names.emplace_back(to_view(bytes));
            return weir_status{WEIR_OK};
          }},
         {}};
  REQUIRE(detail::kReads<validate::Validate>.columns(host.self(), 0, &told.sink, &host.error) == WEIR_OK);
  CHECK(told.names == std::vector<std::string>{"x"});
}

TEST_CASE("a text without a zone is an instant where the manifest says whose clocks it shows") {
  Options options{.texts = {{"/columns/x/type", "timestamp(us, UTC)"}, {"/columns/x/min", "2024-07-01 11:30:00"}}};
  const Texts values{"2024-07-01 12:00:00", "2024-07-01T10:00:00Z", "2024-07-01 11:00:00"};
  CHECK(validate_refusal(options, "u").starts_with("/columns/x/min: "));
  options.texts["/times/naive"] = "Europe/Rome";
  const auto outcome = checked(options, values);
  REQUIRE(outcome.rejected.size() == 1);
  CHECK(outcome.rejected[0].row == 2);
  REQUIRE(outcome.pushed.size() == 1);
  const NumberColumn<std::int64_t> instants(*outcome.pushed[0]->children[0]);
  CHECK(instants[0] == 1719828000000000);
  CHECK(instants[0] == instants[1]);
  options.texts["/times/naive"] = "Europe/Rom";
  CHECK(validate_refusal(options, "u") == "/times/naive: expected a zone of IANA, found 'Europe/Rom'");
}

TEST_CASE("a condition compares times without a zone by the manifest's") {
  Options options{.texts = {{"/rows/0", "x < timestamp '2024-07-01 10:30:00Z'"}}, .arrays = {{"/rows", 1}}};
  FakeHost without(options);
  const Schema schema = schema_with("tsu:");
  CHECK(without.create<validate::Validate>(schema.get()) == WEIR_INVALID_ARGUMENT);
  options.texts["/times/naive"] = "Europe/Rome";
  FakeHost host(options);
  REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_OK);
  const Array rows = one_column(numbers_of<std::int64_t>({1719835200000000, 1719838800000000}));  // 12:00, 13:00
  const auto outcome = host.process(rows.get());
  REQUIRE(outcome.rejected.size() == 1);
  CHECK(outcome.rejected[0].row == 1);
}

TEST_CASE("all rules that are wrong are told at once") {
  FakeHost host({.texts = {{"/columns/x/type", "int46"}, {"/columns/y/pattern", "("}, {"/rows/0", "z > 1"}},
                 .objects = {{"/columns", {"x", "gone", "y"}}},
                 .arrays = {{"/rows", 1}}});
  std::vector<Schema> fields;
  fields.push_back(Schema::field("u", "x"));
  fields.push_back(Schema::field("u", "y"));
  const Schema schema = Schema::rows(std::move(fields));
  REQUIRE(host.create<validate::Validate>(schema.get()) == WEIR_INVALID_ARGUMENT);
  CHECK(std::string(host.error.option) == "/columns/x/type");
  const std::string hint = host.error.hint;
  CHECK_THAT(hint, test::Contains("did you mean") && test::Contains("also wrong: /columns/gone: ") &&
                       test::Contains("also wrong: /columns/y/pattern: column 'y': expected a pattern"));
}
