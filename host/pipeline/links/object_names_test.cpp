// Values as parts of the names of objects: none leaves its folder, no two share a name.
#include <weir_catch.hpp>

#include <set>

#include "pipeline/fake_world.hpp"
#include "pipeline/links/object_names.hpp"

namespace weir::pipeline {
namespace {

FileWriting writing(std::string path, std::vector<std::string> by) {
  FileWriting made;
  made.storage = fake::storage();
  made.path = std::move(path);
  made.by = std::move(by);
  return made;
}

weir::Schema two_columns() {
  return weir::Schema::rows(fields_of(weir::Schema::field("u", "country"), weir::Schema::field("l", "year")));
}

std::string refused_name(const FileWriting& made, const weir::Schema& schema) {
  const auto names = ObjectNames::of(made, schema.get());
  REQUIRE_FALSE(names);
  CHECK(names.error().code == "manifest.by");
  return names.error().message + " | " + names.error().hint;
}

}  // namespace

TEST_CASE("a value is a part of a name that stays in its folder") {
  CHECK(name_part("IT") == "IT");
  CHECK(name_part("Côte d'Ivoire") == "Côte d'Ivoire");
  CHECK(name_part("🇮🇹") == "🇮🇹");
  CHECK(name_part("CON") == "CON");
  CHECK(name_part("") == "%empty");
  CHECK(name_part(".") == "%2E");
  CHECK(name_part("..") == "%2E.");
  CHECK(name_part("../../etc/passwd") == "%2E.%2F..%2Fetc%2Fpasswd");
  CHECK(name_part("a\\b") == "a%5Cb");
  CHECK(name_part(std::string_view("a\0b\n", 4)) == "a%00b%0A");
  CHECK(name_part(" a b ") == "%20a b%20");
  CHECK(name_part("100%") == "100%25");
  CHECK(name_part("%null") == "%25null");
  CHECK(name_part("a~b") == "a%7Eb");
  CHECK(name_part("part-{n}") == "part-%7Bn}");
}

TEST_CASE("a long value is cut at a whole character, and told from others by its hash") {
  CHECK(name_part(std::string(128, 'x')) == std::string(128, 'x'));
  const std::string one = name_part(std::string(300, 'x')), other = name_part(std::string(301, 'x'));
  CHECK(one.size() == 96 + 17);
  CHECK(one.starts_with(std::string(96, 'x') + "~"));
  CHECK(one != other);
  std::string characters;
  for (int i = 0; i < 100; ++i) characters += "日";
  CHECK(name_part("a" + characters).starts_with("a" + characters.substr(0, 93) + "~"));
  CHECK(name_part(std::string(50, '/')).find("%2~") == std::string::npos);
}

TEST_CASE("no two values have one part") {
  std::set<std::string> parts;
  const std::vector<std::string> values = {"",   "%empty", "%null", ".", "..",  "%2E", "/",  "%2F", "a",  "A",
                                           "a ", " a",     "a%20",  "~", "%7E", "{n}", "a{", "n",   "\n", "%0A"};
  for (const auto& value : values) parts.insert(name_part(value));
  parts.emplace(kNullPart);
  CHECK(parts.size() == values.size() + 1);
}

TEST_CASE("an object's name has the values of its row, and {n} for its parts") {
  const weir::Schema schema = two_columns();
  auto names = ObjectNames::of(writing("out/{country}/{year}-{country}-{n}.csv", {"country", "year"}), schema.get());
  REQUIRE(names);
  TextBuilder countries;
  NumberBuilder<std::int64_t> years;
  for (const char* const country : {"IT", "IT", "{n}", "{year}"}) countries.append(country);
  countries.append_null();
  for (const std::int64_t year : {2025, 2026, 2025, -1}) years.append(year);
  years.append_null();
  std::vector<weir::Array> columns;
  columns.push_back(countries.finish());
  columns.push_back(years.finish());
  weir::Array rows = rows_of(5, std::move(columns));
  std::set<std::string> keys;
  std::vector<std::string> found;
  for (std::int64_t row = 0; row < 5; ++row) {
    keys.emplace(names->key(rows.get(), row));
    found.push_back(names->name());
  }
  CHECK(keys.size() == 5);
  CHECK(found == std::vector<std::string>{"out/IT/2025-IT-{n}.csv", "out/IT/2026-IT-{n}.csv",
                                          "out/%7Bn}/2025-%7Bn}-{n}.csv", "out/%7Byear}/-1-%7Byear}-{n}.csv",
                                          "out/%null/%null-%null-{n}.csv"});
  rows.address()->offset = 2;  // a slice
  rows.address()->length = 3;
  names->key(rows.get(), 0);
  CHECK(names->name() == "out/%7Bn}/2025-%7Bn}-{n}.csv");
}

TEST_CASE("values of every type that has a text are named by it") {
  const auto named = [](weir::Schema field, weir::Array column) {
    const weir::Schema schema = weir::Schema::rows(fields_of(std::move(field)));
    auto names = ObjectNames::of(writing("{c}", {"c"}), schema.get());
    REQUIRE(names);
    std::vector<weir::Array> columns;
    columns.push_back(std::move(column));
    const weir::Array rows = rows_of(1, std::move(columns));
    names->key(rows.get(), 0);
    return names->name();
  };
  const auto number = [&named](const char* format, auto value) {
    NumberBuilder<decltype(value)> builder;
    builder.append(value);
    return named(weir::Schema::field(format, "c"), builder.finish());
  };
  const auto text = [&named](const char* format, auto builder) {
    builder.append("a\"b");
    return named(weir::Schema::field(format, "c"), builder.finish());
  };
  CHECK(number("l", std::int64_t{-7}) == "-7");
  CHECK(number("g", 2.5) == "2.5");
  CHECK(number("d:10,2", Int128{125}) == "1.25");
  CHECK(number("tdD", std::int32_t{20000}) == "2024-10-04");
  CHECK(number("tts", std::int32_t{3661}) == "01:01:01");
  CHECK(text("u", TextBuilder()) == "a\"b");
  CHECK(text("U", LargeTextBuilder()) == "a\"b");
  CHECK(text("vu", ViewBuilder()) == "a\"b");
  BooleanBuilder yes;
  yes.append(true);
  CHECK(named(weir::Schema::field("b", "c"), yes.finish()) == "true");
  DictionaryBuilder words;
  words.append("x/y");
  CHECK(named(weir::Schema::dictionary(weir::Schema::field("i", "c"), weir::Schema::field("u", "")), words.finish()) ==
        "x%2Fy");
}

TEST_CASE("columns that can't choose an object are refused") {
  const weir::Schema schema = two_columns();
  CHECK(refused_name(writing("out/{contry}.csv", {"contry"}), schema)
            .find("no column 'contry' in the input | did you mean 'country'?") != std::string::npos);
  CHECK(refused_name(writing("out.csv", {"country"}), schema)
            .find("expected {country} in the path, for its rows to have a file of their own, found 'out.csv'") !=
        std::string::npos);
  CHECK(refused_name(writing("out/{country}.csv", {}), schema)
            .find("expected column 'country' in by:, for the path has {country}, found it not named | "
                  "a file for each of its values: by: [country]") != std::string::npos);
  CHECK(refused_name(writing("{n}.txt", {"n"}), fake::schema()).find("expected a column of another name than 'n'") !=
        std::string::npos);
  const weir::Schema lists =
      weir::Schema::rows(fields_of(weir::Schema::nested("+l", "t", weir::Schema::field("u", "item"))));
  CHECK(refused_name(writing("{t}.txt", {"t"}), lists)
            .find("expected columns of text, numbers, booleans or times in by:, found 't' of list") !=
        std::string::npos);
  CHECK(ObjectNames::of(writing("out/{other}.csv", {}), schema.get()));
}

}  // namespace weir::pipeline
