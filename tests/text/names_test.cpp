// Names of types, and values for messages and tables.
#include <weir/arrow.hpp>
#include <weir/cpp/type_names.hpp>
#include <weir/cpp/value_text.hpp>
#include <weir/testing.hpp>

#include "weir_catch.hpp"

namespace weir {
namespace {

std::string format_named(std::string_view name) {
  const auto named = type_named(name);
  return named ? named->format + (named->any_unit ? " any unit" : "") : "none";
}

std::string shown(const Schema& field, const Array& column, std::int64_t row) {
  std::string text;
  append_value(text, field.get(), column.get(), 0, row);
  return text;
}

Array offsets_and(std::vector<std::int32_t> offsets, Array child) {
  std::vector<Buffer> buffers(2);
  buffers[1].append(offsets.data(), 4 * offsets.size());
  std::vector<Array> children;
  children.push_back(std::move(child));
  return make_array(static_cast<std::int64_t>(offsets.size()) - 1, 0, std::move(buffers), std::move(children));
}

template <class T>
std::string one(const char* format, T value) {
  NumberBuilder<T> builder;
  builder.append(value);
  return shown(Schema::field(format, "x"), builder.finish(), 0);
}

TEST_CASE("a type has the name that type_name() gives it") {
  for (const char* format : {"c", "C", "s", "S",   "i",      "I",      "l",    "L",    "f",       "g",
                             "b", "u", "z", "tdD", "d:10,2", "d:38,0", "tss:", "tsm:", "tsu:UTC", "tsn:Europe/Rome"}) {
    INFO(format);
    CHECK(format_named(type_name(Schema::field(format, "").get())) == format);
  }
}

TEST_CASE("types are named in any case of letters, with blanks or without, and a zone keeps its letters") {
  CHECK(format_named("Decimal(10, 2)") == "d:10,2");
  CHECK(format_named(" DECIMAL ( 5 ) ") == "d:5,0");
  CHECK(format_named("TIMESTAMP(MS, Europe/Rome)") == "tsm:Europe/Rome");
  CHECK(format_named("Integer") == "l");
  CHECK(format_named("time(ns)") == "ttn");
}

TEST_CASE("a moment of which no unit is said has any") {
  CHECK(format_named("timestamp") == "tsu: any unit");
  CHECK(format_named("time") == "ttu any unit");
  CHECK(format_named("timestamp(us)") == "tsu:");
}

TEST_CASE("what names no type is none") {
  for (const char* name : {"", "int46", "decimal", "decimal()", "decimal(0)", "decimal(39,0)", "decimal(5,6)",
                           "decimal(5,-1)", "decimal(5,2", "decimal(5,2)x", "decimal(a)", "int64(8)", "timestamp(min)",
                           "timestamp(us, UTC, x)", "timestamp(us,)", "time(us, UTC)", "date(1)"}) {
    INFO(name);
    CHECK(format_named(name) == "none");
  }
}

TEST_CASE("the hint for an unknown type is the nearest name, else what there is") {
  CHECK(type_hint("int46") == "did you mean 'int64'?");
  CHECK(type_hint("Strng") == "did you mean 'string'?");
  CHECK(type_hint("currency").starts_with("types are int8 to int64"));
}

TEST_CASE("plain values read as the csv writer has them") {
  CHECK(one<std::int8_t>("c", -128) == "-128");
  CHECK(one<std::uint64_t>("L", 18446744073709551615U) == "18446744073709551615");
  CHECK(one<double>("g", 1.0) == "1.0");
  CHECK(one<float>("f", 0.1F) == "0.1");
  CHECK(one<std::uint16_t>("e", 0x3E00) == "1.5");
  CHECK(one<Int128>("d:10,2", -5) == "-0.05");
  CHECK(one<std::int32_t>("tdD", 19753) == "2024-01-31");
  CHECK(one<std::int64_t>("tdm", -1) == "1969-12-31");
  CHECK(one<std::int64_t>("tsu:UTC", 0) == "1970-01-01T00:00:00Z");
  CHECK(one<std::int32_t>("tts", 3661) == "01:01:01");
  CHECK(one<std::int64_t>("tDm", 1500) == "1500 ms");
  CHECK(one<std::int32_t>("tiM", 14) == "14 months");
}

TEST_CASE("intervals of days, and of months and nanoseconds, read their parts") {
  std::vector<Buffer> buffers(2);
  const std::int32_t days[] = {0, 0, 3, 250};
  buffers[1].append(days, sizeof days);
  CHECK(shown(Schema::field("tiD", "x"), make_array(2, 0, std::move(buffers)), 1) == "3 days 250 ms");
  std::vector<Buffer> wide(2);
  struct Parts {
    std::int32_t months, days;
    std::int64_t nanos;
  } const parts[] = {{0, 0, 0}, {1, -2, 7}};
  wide[1].append(parts, sizeof parts);
  CHECK(shown(Schema::field("tin", "x"), make_array(2, 0, std::move(wide)), 1) == "1 months -2 days 7 ns");
}

TEST_CASE("lists, structs and dictionaries read as what is in them, also in slices") {
  std::vector<Schema> item;
  item.push_back(Schema::field("u", "item"));
  const Schema list = Schema::field("+l", "tags", true, {}, std::move(item));
  Array column = offsets_and({0, 2, 2, 4}, testing::text_column({"a", nullptr, "c", "d"}));
  CHECK(shown(list, column, 0) == "[a, null]");
  CHECK(shown(list, column, 1) == "[]");
  column.address()->offset = 1;
  column.address()->length = 2;
  CHECK(shown(list, column, 1) == "[c, d]");

  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "n"));
  fields.push_back(Schema::field("u", "t"));
  const Schema structure = Schema::field("+s", "s", true, {}, std::move(fields));
  NumberBuilder<std::int64_t> numbers;
  numbers.append(7);
  std::vector<Array> children;
  children.push_back(numbers.finish());
  children.push_back(testing::text_column({"x"}));
  CHECK(shown(structure, rows_of(1, std::move(children)), 0) == "{n: 7, t: x}");

  const Schema words = Schema::field("u", "");
  ArrowSchema field{};
  field.format = "C";
  field.dictionary = const_cast<ArrowSchema*>(&words.get());
  NumberBuilder<std::uint8_t> keys;
  keys.append(1);
  keys.append_null();
  Array coded = keys.finish();
  Array values = testing::text_column({"no", "yes"});
  coded.address()->dictionary = values.address();
  std::string text;
  append_value(text, field, coded.get(), 0, 0);
  append_value(text, field, coded.get(), 0, 1);
  CHECK(text == "yesnull");
  coded.address()->dictionary = nullptr;
}

TEST_CASE("a value in a message is on one line, quoted if it is text, and cut at a whole character") {
  const Schema field = Schema::field("u", "x");
  const std::string euros(63, 'a');
  const Array column = testing::text_column({"a\"b\nc", nullptr, "null", (euros + "€").c_str()});
  const auto message = [&](std::int64_t row) { return shown_value(field.get(), column.get(), 0, row); };
  CHECK(message(0) == "\"a\\\"b c\"");
  CHECK(message(1) == "null");
  CHECK(message(2) == "\"null\"");
  CHECK(message(3) == "\"" + euros + "…\"");
  std::vector<Buffer> bytes(2);
  bytes[1].append("\x01\xFF", 2);
  CHECK(shown(Schema::field("w:2", "x"), make_array(1, 0, std::move(bytes)), 0) == "01ff");
}

}  // namespace
}  // namespace weir
