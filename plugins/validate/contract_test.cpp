// What a contract adds to the checks of single columns: rules of rows, keys, lists, a word for each rule.
#include <fstream>
#include <random>
#include <set>

#include <weir/testing_transformer.hpp>
#include <weir_catch.hpp>
#include <weir_fake_host.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

#include "validate.hpp"

namespace {

using namespace weir;
using test::FakeHost;
using test::Options;
using test::Rejected;
using Rows = std::vector<std::uint32_t>;
using Pairs = std::vector<std::pair<const char*, std::int64_t>>;

constexpr std::int64_t kMemory = 1 << 20;

// Rows of a text `a`, which may be null, and an int64 `b`.
Schema schema() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("u", "a"));
  fields.push_back(Schema::field("l", "b"));
  return Schema::rows(std::move(fields));
}

Array rows_with(const Pairs& values) {
  TextBuilder a;
  NumberBuilder<std::int64_t> b;
  for (const auto& [text, number] : values) {
    if (text == nullptr) {
      a.append_null();
    } else {
      a.append(text);
    }
    b.append(number);
  }
  std::vector<Array> columns;
  columns.push_back(a.finish());
  columns.push_back(b.finish());
  return rows_of(static_cast<std::int64_t>(values.size()), std::move(columns));
}

class Checked {
 public:
  explicit Checked(Options options) : host_(with_memory(std::move(options))) {
    const Schema input = schema();
    const weir_status status = host_.create<validate::Validate>(input.get());
    INFO(host_.error.message);
    REQUIRE(status == WEIR_OK);
  }
  test::Outcome process(const Pairs& values) {
    const Array rows = rows_with(values);
    return host_.process(rows.get());
  }
  void* self() const { return host_.self(); }
  std::vector<std::string> logged() {
    test::Outcome outcome;
    host_.flush(WEIR_FLUSH_END, outcome);
    return host_.logged;
  }

 private:
  static Options with_memory(Options options) {
    options.integers.emplace("/unique_memory", kMemory);
    return options;
  }
  FakeHost host_;
};

std::string told(const weir_error& error) {
  return std::string(error.option) + ": " + error.message + "\nhint: " + error.hint;
}

std::string refusal(Options options) {
  FakeHost host(std::move(options));
  const Schema input = schema();
  REQUIRE(host.create<validate::Validate>(input.get()) == WEIR_INVALID_ARGUMENT);
  CHECK(host.error.fault == WEIR_FAULT_MANIFEST);
  return told(host.error);
}

void write(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }

Options foreign(const std::filesystem::path& file, const char* column) {
  Options options{.texts = {{"/columns/a/foreign/file", file.string()}},
                  .objects = {{"/columns", {"a"}}, {"/columns/a/foreign", {"file"}}}};
  if (column != nullptr) options.texts.emplace("/columns/a/foreign/column", column);
  return options;
}

}  // namespace

TEST_CASE("a rule of rows compares columns, and keeps rows for which it is null") {
  Checked checked({.texts = {{"/rows/0", "length(a) = b"}}, .arrays = {{"/rows", 1}}});
  const auto outcome = checked.process({{"ab", 2}, {"ab", 3}, {nullptr, 1}, {"", 0}});
  CHECK(outcome.selected == Rows{0, 2, 3});
  CHECK(outcome.rejected ==
        std::vector<Rejected>{{1, "", "breaks length(a) = b", "expected length(a) = b, found a \"ab\", b 3"}});
}

TEST_CASE("a rule of rows sees columns with the types that they leave with") {
  Checked checked({.texts = {{"/columns/a/type", "int64"}, {"/rows/0", "a < b"}},
                   .objects = {{"/columns", {"a"}}},
                   .arrays = {{"/rows", 1}}});
  const auto outcome = checked.process({{"9", 10}, {"11", 10}, {"x", 10}});
  REQUIRE(outcome.rejected.size() == 2);
  CHECK(outcome.rejected[1].reason == "not an integer");
  CHECK(outcome.rejected[0] == Rejected{1, "", "breaks a < b", "expected a < b, found a \"11\", b 10"});
}

TEST_CASE("rows are rejected in their order, whichever rule they break") {
  Checked checked({.texts = {{"/columns/a/pattern", "[a-z]*"}, {"/rows/0", "b > 0"}},
                   .objects = {{"/columns", {"a"}}},
                   .arrays = {{"/rows", 1}}});
  std::vector<std::int64_t> order;
  for (const Rejected& rejected : checked.process({{"x", 0}, {"X", 1}, {"x", 0}, {"X", 1}}).rejected)
    order.push_back(rejected.row);
  CHECK(order == std::vector<std::int64_t>{0, 1, 2, 3});
}

TEST_CASE("a row for which a rule can't be computed breaks it") {
  Checked checked({.texts = {{"/rows/0", "10 / b > 1"}}, .arrays = {{"/rows", 1}}});
  const auto outcome = checked.process({{"x", 2}, {"x", 0}});
  REQUIRE(outcome.rejected.size() == 1);
  CHECK(outcome.rejected[0] == Rejected{1, "", "can't be computed", "expected 10 / b > 1, found b 0"});
}

TEST_CASE("unique keeps the first row of each value, across batches, and lets nulls repeat") {
  Checked checked({.objects = {{"/columns", {"a"}}}, .booleans = {{"/columns/a/unique", true}}});
  CHECK(checked.process({{"x", 1}, {"y", 1}, {"x", 2}, {nullptr, 1}, {nullptr, 2}}).selected == Rows{0, 1, 3, 4});
  const auto outcome = checked.process({{"y", 3}, {"z", 3}});
  CHECK(outcome.selected == Rows{1});
  CHECK(outcome.rejected ==
        std::vector<Rejected>{{0, "a", "not unique", "expected a value that no row before has, found \"y\""}});
}

TEST_CASE("a key of several columns is unique as a whole") {
  Checked checked(
      {.texts = {{"/unique/0/0", "a"}, {"/unique/0/1", "b"}}, .arrays = {{"/unique", 1}, {"/unique/0", 2}}});
  const auto outcome = checked.process({{"x", 1}, {"x", 2}, {"y", 1}, {"x", 1}, {nullptr, 1}, {nullptr, 1}});
  CHECK(outcome.selected == Rows{0, 1, 2, 4, 5});
  REQUIRE(outcome.rejected.size() == 1);
  CHECK(outcome.rejected[0].detail == "expected values that no row before has together, found a \"x\", b 1");
}

TEST_CASE("a row that was rejected for something else takes no key") {
  Checked checked({.texts = {{"/rows/0", "b > 0"}},
                   .objects = {{"/columns", {"a"}}},
                   .arrays = {{"/rows", 1}},
                   .booleans = {{"/columns/a/unique", true}}});
  CHECK(checked.process({{"x", 0}, {"x", 1}, {"x", 2}}).selected == Rows{1});
}

TEST_CASE("keys agree with a set, whatever their number and order") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Checked checked({.objects = {{"/columns", {"b"}}}, .booleans = {{"/columns/b/unique", true}}});
  std::set<std::int64_t> seen;
  for (int batch = 0; batch < 20; ++batch) {
    Pairs values;
    Rows expected;
    for (std::uint32_t row = 0; row < 1000; ++row) {
      values.emplace_back("x", static_cast<std::int64_t>(random() % 15'000));
      if (seen.insert(values.back().second).second) expected.push_back(row);
    }
    CHECK(checked.process(values).selected == expected);
  }
}

TEST_CASE("keys are known over a checkpoint, each rule's its own; a validate without unique has nothing to remember") {
  const weir_state& state = weir::detail::kState<validate::Validate>;
  const Options unique{.texts = {{"/unique/0/0", "a"}, {"/unique/0/1", "b"}},
                       .objects = {{"/columns", {"a"}}},
                       .arrays = {{"/unique", 1}, {"/unique/0", 2}},
                       .booleans = {{"/columns/a/unique", true}}};
  testing::KeptState kept;
  weir_error error = testing::no_error();
  Checked first(unique);
  CHECK(first.process({{"x", 1}, {"y", 2}}).all);
  REQUIRE(kept.snapshot(state, first.self(), error) == WEIR_OK);
  CHECK(first.process({{"z", 3}}).all);
  REQUIRE(kept.snapshot(state, first.self(), error) == WEIR_OK);
  CHECK(kept.told == 2);  // one new key of each rule
  CHECK(kept.items.size() == 4);
  Checked second(unique);
  REQUIRE(kept.restore(state, second.self(), error, 3) == WEIR_OK);
  CHECK(second.process({{"z", 9}, {"w", 1}, {"x", 1}, {"y", 7}}).selected == Rows{1});
  REQUIRE(kept.snapshot(state, second.self(), error) == WEIR_OK);
  CHECK(kept.items.size() == 6);
  kept.items = {{"unique2:0", "1"}};
  CHECK(kept.restore(state, second.self(), error) == WEIR_FAILED_PRECONDITION);
  testing::Options with{{"/unique/0/0", "a"}}, without{{"/rows/0", "b > 0"}};
  CHECK(state.remembers(with.config()) == 1);
  CHECK(state.remembers(without.config()) == 0);
}

TEST_CASE("unique takes as much memory as it may, and says when that is spent") {
  Checked checked({.objects = {{"/columns", {"b"}}},
                   .integers = {{"/unique_memory", 256 * 1024}},
                   .booleans = {{"/columns/b/unique", true}}});
  Pairs values;
  for (std::int64_t i = 0; i < 20'000; ++i) values.emplace_back("x", i);
  const auto outcome = checked.process(values);
  CHECK(outcome.status == WEIR_FAILED_PRECONDITION);
  CHECK(std::string(outcome.error.option) == "/unique_memory");
  CHECK(std::string(outcome.error.message).starts_with("expected at most "));
}

TEST_CASE("all rows of a unique rule go through one place, in order; other rules need none") {
  const auto scope = [](Options options) {
    options.integers.emplace("/unique_memory", kMemory);
    FakeHost host(std::move(options));
    return host.traits<validate::Validate>();
  };
  const auto plain = scope({.texts = {{"/rows/0", "b > 0"}}, .arrays = {{"/rows", 1}}});
  CHECK(plain.scope == WEIR_SCOPE_CHAIN);
  CHECK(plain.ordered == 0);
  for (const char* base : {"", "/contract"}) {
    const std::string columns = std::string(base) + "/columns";
    const auto one = scope({.objects = {{columns, {"b", "a"}}}, .booleans = {{columns + "/a/unique", true}}});
    CHECK(one.scope == WEIR_SCOPE_RUN);
    CHECK(one.ordered == 1);
    CHECK(scope({.arrays = {{std::string(base) + "/unique", 1}}}).scope == WEIR_SCOPE_RUN);
  }
}

TEST_CASE("each rule says for itself what breaking it means, else the link, else its contract") {
  Checked checked({.texts = {{"/contract/on", "warn"},
                             {"/contract/columns/a/pattern", "[a-z]*"},
                             {"/contract/columns/b/on", "reject"},
                             {"/rows/0/check", "b < 100"},
                             {"/rows/0/on", "fail"}},
                   .objects = {{"/contract/columns", {"a", "b"}}, {"/rows/0", {"check", "on"}}},
                   .arrays = {{"/rows", 1}},
                   .integers = {{"/contract/columns/b/min", 0}}});
  const auto outcome = checked.process({{"A", 1}, {"B", -1}, {"c", 3}});
  CHECK(outcome.selected == Rows{0, 2});
  REQUIRE(outcome.rejected.size() == 1);
  CHECK(outcome.rejected[0].row == 1);
  const auto failed = checked.process({{"c", -1}, {"c", 100}, {"c", 200}});
  CHECK(failed.status == WEIR_INVALID_ARGUMENT);
  CHECK(failed.error.row == 1);
  CHECK(std::string(failed.error.message) == "expected b < 100, found b 100");
  CHECK(checked.logged() ==
        std::vector<std::string>{R"(validate.bad_rows {"column":"a","reason":"does not match the pattern","rows":2})"});
}

TEST_CASE("what ends the run is not hidden by what the row was rejected for") {
  Checked checked({.texts = {{"/columns/a/pattern", "[a-z]*"}, {"/rows/0/check", "b < 100"}, {"/rows/0/on", "fail"}},
                   .objects = {{"/columns", {"a"}}, {"/rows/0", {"check", "on"}}},
                   .arrays = {{"/rows", 1}}});
  CHECK(checked.process({{"A", 100}}).status == WEIR_INVALID_ARGUMENT);
}

TEST_CASE("rules of the link are added to those of its contract, which gives the types") {
  Checked checked({.texts = {{"/contract/columns/a/type", "int64"}},
                   .objects = {{"/contract/columns", {"a"}}, {"/columns", {"a"}}},
                   .integers = {{"/columns/a/max", 5}}});
  const auto outcome = checked.process({{"5", 0}, {"6", 0}, {"x", 0}});
  REQUIRE(outcome.rejected.size() == 2);
  CHECK(outcome.rejected[1].reason == "not an integer");
  CHECK(outcome.rejected[0].reason == "out of range");
}

TEST_CASE("foreign allows what stands in a file: a column of CSV, or lines") {
  const weir::test::Folder folder;
  const auto csv = folder.path() / "list.csv", text = folder.path() / "list.txt";
  write(csv, "\xEF\xBB\xBFname,code\r\n\"Ger\"\"many\"\"\",DE\r\n\n\"France,\nmetropolitan\",\"FR\"\nnone,\n");
  write(text, "DE\r\n\nFR");
  const auto bad = [](Options options) {
    Checked checked(std::move(options));
    return checked.process({{"DE", 1}, {"FR", 1}, {"XX", 1}, {nullptr, 1}, {"", 1}}).rejected;
  };
  const auto of_csv = bad(foreign(csv, "code"));
  REQUIRE(of_csv.size() == 2);
  CHECK(of_csv[0] ==
        Rejected{2, "a", "not in the list", "expected a value of 'list.csv', column 'code', found \"XX\""});
  CHECK(bad(foreign(text, nullptr)).size() == 2);
}

TEST_CASE("foreign reads the list's values as the column's type") {
  const weir::test::Folder folder;
  const auto file = folder.path() / "list.txt";
  write(file, "7\n8\n");
  Checked checked({.texts = {{"/columns/b/foreign/file", file.string()}},
                   .objects = {{"/columns", {"b"}}, {"/columns/b/foreign", {"file"}}}});
  CHECK(checked.process({{"x", 7}, {"x", 8}, {"x", 9}}).selected == Rows{0, 1});
}

TEST_CASE("every message about a contract is what its golden file says") {
  const weir::test::Folder folder;
  test::Golden golden(WEIR_GOLDEN "/messages.txt");
  const auto file = folder.path() / "list.csv";
  golden.tell("no rules", refusal({}));
  golden.tell("a rule of rows that is no condition",
              refusal({.texts = {{"/rows/0", "b + 1"}}, .arrays = {{"/rows", 1}}}));
  golden.tell("a rule of rows with an unknown column", refusal({.texts = {{"/contract/rows/0/check", "bb > 1"}},
                                                                .objects = {{"/contract/rows/0", {"check"}}},
                                                                .arrays = {{"/contract/rows", 1}}}));
  golden.tell("a key with an unknown column",
              refusal({.texts = {{"/unique/0/0", "c"}}, .arrays = {{"/unique", 1}, {"/unique/0", 1}}}));
  golden.tell("a second type", refusal({.texts = {{"/contract/columns/a/type", "int64"}, {"/columns/a/type", "double"}},
                                        .objects = {{"/contract/columns", {"a"}}, {"/columns", {"a"}}}}));
  write(file, "name,code\nGermany,DE\n");
  golden.tell("a list without the column", refusal(foreign(file, "cod")));
  write(file, "name,code\n");
  golden.tell("an empty list", refusal(foreign(file, "code")));
  write(file, "name,code\nGermany,DE\n\"Fran,FR\n");
  golden.tell("a list that ends within quotes", refusal(foreign(file, "code")));
  golden.tell("a list that is not there", refusal(foreign(folder.path() / "gone.csv", "code")));
  write(file, "1\n2x\n");
  golden.tell("a list of another type", refusal({.texts = {{"/columns/b/foreign/file", file.string()}},
                                                 .objects = {{"/columns", {"b"}}, {"/columns/b/foreign", {"file"}}}}));
  Checked small({.objects = {{"/columns", {"b"}}},
                 .integers = {{"/unique_memory", std::int64_t{1} << 17}},
                 .booleans = {{"/columns/b/unique", true}}});
  Pairs values;
  for (std::int64_t i = 0; i < 20'000; ++i) values.emplace_back("x", i);
  golden.tell("more keys than memory has room for", told(small.process(values).error));
  golden.end();
}
