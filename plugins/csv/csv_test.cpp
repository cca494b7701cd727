// The csv format: what is read, what is refused and how it is said, what is written.
#include <weir_catch.hpp>

#include "encoder.hpp"
#include "fake_host.hpp"
#include "reader.hpp"
#include "writing.hpp"

using namespace weir;
using namespace weir::csv;
using namespace weir::test;

namespace {

// A file read whole.
struct Reading {
  FakeHost host;
  FakeConfig config;
  FakeContext context;
  FakeSchemas schemas;
  FakeNext next;
  InputBytes input;

  explicit Reading(std::string bytes, const std::string& options = "{}", const ArrowSchema* expected = nullptr,
                   std::size_t step = SIZE_MAX)
      : config(options), context(host, config, expected), input(std::move(bytes), step) {}

  Reading& read() {
    CsvReader reader(Context(&context), Input(&input), {}, Outputs(&schemas));
    while (reader.read(0, Next(&next)) != WEIR_READ_END) {
    }
    return *this;
  }
  // "id int64, name string"
  std::string types() const {
    std::string text;
    for (std::int64_t i = 0; i < schemas.schema->n_children; ++i) {
      const ArrowSchema& field = *schemas.schema->children[i];
      text += (i > 0 ? ", " : "") + std::string(field.name) + " " + type_name(field);
    }
    return text;
  }
  // The rows, written again.
  std::string written(const std::string& options = "{}") {
    return write_rows(schemas.schema, next.batches, options).text;
  }
};

weir_error error_from(std::string bytes, const std::string& options = "{}", const ArrowSchema* expected = nullptr) {
  Reading reading(std::move(bytes), options, expected);
  try {
    reading.read();
  } catch (const Failure& failure) {
    return error_of(failure);
  }
  FAIL("expected a failure, found none");
  return {};
}

std::string round_trip(const std::string& bytes, const std::string& options = "{}") {
  return Reading(bytes, options).read().written();
}

}  // namespace

TEST_CASE("null and the empty text stay apart") {
  CHECK(round_trip("id,note\n1,\"\"\n2,\n") == "id,note\n1,\"\"\n2,\n");
}

TEST_CASE("quotes, doubled quotes, delimiters and line breaks are read and written") {
  const std::string text = "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n\"two\nlines\",\"cr\rlf\r\n\"\n";
  CHECK(round_trip(text) == text);
}

TEST_CASE("a quote inside an unquoted field is plain text") {
  CHECK(round_trip("a,b\n14\" monitor,5'\"\nx,y\n") == "a,b\n\"14\"\" monitor\",\"5'\"\"\"\nx,y\n");
}

TEST_CASE("line ends may be mixed, and the last one missing") {
  CHECK(round_trip("a,b\r\n1,2\n3,4\r\n5,6") == "a,b\n1,2\n3,4\n5,6\n");
  CHECK(round_trip("a,b\r\n1,\"2\"\r\n") == "a,b\n1,2\n");
  CHECK(round_trip("a,b\n1,") == "a,b\n1,\n");
}

TEST_CASE("a byte order mark and blank lines are skipped") {
  CHECK(round_trip("\xEF\xBB\xBFid,b\n\n1,2\n\r\n\n3,4\n\n") == "id,b\n1,2\n3,4\n");
}

TEST_CASE("in a file of one column a blank line is a null") {
  CHECK(round_trip("a\nx\n\n\"\"\ny\n") == "a\nx\n\n\"\"\ny\n");
}

TEST_CASE("a header without rows gives columns of no type and no rows") {
  Reading reading("a,b\n");
  reading.read();
  CHECK(reading.types() == "a null, b null");
  CHECK(reading.next.rows() == 0);
  CHECK(reading.written() == "a,b\n");
}

TEST_CASE("types are inferred") {
  Reading reading(
      "i,d,m,b,day,ts,tz,off,ns,s\n"
      "1,1.5,1,true,2024-02-29,2024-01-01 "
      "10:00:00,2024-01-01T10:00:00.123456Z,2024-01-01T10:00:00+02:00,2024-01-01T10:00:00.123456789,x\n"
      "-7,2.25,0.5,false,2023-12-31,2024-01-01 "
      "11:00:00,2024-01-01T10:00:00.000000Z,2024-06-01T10:00:00+02:00,2024-01-01T10:00:00.000000001,1\n");
  reading.read();
  CHECK(reading.types() ==
        "i int64, d double, m double, b bool, day date, ts timestamp(us), tz timestamp(us, UTC), off timestamp(us, "
        "+02:00), "
        "ns timestamp(ns), s string");
  CHECK(reading.written() ==
        "i,d,m,b,day,ts,tz,off,ns,s\n"
        "1,1.5,1.0,true,2024-02-29,2024-01-01 "
        "10:00:00,2024-01-01T10:00:00.123456Z,2024-01-01T10:00:00+02:00,2024-01-01T10:00:00.123456789,x\n"
        "-7,2.25,0.5,false,2023-12-31,2024-01-01 "
        "11:00:00,2024-01-01T10:00:00.000000Z,2024-06-01T10:00:00+02:00,2024-01-01T10:00:00.000000001,1\n");
}

TEST_CASE("what only looks like a value stays text") {
  for (const char* trap : {"007",
                           "+1",
                           "-0",
                           "12345678901234567890",
                           "9223372036854775808",
                           "1e999",
                           "1e-999",
                           ".5",
                           "1.",
                           " 1",
                           "1 ",
                           "NaN",
                           "inf",
                           "0.123456789012345678",
                           "True",
                           "TRUE",
                           "2023-02-29",
                           "2024-1-1",
                           "24:00:00",
                           "2024-01-01T10:00",
                           "2024-01-01T24:00:00",
                           "2024-01-01T10:00:00.1234567890",
                           "0x10",
                           "1_000",
                           "1,5",
                           "2024-01-01T10:00:00+2:00",
                           "1e",
                           "e5",
                           "-",
                           "--1",
                           "0000-01-01"}) {
    CAPTURE(trap);
    const std::string text = std::string("a;b\n") + trap + ";1\n";
    Reading reading(text, R"({"delimiter": ";"})");
    reading.read();
    CHECK(reading.types() == "a string, b int64");
    CHECK(reading.written(R"({"delimiter": ";"})") == text);
  }
}

TEST_CASE("a column of several spellings stays text") {
  for (const char* pair :
       {"2024-01-01T10:00:00Z\n2024-01-01T10:00:00", "2024-01-01T10:00:00Z\n2024-01-01 10:00:00Z",
        "2024-01-01T10:00:00+01:00\n2024-01-01T10:00:00+02:00", "2024-01-01T10:00:00.10\n2024-01-01T10:00:00.100",
        "2024-01-01\n2024-01-01T10:00:00", "true\n1", "9007199254740993\n1.5", "1\n2024-01-01", "1\n\"\""}) {
    CAPTURE(pair);
    Reading reading(std::string("a\n") + pair + "\n");
    reading.read();
    CHECK(reading.types() == "a string");
    CHECK(reading.written() == std::string("a\n") + pair + "\n");
  }
}

TEST_CASE("fractions of as many digits as needed are one spelling") {
  const std::string text = "a\n2024-01-01T10:00:00Z\n2024-01-01T10:00:00.5Z\n2024-01-01T10:00:00.25Z\n";
  Reading reading(text);
  reading.read();
  CHECK(reading.types() == "a timestamp(us, UTC)");
  CHECK(reading.written() == text);
}

TEST_CASE("the delimiter is found") {
  CHECK(round_trip("a;b;c\n1;2,5;3\n4;5,5;6\n") == "a,b,c\n1,\"2,5\",3\n4,\"5,5\",6\n");
  CHECK(round_trip("a\tb\n1\t2\n") == "a,b\n1,2\n");
  CHECK(round_trip("a|b\n1|2\n") == "a,b\n1,2\n");
  CHECK(round_trip("a,b\n1|x,2|y\n") == "a,b\n1|x,2|y\n");
}

TEST_CASE("a header of one column that holds another delimiter is warned of") {
  Reading reading("product;quantity;country\npen;2;DE\n", R"({"delimiter": ","})");
  reading.read();
  REQUIRE(reading.host.lines.size() == 1);
  CHECK(reading.host.lines[0] ==
        R"=(csv.delimiter {"message":"the header has one column, \"product;quantity;country\": )="
        R"=(is the delimiter \";\"?"})=");
}

TEST_CASE("columns can be named, with and without a header to skip") {
  CHECK(round_trip("1,2\n", R"({"columns": ["x", "y"]})") == "x,y\n1,2\n");
  CHECK(round_trip("a,b\n1,2\n", R"({"columns": ["x", "y"], "header": true})") == "x,y\n1,2\n");
  CHECK(round_trip("1,2\n", R"({"header": false})") == "column1,column2\n1,2\n");
}

TEST_CASE("null words are null in every type") {
  Reading reading("a,b\n1,NA\nNA,\"NA\"\n", R"({"nulls": ["NA"]})");
  reading.read();
  CHECK(reading.types() == "a int64, b null");
  CHECK(reading.written() == "a,b\n1,\n,\n");
}

TEST_CASE("without inference everything is a string") {
  Reading reading("a,b\n1,\n", R"({"infer": false})");
  reading.read();
  CHECK(reading.types() == "a string, b string");
}

TEST_CASE("declared types read their other spellings") {
  Reading reading(
      "a,b,c,d,e,f\n007,.5,TRUE,1.5,10:30:00.25,00ff\n+1,1.,0,-2,23:59:59,\"\"\n",
      R"=({"types": {"a": "int32", "b": "double", "c": "bool", "d": "Decimal(10, 2)", "e": "time", "f": "binary"}})=");
  reading.read();
  CHECK(reading.types() == "a int32, b double, c bool, d decimal(10,2), e time, f binary");
  CHECK(reading.next.rejects.empty());
  CHECK(reading.written() == "a,b,c,d,e,f\n7,0.5,true,1.50,10:30:00.25,00ff\n1,1.0,false,-2.00,23:59:59,\"\"\n");
}

TEST_CASE("a value that does not fit rejects its row, and says where it stands") {
  Reading reading("product,quantity,country\npen,2,DE\nhub,x7,\"F\"\"R\"\nbag,3,US\n",
                  R"({"types": {"quantity": "int64"}})");
  reading.read();
  REQUIRE(reading.next.rejects.size() == 1);
  const FakeReject& reject = reading.next.rejects[0];
  CHECK(reject.offset == 34);
  CHECK(reject.within == 4);
  CHECK(reject.record == "hub,x7,\"F\"\"R\"");
  CHECK(reject.fields == R"({"product":"hub","quantity":"x7","country":"F\"R"})");
  CHECK(reject.column == "quantity");
  CHECK(reject.reason == "not an integer");
  CHECK(reject.detail == "expected int64, found \"x7\"");
  CHECK(reading.written() == "product,quantity,country\npen,2,DE\nbag,3,US\n");
  const NumberColumn<std::uint32_t> origins(reading.next.origins[0].get());
  CHECK(reading.next.bases[0] + origins[0] == 25);
  CHECK(reading.next.bases[0] + origins[1] == 48);
}

TEST_CASE("the first bad value of a row is the one told") {
  Reading reading("a,b\nx,y\n1,y\nx,2\n", R"({"types": {"a": "int8", "b": "date"}})");
  reading.read();
  REQUIRE(reading.next.rejects.size() == 3);
  CHECK(reading.next.rejects[0].column == "a");
  CHECK(reading.next.rejects[1].reason == "not a date");
  CHECK(reading.next.rejects[2].column == "a");
  CHECK(reading.next.batches.empty());
}

TEST_CASE("each reason has its name") {
  const auto reason = [](const std::string& type, const std::string& value) {
    Reading reading("a\n" + value + "\n", R"({"types": {"a": ")" + type + "\"}}");
    reading.read();
    return reading.next.rejects.empty() ? std::string("none") : reading.next.rejects[0].reason;
  };
  CHECK(reason("int8", "128") == "out of range");
  CHECK(reason("uint8", "-1") == "out of range");
  CHECK(reason("int64", "9223372036854775808") == "out of range");
  CHECK(reason("int64", "1.5") == "not an integer");
  CHECK(reason("double", "1e999") == "out of range");
  CHECK(reason("double", "abc") == "not a number");
  CHECK(reason("decimal(4,2)", "123.45") == "out of range");
  CHECK(reason("decimal(4,2)", "1.234") == "out of range");
  CHECK(reason("decimal(4,2)", "12.50") == "none");
  CHECK(reason("bool", "yes") == "not true or false");
  CHECK(reason("timestamp", "2024-01-01T10:00:00Z") == "not a timestamp");
  CHECK(reason("timestamp(s)", "2024-01-01T10:00:00.5") == "out of range");
  CHECK(reason("timestamp(us, UTC)", "2024-01-01T10:00:00+01:00") == "none");
  CHECK(reason("time", "24:00:00") == "not a time");
  CHECK(reason("binary", "0g") == "not hexadecimal");
  CHECK(reason("int64", "\"\"") == "not an integer");
}

TEST_CASE("a file keeps to the agreed schema by the names of its columns") {
  Reading first("id,name\n1,x\n");
  first.read();
  Reading second("name,id\ny,2\nz,007\n", "{}", &first.schemas.schema.get());
  second.read();
  CHECK(second.written() == "id,name\n2,y\n");
  REQUIRE(second.next.rejects.size() == 1);
  CHECK(second.next.rejects[0].reason == "not an integer");
  const weir_error error = error_from("id,nom\n1,x\n", "{}", &first.schemas.schema.get());
  CHECK_THAT(error.message, weir::test::Contains("no \"name\", a column more, \"nom\""));
  CHECK_THAT(error.message, weir::test::Contains("id, name"));
}

TEST_CASE("what is not CSV is refused where it stands") {
  weir_error error = error_from("a,b,c\n1,2,3\nhub,3\n");
  CHECK(std::string(error.message) == "expected 3 fields, found 2");
  CHECK(error.offset == 12);
  CHECK(error.fault == WEIR_FAULT_DATA);

  error = error_from("product,quantity\npen,2\n\"hub,3\nbag,4\n");
  CHECK_THAT(error.message, weir::test::Contains("quote"));
  CHECK(error.offset == 23);

  error = error_from("a,b\nx,caf\xE9\n");
  CHECK_THAT(error.message, weir::test::Contains("utf-8"));
  CHECK_THAT(error.hint, weir::test::Contains("encoding"));
  CHECK(error.offset == 9);

  error = error_from("a,b\n\"x\"y,1\n");
  CHECK_THAT(error.message, weir::test::Contains("behind a closing quote, found \"y\""));
  CHECK(error.offset == 7);

  error = error_from("");
  CHECK(std::string(error.message) == "expected a header line, found an empty file");
  CHECK(error.fault == WEIR_FAULT_SOURCE);

  CHECK_THAT(error_from(std::string("a\0b,c\n1,2\n", 10)).message, weir::test::Contains("NUL"));
}

TEST_CASE("mistakes in types point at the option") {
  weir_error error = error_from("a\n1\n", R"({"types": {"a": "imt64"}})");
  CHECK(error.fault == WEIR_FAULT_MANIFEST);
  CHECK(std::string(error.option) == "/types/a");
  CHECK(std::string(error.hint) == "did you mean 'int64'?");
  error = error_from("quantity\n1\n", R"({"types": {"quantty": "int64"}})");
  CHECK(std::string(error.option) == "/types/quantty");
  CHECK(std::string(error.hint) == "did you mean 'quantity'?");
}

TEST_CASE("sniffing goes by name, then by content") {
  CHECK(sniff_csv("x.csv", "", "") > 90);
  CHECK(sniff_csv("x.TSV", "", "") > 90);
  CHECK(sniff_csv("x", "", "a,b\n1,2\n3,4\n") > 0);
  CHECK(sniff_csv("x", "", "{\"a\": 1, \"b\": 2}\n{\"a\": 1, \"b\": 2}\n") == 0);
  CHECK(sniff_csv("x", "", std::string_view("\x1f\x8b\0\0,\n,\n", 8)) == 0);
}

TEST_CASE("reading goes on from a position") {
  std::string text = "a,b\n";
  for (int i = 0; i < 300000; ++i) text += std::to_string(i) + ",some text\n";
  Reading whole(text);
  whole.read();
  Reading begun(text, R"({"types": {"a": "int64"}})");
  struct Kept : weir_sink {
    mutable std::string text;
  } kept{};
  kept.size = sizeof(weir_sink);
  kept.put = [](const weir_sink* self, weir_bytes bytes) -> weir_status {
    static_cast<const Kept*>(self)->text = to_view(bytes);
    return WEIR_OK;
  };
  {
    CsvReader reader(Context(&begun.context), Input(&begun.input), {}, Outputs(&begun.schemas));
    CHECK(reader.read(0, Next(&begun.next)) == WEIR_READ_MORE);
    reader.position(Sink(&kept));
  }
  InputBytes again(text);
  CsvReader reader(Context(&begun.context), Input(&again), kept.text, Outputs(&begun.schemas));
  while (reader.read(0, Next(&begun.next)) != WEIR_READ_END) {
  }
  CHECK(begun.written() == whole.written());
}
