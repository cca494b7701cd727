#include "arrow/schema.hpp"

#include <weir_catch.hpp>

#include <weir/ext/open_files.h>

#include "arrow/random_array.hpp"

namespace weir::arrow {
namespace {

using test::Contains;

struct Column {
  const char* format;
  const char* name;
  bool nullable = true;
  const char* spelling = "";
};

weir::Schema rows(std::initializer_list<Column> columns) {
  std::vector<weir::Schema> fields;
  for (const Column& column : columns) {
    weir::Metadata metadata;
    if (*column.spelling != 0) metadata.emplace_back(weir::kSpellingKey, column.spelling);
    fields.push_back(weir::Schema::field(column.format, column.name, column.nullable, metadata));
  }
  return weir::Schema::rows(std::move(fields));
}

std::string agreed(const weir::Schema& a, const weir::Schema& b) {
  const NamedSchema files[] = {{"a.csv", &a.get()}, {"b.csv", &b.get()}};
  auto found = agree(files);
  return found ? describe(found->get()) : "error: " + found.error().message;
}

TEST_CASE("a schema equals its copy and nothing else") {
  const weir::Schema all = every_type();
  const weir::Schema copy = weir::Schema::copy_of(all.get());
  CHECK(equal(all.get(), copy.get(), FieldMetadata::compared));
  CHECK(difference(all.get(), copy.get()).empty());
  copy.get().children[copy->n_children - 1]->dictionary->format = "z";
  CHECK_FALSE(equal(all.get(), copy.get()));
}

TEST_CASE("metadata counts only when asked for") {
  const weir::Schema a = rows({{"tsu:", "t", true, "T6"}}), b = rows({{"tsu:", "t", true, " 6"}});
  CHECK(equal(a.get(), b.get()));
  CHECK_FALSE(equal(a.get(), b.get(), FieldMetadata::compared));
}

TEST_CASE("differences are told in words") {
  const weir::Schema a = rows({{"l", "id", false}, {"g", "price"}});
  const auto against = [&](const weir::Schema& b) { return difference(a.get(), b.get(), "in a", "in b"); };
  CHECK(against(rows({{"l", "id", false}, {"l", "price"}})) == "column 'price': double in a, int64 in b");
  CHECK(against(rows({{"l", "id", false}})) == "column 'price' is missing in b");
  CHECK(against(rows({{"l", "id", false}, {"g", "price"}, {"u", "x"}})) == "column 'x' is missing in a");
  CHECK(against(rows({{"l", "id"}, {"g", "price"}})) == "column 'id': never null in a, may be null in b");
  CHECK(against(rows({{"g", "price"}, {"l", "id", false}})) == "column 'id': number 1 in a, number 2 in b");
  CHECK(difference(rows({{"u", "t"}}).get(), rows({{"U", "t"}}).get()) ==
        "column 't': string (u) here, string (U) there");
}

TEST_CASE("schemas are described on one line") {
  CHECK(describe(rows({{"l", "id", false}, {"d:10,2", "price"}, {"tsu:UTC", "at"}}).get()) ==
        "id int64, price decimal(10,2)?, at timestamp(us, UTC)?");
  const weir::Schema all = every_type();
  CHECK_THAT(describe(all.get()), Contains("list<item string?>?") && Contains("dictionary<string>?"));
}

TEST_CASE("files of a stream agree on the type that holds the values of all") {
  const auto types = [](const char* a, const char* b) {
    return agreed(rows({{a, "x", false}}), rows({{b, "x", false}}));
  };
  CHECK(types("l", "l") == "x int64");
  CHECK(types("n", "l") == "x int64?");
  CHECK(types("l", "n") == "x int64?");
  CHECK(types("i", "l") == "x int64");
  CHECK(types("C", "c") == "x int16");
  CHECK(types("L", "l") == "x string");
  CHECK(types("I", "i") == "x int64");
  CHECK(types("l", "g") == "x double");
  CHECK(types("g", "l") == "x double");
  CHECK(types("tdD", "tsu:") == "x timestamp(us)");
  CHECK(types("tss:", "tsn:") == "x timestamp(ns)");
  CHECK(types("tsu:", "tsu:UTC") == "x string");
  CHECK(types("b", "l") == "x string");
  CHECK(types("u", "g") == "x string");
  CHECK(types("U", "u") == "x string");
  CHECK(types("l", "tdD") == "x string");
}

TEST_CASE("agreement does not depend on the order of files, but for the order of columns") {
  static constexpr const char* kTypes[] = {"n", "b", "c", "C",   "i",    "I",       "l",  "L",
                                           "f", "g", "u", "tdD", "tsu:", "tsu:UTC", "tts"};
  for (const char* a : kTypes) {
    for (const char* b : kTypes) {
      CAPTURE(a, b);
      CHECK(agreed(rows({{a, "x"}}), rows({{b, "x"}})) == agreed(rows({{b, "x"}}), rows({{a, "x"}})));
    }
  }
}

TEST_CASE("timestamps spelled in different ways become text, and lose their spelling") {
  const weir::Schema a = rows({{"tsu:", "t", true, "T6"}}), b = rows({{"tsu:", "t", true, " 6"}});
  const NamedSchema files[] = {{"a", &a.get()}, {"b", &b.get()}};
  auto found = agree(files);
  REQUIRE(found.has_value());
  CHECK(std::string(found->get().children[0]->format) == "u");
  CHECK(weir::metadata_value(*found->get().children[0], weir::kSpellingKey).empty());
  const NamedSchema same[] = {{"a", &a.get()}, {"c", &a.get()}};
  auto kept = agree(same);
  REQUIRE(kept.has_value());
  CHECK(weir::metadata_value(*kept->get().children[0], weir::kSpellingKey) == "T6");
}

TEST_CASE("columns are matched by name, in the order of the first file") {
  CHECK(agreed(rows({{"l", "a", false}, {"u", "b", false}}), rows({{"u", "b"}, {"g", "a", false}})) ==
        "a double, b string?");
}

TEST_CASE("a column that one file lacks is an error that names both files") {
  const std::string only_a = agreed(rows({{"l", "a"}, {"l", "b"}}), rows({{"l", "a"}}));
  CHECK(only_a == "error: expected the same columns in every file, found 'b' in a.csv and not in b.csv");
  const std::string only_b = agreed(rows({{"l", "a"}}), rows({{"l", "a"}, {"l", "c"}}));
  CHECK(only_b == "error: expected the same columns in every file, found 'c' in b.csv and not in a.csv");
}

TEST_CASE("a file that is open may lack columns: they are nullable, in the order in which the files bring them") {
  const auto columns = [](std::vector<weir::Schema> fields, bool open) {
    return open ? weir::Schema::field("+s", "", false, {{WEIR_OPEN_FILES, WEIR_OPEN_COLUMNS}}, std::move(fields))
                : weir::Schema::rows(std::move(fields));
  };
  const auto some = [](const char* const* names, std::size_t count, const char* format) {
    std::vector<weir::Schema> fields;
    for (std::size_t i = 0; i < count; ++i) fields.push_back(weir::Schema::field(format, names[i], false));
    return fields;
  };
  const char* const in_a[] = {"a", "b"};
  const char* const in_b[] = {"c", "b"};
  CHECK(agreed(columns(some(in_a, 2, "l"), true), columns(some(in_b, 2, "g"), true)) ==
        "a int64?, b double, c double?");
  CHECK(agreed(columns(some(in_a, 2, "l"), true), columns(some(in_a, 2, "u"), true)) == "a string, b string");
  CHECK(agreed(columns(some(in_a, 2, "l"), true), columns(some(in_a, 1, "l"), false)) ==
        "error: expected the same columns in every file, found 'b' in a.csv and not in b.csv");
  CHECK(agreed(columns(some(in_a, 1, "l"), false), columns(some(in_a, 2, "l"), true)) ==
        "error: expected the same columns in every file, found 'b' in b.csv and not in a.csv");
  CHECK(agreed(columns(some(in_a, 2, "l"), false), columns(some(in_a, 1, "l"), true)) == "a int64, b int64?");
}

TEST_CASE("nested types agree only with themselves") {
  const weir::Schema all = every_type();
  const NamedSchema same[] = {{"a", &all.get()}, {"b", &all.get()}};
  auto found = agree(same);
  REQUIRE(found.has_value());
  CHECK(equal(found->get(), all.get()));
  CHECK(agreed(rows({{"z", "x"}}), rows({{"l", "x"}})) ==
        "error: column 'x': expected one type in every file, found binary in a.csv, int64 in b.csv");
}

// A schema of rows whose files need not have all columns; "json" is JSON text, "{...}" and "[...]" are nested.
weir::Schema open_rows(std::vector<weir::Schema> fields) {
  return weir::Schema::field("+s", "", false, {{WEIR_OPEN_FILES, "true"}}, std::move(fields));
}

weir::Schema nested(const char* format, const char* name, std::vector<weir::Schema> children) {
  return weir::Schema::field(format, name, true, {}, std::move(children));
}

template <class... Fields>
std::vector<weir::Schema> columns_of(Fields... fields) {
  std::vector<weir::Schema> all;
  (all.push_back(std::move(fields)), ...);
  return all;
}

TEST_CASE("open files have the columns of all of them, nested ones too") {
  const auto field = [](const char* format, const char* name) { return weir::Schema::field(format, name); };
  const weir::Schema a =
      open_rows(columns_of(field("l", "id"), nested("+s", "x", columns_of(field("l", "p"), field("n", "q"))),
                           nested("+l", "l", columns_of(field("n", "item")))));
  const weir::Schema b =
      open_rows(columns_of(nested("+s", "x", columns_of(field("u", "q"), field("g", "p"), field("b", "r"))),
                           nested("+l", "l", columns_of(field("u", "item"))), field("u", "more")));
  CHECK(agreed(a, b) == "id int64?, x struct<p double?, q string?, r bool?>?, l list<item string?>?, more string?");
  CHECK(agreed(a, open_rows({})) == agreed(a, a));
}

TEST_CASE("open files agree on JSON text where no other type holds the values of all") {
  const auto together = [](weir::Schema a, weir::Schema b) {
    const weir::Schema in_a = open_rows(columns_of(std::move(a))), in_b = open_rows(columns_of(std::move(b)));
    const NamedSchema files[] = {{"a.json", &in_a.get()}, {"b.json", &in_b.get()}};
    auto found = agree(files);
    REQUIRE(found.has_value());
    const ArrowSchema& column = *found->get().children[0];
    return weir::metadata_value(column, weir::kExtensionKey) + describe_type(column);
  };
  const auto field = [](const char* format) { return weir::Schema::field(format, "v"); };
  CHECK(together(field("l"), field("u")) == "arrow.jsonstring");
  CHECK(together(field("b"), field("l")) == "arrow.jsonstring");
  CHECK(together(nested("+l", "v", columns_of(weir::Schema::field("l", "item"))), field("l")) == "arrow.jsonstring");
  CHECK(together(field("g"), field("d:38,0")) == "arrow.jsonstring");
  CHECK(together(field("l"), field("L")) == "decimal(38,0)");
  CHECK(together(field("d:38,0"), field("L")) == "decimal(38,0)");
  CHECK(together(field("l"), field("g")) == "double");
  CHECK(together(field("n"), field("tdD")) == "date");
}

}  // namespace
}  // namespace weir::arrow
