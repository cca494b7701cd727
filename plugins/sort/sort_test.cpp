// sort, through the ABI.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
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

const weir_component& component() { return *testing::component_of(weir_plugin_v1(), "sort"); }

testing::Options by(std::initializer_list<const char*> keys) {
  testing::Options options;
  int number = 0;
  for (const char* key : keys) options.with({"/by/" + std::to_string(number++), key});
  return options;
}

class Instance : public testing::TransformerInstance {
 public:
  Instance(Schema input, testing::Options options, std::int64_t memory = 64 << 20)
      : TransformerInstance("sort", std::move(input), std::move(options.with({"/memory", memory}))) {}

  weir_status add(std::vector<Array> columns, std::int64_t first = 0) {
    const std::int64_t length = columns.front()->length - first;
    process(std::move(columns), first, length);
    CHECK(collected.pushed.empty());
    return status;
  }
  // What it pushes at the end: rows of values, with '|' between them.
  Texts end() {
    testing::Collected told;
    status = table().flush(self, 0, WEIR_FLUSH_END, told.next(), &error);
    return testing::texts_of(told, output());
  }
};

Schema pairs() { return Schema::rows(fields_of(Schema::field("l", "n"), Schema::field("u", "text"))); }

std::vector<Array> pairs_of(const std::vector<std::pair<std::optional<std::int64_t>, const char*>>& rows) {
  NumberBuilder<std::int64_t> numbers;
  TextBuilder texts;
  for (const auto& [number, text] : rows) {
    number ? numbers.append(*number) : numbers.append_null();
    text == nullptr ? texts.append_null() : texts.append(text);
  }
  std::vector<Array> columns;
  columns.push_back(numbers.finish());
  columns.push_back(texts.finish());
  return columns;
}

TEST_CASE(
    "rows come in the order of the columns, each up or down, nulls where they are wanted, equal ones as they came") {
  const auto sorted = [](std::initializer_list<const char*> keys) {
    Instance sort(pairs(), by(keys));
    REQUIRE(sort.status == WEIR_OK);
    sort.add(pairs_of({{2, "b"}, {{}, "z"}, {1, "é"}, {2, nullptr}}));
    sort.add(pairs_of({{9, "x"}, {-5, "a"}, {2, "ab"}, {2, "b"}}), 1);
    return sort.end();
  };
  CHECK(sorted({"n"}) == Texts{"-5|a", "1|é", "2|b", "2|null", "2|ab", "2|b", "null|z"});
  CHECK(sorted({"n desc"}) == Texts{"2|b", "2|null", "2|ab", "2|b", "1|é", "-5|a", "null|z"});
  CHECK(sorted({"n Nulls First", "text desc nulls first"}) ==
        Texts{"null|z", "-5|a", "1|é", "2|null", "2|b", "2|b", "2|ab"});
  CHECK(sorted({"\"text\" asc nulls last"}) == Texts{"-5|a", "2|ab", "2|b", "2|b", "null|z", "1|é", "2|null"});
  Instance none(pairs(), by({"n"}));
  CHECK(none.end().empty());
}

TEST_CASE("texts are compared by their bytes, zeros among them, and a beginning comes first") {
  Instance sort(Schema::rows(fields_of(Schema::field("u", "a"), Schema::field("l", "n"))), by({"a", "n desc"}));
  TextBuilder texts;
  NumberBuilder<std::int64_t> numbers;
  const std::vector<std::string> given{
      "ab", std::string("a\0b", 3), "a", "", std::string("a\0", 2), "b", std::string(40, 'c'), std::string(41, 'c')};
  std::int64_t n = 0;
  for (const auto& text : given) {
    texts.append(text);
    numbers.append(n++);
  }
  std::vector<Array> columns;
  columns.push_back(texts.finish());
  columns.push_back(numbers.finish());
  sort.add(std::move(columns));
  std::vector<std::string> expected = given;
  std::sort(expected.begin(), expected.end());
  const Texts rows = sort.end();
  REQUIRE(rows.size() == expected.size());
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(rows[i].substr(0, rows[i].find('|')) == expected[i]);
}

TEST_CASE("numbers of every type are compared by value") {
  const auto sorted = [](const char* format, Array column) {
    Instance sort(Schema::rows(fields_of(Schema::field(format, "x"))), by({"x"}));
    std::vector<Array> columns;
    columns.push_back(std::move(column));
    sort.add(std::move(columns));
    std::string all;
    for (const auto& row : sort.end()) all += row + " ";
    return all;
  };
  const auto numbers = []<class T>(std::initializer_list<T> values) {
    NumberBuilder<T> builder;
    for (const T value : values) builder.append(value);
    return builder.finish();
  };
  CHECK(sorted("c", numbers.operator()<std::int8_t>({5, -128, 127, 0, -1})) == "-128 -1 0 5 127 ");
  CHECK(sorted("C", numbers.operator()<std::uint8_t>({5, 255, 0})) == "0 5 255 ");
  CHECK(sorted("s", numbers.operator()<std::int16_t>({300, -300})) == "-300 300 ");
  CHECK(sorted("S", numbers.operator()<std::uint16_t>({65535, 1})) == "1 65535 ");
  CHECK(sorted("i", numbers.operator()<std::int32_t>({70000, -70000})) == "-70000 70000 ");
  CHECK(sorted("I", numbers.operator()<std::uint32_t>({UINT32_MAX, 1})) == "1 4294967295 ");
  CHECK(sorted("l", numbers.operator()<std::int64_t>({INT64_MAX, INT64_MIN, 0})) ==
        "-9223372036854775808 0 9223372036854775807 ");
  CHECK(sorted("L", numbers.operator()<std::uint64_t>({UINT64_MAX, 1})) == "1 18446744073709551615 ");
  CHECK(sorted("g", numbers.operator()<double>({NAN, HUGE_VAL, -1.5, 0.0, -HUGE_VAL, 1e-300, -2.5})) ==
        "-Infinity -2.5 -1.5 0.0 1e-300 Infinity NaN ");
  CHECK(sorted("f", numbers.operator()<float>({2.5F, -2.5F})) == "-2.5 2.5 ");
  CHECK(sorted("e", numbers.operator()<Half>({to_half(2.5F), to_half(-2.5F)})) == "-2.5 2.5 ");
  CHECK(sorted("d:38,0", numbers.operator()<Int128>({Int128{1} << 100, -(Int128{1} << 100), 0})) ==
        "-1267650600228229401496703205376 0 1267650600228229401496703205376 ");
  CHECK(sorted("d:76,0,256", numbers.operator()<Int256>({Int256{{0, 0, 0, 1}},
                                                         Int256{{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}},
                                                         Int256{{7, 0, 0, 0}}})) ==
        "-1 7 6277101735386680763835789423207666416102355444464034512896 ");
  CHECK(sorted("tdD", numbers.operator()<std::int32_t>({1, -1})) == "1969-12-31 1970-01-02 ");
  BooleanBuilder flags;
  for (const bool flag : {true, false}) flags.append(flag);
  CHECK(sorted("b", flags.finish()) == "false true ");
}

// Columns of all that rows can have, told apart by `n`.
Schema wide() {
  std::vector<Schema> fields = fields_of(
      Schema::field("l", "n"), Schema::field("vu", "view"), Schema::field("Z", "bytes"), Schema::field("w:3", "fixed"),
      Schema::field("tin", "interval"), Schema::nested("+l", "list", Schema::field("u", "item")),
      Schema::nested("+w:2", "two", Schema::field("b", "item")),
      Schema::nested("+s", "pair", Schema::field("i", "a"), Schema::field("n", "b")),
      Schema::map("map", Schema::field("u", "key", false), Schema::field("l", "value")));
  fields.push_back(Schema::dictionary(Schema::field("i", "word"), Schema::field("u", "")));
  return Schema::rows(std::move(fields));
}

std::vector<Array> wide_rows(const std::vector<std::int64_t>& values) {
  NumberBuilder<std::int64_t> n, map_values;
  ViewBuilder views;
  LargeTextBuilder bytes;
  FixedBinaryBuilder fixed(3);
  NumberBuilder<MonthsDays> intervals;
  TextBuilder items, map_keys;
  ListBuilder lists;
  BooleanBuilder flags;
  FixedListBuilder twos;
  NumberBuilder<std::int32_t> a;
  NullBuilder b;
  StructBuilder pairs;
  MapBuilder maps;
  DictionaryBuilder words;
  for (const std::int64_t value : values) {
    n.append(value);
    const bool null = value % 3 == 0;
    const std::string text = "text " + std::to_string(value) + (value % 2 == 0 ? " that is longer than a view" : "");
    null ? views.append_null() : views.append(text);
    null ? bytes.append_null() : bytes.append(text);
    null ? fixed.append_null() : fixed.append(text.substr(2, 3));
    null ? intervals.append_null() : intervals.append({static_cast<std::int32_t>(value), 2, 3});
    for (std::int64_t i = 0; !null && i < value % 4; ++i) i == 1 ? items.append_null() : items.append(text);
    null ? lists.append_null() : lists.append(items.length());
    for (int i = 0; i < 2; ++i) flags.append(value % 2 == i);
    null ? twos.append_null() : twos.append();
    value % 5 == 0 ? a.append_null() : a.append(static_cast<std::int32_t>(value));
    b.append_null();
    null ? pairs.append_null() : pairs.append();
    if (!null) {
      map_keys.append(text);
      map_values.append(value);
    }
    null ? maps.append_null() : maps.append(map_keys.length());
    null ? words.append_null() : words.append(value % 2 == 0 ? "even" : "odd");
  }
  std::vector<Array> columns, fields;
  columns.push_back(n.finish());
  columns.push_back(views.finish());
  columns.push_back(bytes.finish());
  columns.push_back(fixed.finish());
  columns.push_back(intervals.finish());
  columns.push_back(lists.finish(items.finish()));
  columns.push_back(twos.finish(flags.finish()));
  fields.push_back(a.finish());
  fields.push_back(b.finish());
  columns.push_back(pairs.finish(std::move(fields)));
  columns.push_back(maps.finish(map_keys.finish(), map_values.finish()));
  columns.push_back(words.finish());
  return columns;
}

Texts texts_of(const ArrowSchema& schema, const std::vector<Array>& columns) {
  Texts rows;
  for (std::int64_t row = 0; row < columns[0]->length; ++row) {
    std::string text;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) text += '|';
      append_value(text, *schema.children[i], columns[i].get(), 0, row);
    }
    rows.push_back(text);
  }
  return rows;
}

TEST_CASE("rows of every type go through memory and disk and chains as they are") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (const std::int64_t memory : {std::int64_t{64} << 20, std::int64_t{20'000}}) {
    std::vector<std::int64_t> values(5'000);
    for (auto& value : values) value = static_cast<std::int64_t>(random() % 2'000);
    Instance sort(wide(), by({"n"}), memory), part(wide(), by({"n"}), memory);
    REQUIRE(sort.status == WEIR_OK);
    for (std::size_t at = 0; at < values.size();) {
      const std::size_t count = std::min<std::size_t>(1 + random() % 300, values.size() - at);
      Instance& into = random() % 2 == 0 ? sort : part;
      REQUIRE(into.add(wide_rows({values.begin() + static_cast<std::ptrdiff_t>(at),
                                  values.begin() + static_cast<std::ptrdiff_t>(at + count)})) == WEIR_OK);
      if (&into == &part) part.merge_into(sort);
      at += count;
    }
    std::stable_sort(values.begin(), values.end());
    CHECK(sort.end() == texts_of(wide().get(), wide_rows(values)));
  }
}

TEST_CASE("many rows through many files on disk are as std::stable_sort has them, and none of the files is left") {
  const auto folder =
      std::filesystem::temp_directory_path() / ("weir-sort-test-" + std::to_string(std::random_device{}()));
  std::filesystem::create_directory(folder);
  const char* const before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TMPDIR", folder.c_str(), 1);
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::vector<std::pair<std::int64_t, std::string>> rows;
  Instance sort(pairs(), by({"n desc"}), 10'000);
  for (int batch = 0; batch < 300; ++batch) {
    std::vector<std::pair<std::optional<std::int64_t>, const char*>> given;
    const std::size_t begin = rows.size();
    for (int i = 0; i < 200; ++i)
      rows.emplace_back(static_cast<std::int64_t>(random() % 500), std::to_string(rows.size()));
    for (std::size_t i = begin; i < rows.size(); ++i) given.emplace_back(rows[i].first, rows[i].second.c_str());
    REQUIRE(sort.add(pairs_of(given)) == WEIR_OK);
  }
  CHECK(std::filesystem::is_empty(folder));
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  Texts expected;
  for (const auto& [number, text] : rows) expected.push_back(std::to_string(number) + "|" + text);
  CHECK(sort.end() == expected);
  CHECK(std::filesystem::is_empty(folder));
  kept.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", kept.c_str(), 1);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a sort that is told to stop does") {
  Instance sort(pairs(), by({"n"}));
  sort.add(pairs_of({{1, "a"}}));
  sort.table().cancel(sort.self);
  sort.end();
  CHECK(sort.status == WEIR_CANCELLED);
}

TEST_CASE("sort sees all rows of a run, in order, each leaves once, and it reads what it sorts by") {
  weir_traits traits{};
  traits.size = sizeof traits;
  testing::Options options = by({"n"});
  weir_error error = testing::no_error();
  REQUIRE(testing::transformer_of_plugin("sort").traits(options.config(), &traits, &error) == WEIR_OK);
  CHECK(traits.scope == WEIR_SCOPE_RUN);
  CHECK(traits.ordered == 1);
  CHECK(traits.rows == WEIR_ROWS_ONCE);
  const auto& reads = *static_cast<const weir_reads*>(component().extension(to_weir(std::string_view(WEIR_READS))));
  const Instance sort(pairs(), by({"text desc"}));
  testing::Bytes names;
  REQUIRE(reads.columns(sort.self, 0, names.sink(), &error) == WEIR_OK);
  CHECK(names.kept == Texts{"text"});
}

TEST_CASE("every message of sort is what its golden file says") {
  test::Golden golden(WEIR_GOLDEN "/messages.txt");
  const auto tell = [&](const char* title, const weir_error& error) {
    const std::string at =
        error.offset < 0 ? "" : " at " + std::to_string(error.offset) + ", " + std::to_string(error.length);
    golden.tell(title, std::string(error.option) + at + ": " + error.message + "\nhint: " + error.hint);
  };
  for (const char* key : {"m", "", "n up", "n desc nulls", "n nulls middle", "n desc desc", "\"n m\" desc"})
    tell(key, Instance(pairs(), by({key})).error);
  tell("a column twice", Instance(pairs(), by({"n", "text", "n desc"})).error);
  tell("a list", Instance(wide(), by({"list"})).error);
  const char* const before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/no/such/folder", 1);
  Instance nowhere(pairs(), by({"n"}), 1);
  CHECK(nowhere.add(pairs_of({{1, "a"}})) == WEIR_FAILED_PRECONDITION);
  tell("a folder for what is temporary that is not there", nowhere.error);
  kept.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", kept.c_str(), 1);
  golden.end();
}

}  // namespace
}  // namespace weir
