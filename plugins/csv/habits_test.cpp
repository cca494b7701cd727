// Habits: other marks in numbers, dates by patterns, times of a zone that the texts don't say, what is found by looking.
#include <weir_catch.hpp>

#include "habits.hpp"
#include "reference.hpp"

using namespace weir;
using namespace weir::csv;
using namespace weir::csv::test;
using weir::test::error_of;

namespace {

// The types that are told, the rows as CSV, and the reasons of rejects, one behind the other.
std::string read_as(const std::string& bytes, const std::string& options, const ArrowSchema* agreed = nullptr) {
  const FakeHost host;
  const FakeConfig config(options);
  FakeContext context(host, config, agreed);
  const FakeSchemas schemas;
  const FakeNext next;
  const InputBytes input(bytes);
  try {
    CsvReader reader(Context(&context), Input(&input), "", Outputs(&schemas));
    while (reader.read(0, Next(&next)) != WEIR_READ_END) {
    }
  } catch (const Failure& failure) {
    const weir_error error = error_of(failure);
    return std::string(error.message) + " at " + error.option;
  }
  std::string text;
  for (std::int64_t i = 0; i < schemas.schema->n_children; ++i)
    text += (i > 0 ? ", " : "") + type_name(*schemas.schema->children[i]);
  text += "\n" + write_rows(schemas.schema, next.batches, R"({"header": false})").text;
  for (const auto& reject : next.rejects) text += reject.reason + "; " + reject.detail + "\n";
  return text;
}

std::string found(const std::string& bytes, const std::string& options = "{}") {
  return metadata_value(read_all(bytes, options, 0).schema.get(), "weir.found");
}

}  // namespace

TEST_CASE("numbers are read with the marks that the file has") {
  const std::string comma = R"=({"decimal": ",", "thousands": ".", "types": {"d": "decimal(12,2)"}})=";
  CHECK(read_as("a;b;c;d\n1,5;-1.234,25;1.234;1.000.000,50\n", comma) ==
        "double, double, int64, decimal(12,2)\n1.5,-1234.25,1234,1000000.50\n");
  CHECK(read_as("a\n1.5\n", R"({"decimal": ","})") == "string\n1.5\n");
  CHECK(read_as("a\n1,234\n", R"({"delimiter": ";", "thousands": ","})") == "int64\n1234\n");
}

TEST_CASE("marks stand only where they can, else it is no number") {
  for (const char* text :
       {"1.23", "12.3456", "1234.567", ".123", "1..234", "1,2,3", "1.234,5.6", "1.234.56,1", "1.", "-"}) {
    CAPTURE(text);
    char plain[kMaxNumber];
    const std::string_view number(text);
    char* const end = to_usual_number(number.data(), number.data() + number.size(), {',', '.'}, plain);
    double value = 0;
    const bool reads = end != nullptr && end != plain && text::parse_double(plain, end, value);
    CHECK_FALSE(reads);
  }
  CHECK(read_as("a;b\n1.23,5;x\n", R"({"decimal": ",", "thousands": ".", "types": {"a": "double"}})") ==
        "double, string\nnot a number; expected double, found \"1.23,5\"\n");
}

TEST_CASE("numbers are written with another mark, in quotes where it is the delimiter") {
  const Result result = read_all("a;b\n1,5;2\n", R"({"decimal": ","})", 0);
  CHECK(write_rows(result.schema, result.batches, R"({"decimal": ",", "delimiter": ";"})").text == "a;b\n1,5;2\n");
  CHECK(write_rows(result.schema, result.batches, R"({"decimal": ","})").text == "a,b\n\"1,5\",2\n");
}

TEST_CASE("a pattern says how dates and times are spelled, and what comes of it") {
  CHECK(
      read_as(
          "a,b,c,d\n31/12/2024,1.2.99 3:04,11:05:09.25 PM,Jan 5 2024 10:00 +0130\n",
          R"({"formats": {"a": "%d/%m/%Y", "b": "%d.%m.%y %H:%M", "c": "%I:%M:%S.%f %p", "d": "%b %e %Y %H:%M %z"}})") ==
      "date, timestamp(us), time, timestamp(us, "
      "UTC)\n2024-12-31,1999-02-01T03:04:00,23:05:09.25,2024-01-05T08:30:00Z\n");
  CHECK(read_as("a\n1969-12-31 23\n5 100% x\n", R"({"formats": {"a": "%Y-%m-%d %H"}})") ==
        "timestamp(us)\n1969-12-31T23:00:00\nnot a timestamp; expected timestamp(us) by %Y-%m-%d %H, found \"5 100% "
        "x\"\n");
}

TEST_CASE("a date that is not by its pattern, or that never was, rejects its row") {
  const std::string options = R"({"formats": {"a": "%d/%m/%Y"}})";
  for (const char* text :
       {"31/02/2024", "1/13/2024", "2024-01-01", "1/1/24", "1/1/2024x", "1/1/2024 ", "/1/2024", "0/1/2024"}) {
    CAPTURE(text);
    CHECK(read_as("a\n" + std::string(text) + "\n", options) ==
          "date\nnot a date; expected date by %d/%m/%Y, found \"" + std::string(text) + "\"\n");
  }
  CHECK(read_as("a,b\n,1\n\"1/1/2024\",2\n", options) == "date, int64\n,1\n2024-01-01,2\n");
}

TEST_CASE("patterns that say no whole date or time are refused") {
  const auto refused = [](const std::string& pattern) {
    return read_as("a\n1\n", R"({"formats": {"a": ")" + pattern + "\"}}");
  };
  CHECK(refused("%d/%m/%Q") == "expected a pattern of %d %m %Y %H %M %S and their like, found \"%Q\" at /formats/a");
  CHECK(refused("%d/%m") ==
        "expected a pattern with a whole date, a time of day, or both, found \"%d/%m\" at /formats/a");
  CHECK(refused("%I:%M") ==
        "expected a pattern with a whole date, a time of day, or both, found \"%I:%M\" at /formats/a");
  CHECK(refused("x") == "expected a pattern with a whole date, a time of day, or both, found \"x\" at /formats/a");
  CHECK(read_as("a\n1\n", R"({"formats": {"a": "%d/%m/%Y"}, "types": {"a": "int64"}})") ==
        "expected a pattern for the type that types: gives the column, found one of a date at /formats/a");
  CHECK(read_as("a\n1\n", R"({"formats": {"b": "%d/%m/%Y"}})") ==
        "expected a column of the file, found \"b\"; it has a at /formats/b");
}

TEST_CASE("timestamps without a zone are of the zone that the manifest names") {
  const std::string rome = R"({"times": {"naive": "Europe/Rome"}})";
  CHECK(read_as("a\n2024-07-01 10:00:00\n2024-01-01 10:00:00\n", rome) ==
        "timestamp(us, UTC)\n2024-07-01T08:00:00Z\n2024-01-01T09:00:00Z\n");
  CHECK(read_as("a\n1/7/2024 10:00\n", R"({"times": {"naive": "Europe/Rome"}, "formats": {"a": "%d/%m/%Y %H:%M"}})") ==
        "timestamp(us, UTC)\n2024-07-01T08:00:00Z\n");
  CHECK(read_as("a\n2024-07-01T10:00:00Z\n", rome) == "timestamp(us, UTC)\n2024-07-01T10:00:00Z\n");
  CHECK(read_as("a\n2024-07-01 10:00:00\n", R"({"times": {"naive": "Europe/Rome"}, "types": {"a": "timestamp"}})") ==
        "timestamp(us)\n2024-07-01 10:00:00\n");
  CHECK(read_as("a\n1\n", R"({"times": {"naive": "Europe/Roma"}})") ==
        "expected the name of a time zone, found \"Europe/Roma\" at /times/naive");
}

TEST_CASE("in a zone timestamps are moments, however each is spelled") {
  const std::string rome = R"({"times": {"naive": "Europe/Rome"}})";
  const std::string mixed =
      "a\n2024-07-01T10:00:00\n2024-07-01 10:00:00.50\n2024-07-01T10:00:00Z\n2024-07-01 10:00:00+01:00\n";
  CHECK(
      read_as(mixed, rome) ==
      "timestamp(us, UTC)\n2024-07-01T08:00:00Z\n2024-07-01T08:00:00.5Z\n2024-07-01T10:00:00Z\n2024-07-01T09:00:00Z\n");
  CHECK(read_as(mixed, "{}").starts_with("string\n"));
  CHECK(read_as("a\n2024-07-01T10:00:00\n2024-07-01 10:00:00.123456789\n", rome) ==
        "timestamp(ns, UTC)\n2024-07-01T08:00:00Z\n2024-07-01T08:00:00.123456789Z\n");
  CHECK(read_as("a\n2024-07-01T10:00:00\n3024-07-01 10:00:00.123456789\n", rome).starts_with("string\n"));
  CHECK(read_as("a\n2024-07-01T10:00:00Z\n2024-07-01T10:00:00+02:00\n", rome).starts_with("string\n"));
  CHECK(read_as("a\n2024-07-01T10:00:00\nnow\n", rome).starts_with("string\n"));
}

TEST_CASE("a time that came twice is the first, one that never came as if the clock had not been put forward") {
  CHECK(read_as("a\n2024-10-27 02:30:00\n2024-03-31 02:30:00\n2024-03-31 03:00:00\n",
                R"({"times": {"naive": "Europe/Rome"}})") ==
        "timestamp(us, UTC)\n2024-10-27T00:30:00Z\n2024-03-31T01:30:00Z\n2024-03-31T01:00:00Z\n");
}

TEST_CASE("delimiter, quote and header are found, and told if they are not the usual ones") {
  CHECK(found("a,b\n1,2\n") == "");
  CHECK(found("a;b\n1;2\n") == "delimiter ;");
  CHECK(found("a\tb\n1\t2\n3\n") == "delimiter tab");
  CHECK(found("'a';'b'\n'x;y';'it''s'\n") == "delimiter ;, quote '");
  CHECK(found("a;b\nit's;'tis\n") == "delimiter ;");
  CHECK(found("a,b\n'x',\"y\"\n") == "");
  CHECK(found("1,2024-01-01\n2,2024-01-02\n") == "no header");
  CHECK(found("1,x\n2,y\n") == "");
  CHECK(found("1,2\n", R"({"header": true})") == "");
  CHECK(read_as("1,5;2,5\n3,5;4,5\n", R"({"decimal": ","})") == "double, double\n1.5,2.5\n3.5,4.5\n");
  CHECK(read_as("1.500;2.500.000\n", R"({"decimal": ",", "thousands": "."})") == "int64, int64\n1500,2500000\n");
  CHECK(read_as("31/12/2024,1\n1/1/2025,2\n", R"({"formats": {"column1": "%d/%m/%Y"}})") ==
        "date, int64\n2024-12-31,1\n2025-01-01,2\n");
  CHECK(read_as("1.5;x\n1,5;y\n", R"({"decimal": ","})") == "double, string\n1.5,y\n");
  CHECK(read_as("1,2.5\n2,3\n", "{}") == "int64, double\n1,2.5\n2,3.0\n");
}

TEST_CASE("a first line that names the delimiter for Excel is no row") {
  CHECK(read_as("sep=|\r\na|b\r\n1|2\r\n", "{}") == "int64, int64\n1,2\n");
  CHECK(found("\xEF\xBB\xBFSEP=:\na:b\n1:2\n") == "delimiter :");
  CHECK(read_as("sep=;\r\na;b\r\n1;2\r\n", R"({"delimiter": ";"})") == "int64, int64\n1,2\n");
  CHECK(read_as("sep=;\nx\n", R"({"delimiter": ","})") == "string\nx\n");
  CHECK(read_as("sep=\nx\n", "{}") == "string\nx\n");
}

TEST_CASE("in a union a column that the file lacks is null") {
  std::vector<Schema> fields;
  for (const char* const format : {"l", "u", "b", "tdD", "d:10,2", "n"})
    fields.push_back(Schema::field(format, std::string("c") + format));
  fields.push_back(Schema::field("l", "a"));
  const Schema agreed = Schema::rows(std::move(fields));
  const auto read = [&](const std::string& bytes) {
    const std::string told = read_as(bytes, R"({"files": "union"})", &agreed.get());
    return told.substr(told.find('\n') + 1);  // behind the types; of a failure all
  };
  CHECK(read("a\n1\n2\n") == ",,,,,,1\n,,,,,,2\n");
  CHECK(read("cu,a\nx,1\n") == ",x,,,,,1\n");
  CHECK(read("a,new\n1,2\n").starts_with("expected the columns of the files before"));
  const Result told = read_all("a\n1\n", R"({"files": "union", "types": {"later": "int64"}})", 0);
  CHECK(metadata_value(told.schema.get(), "weir.open") == "columns");
  CHECK(told.schema->n_children == 2);
}
