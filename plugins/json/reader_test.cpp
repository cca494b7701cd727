// The reader: layouts, types, what is null, what is rejected and where, what is refused and where.
#include <weir_catch.hpp>

#include "reading.hpp"

using namespace weir;
using namespace weir::json;
using namespace weir::json::test;

namespace {

std::string types_of(const std::string& bytes, How how = {}) { return read_json(bytes, std::move(how)).types; }
std::string rows_of_text(const std::string& bytes, How how = {}) {
  const Reading reading = read_json(bytes, std::move(how));
  CHECK(reading.failure.empty());
  CHECK(reading.rejects.empty());
  return reading.rows;
}

// The type of the values of one key.
std::string type_of_values(const std::vector<std::string>& values) {
  std::string bytes;
  for (const auto& value : values) bytes += "{\"v\":" + value + "}\n";
  const std::string types = types_of(bytes);
  return types.substr(2);
}

}  // namespace

TEST_CASE("objects stand one a line, one after another, or in an array: the rows are the same") {
  const std::string rows = "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n";
  CHECK(rows_of_text("{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n") == rows);
  CHECK(rows_of_text("{\"a\":1,\"b\":\"x\"}\r\n\r\n  \n{\"a\":2,\"b\":\"y\"}") == rows);
  CHECK(rows_of_text("{\"a\":1,\n\"b\":\"x\"}\n{\"a\":2,\"b\":\n\"y\"}\n") == rows);
  CHECK(rows_of_text("{\"a\":1,\"b\":\"x\"}{\"a\":2,\"b\":\"y\"}") == rows);
  CHECK(rows_of_text("[{\"a\":1,\"b\":\"x\"},{\"a\":2,\"b\":\"y\"}]") == rows);
  CHECK(rows_of_text(" \n[ {\"a\" : 1 ,\"b\":\"x\"}\n ,\t{\"a\":2,\"b\": \"y\"} ]\n ") == rows);
  CHECK(rows_of_text("\xEF\xBB\xBF{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}") == rows);
  CHECK(rows_of_text("\xEF\xBB\xBF[{\"a\":1,\"b\":\"x\"},{\"a\":2,\"b\":\"y\"}]") == rows);
}

TEST_CASE("nothing is no rows, and no error") {
  for (const char* const nothing : {"", " ", "\n\n", "\xEF\xBB\xBF", "[]", " [ ] \n"}) {
    INFO(nothing);
    const Reading reading = read_json(nothing);
    CHECK((reading.failure + reading.rows + reading.types).empty());
    CHECK(reading.rejects.empty());
  }
  CHECK(rows_of_text("{}") == "{}\n");
  CHECK(rows_of_text("[{},{}]") == "{}\n{}\n");
}

TEST_CASE("types keep every value of the sample") {
  CHECK(type_of_values({"1", "-9223372036854775808", "9223372036854775807"}) == "int64");
  CHECK(type_of_values({"1", "9223372036854775808", "18446744073709551615"}) == "uint64");
  CHECK(type_of_values({"-1", "9223372036854775808"}) == "decimal(38,0)");
  CHECK(type_of_values({"1", "18446744073709551616"}) == "decimal(38,0)");
  CHECK(type_of_values({"1", "123456789012345678901234567890123456789"}) == "json");
  CHECK(type_of_values({"1", "1.5"}) == "double");
  CHECK(type_of_values({"9007199254740992", "1.5"}) == "double");
  CHECK(type_of_values({"9007199254740993", "1.5"}) == "json");
  CHECK(type_of_values({"12345678901234567.89"}) == "json");
  CHECK(type_of_values({"0.30000000000000004", "-2.2250738585072014e-308"}) == "double");
  CHECK(type_of_values({"1e400"}) == "json");
  CHECK(type_of_values({"1e3"}) == "double");
  CHECK(type_of_values({"-0"}) == "int64");
  CHECK(type_of_values({"true", "false", "null"}) == "bool");
  CHECK(type_of_values({"\"x\"", "null"}) == "string");
  CHECK(type_of_values({"null"}) == "null");
  CHECK(type_of_values({"1", "\"1\""}) == "json");
  CHECK(type_of_values({"true", "1"}) == "json");
  CHECK(type_of_values({"{}"}) == "struct()");
  CHECK(type_of_values({"{\"a\":1}", "{\"b\":[1,2.5]}"}) == "struct(a int64, b list(double))");
  CHECK(type_of_values({"[]"}) == "list(null)");
  CHECK(type_of_values({"[[]]", "[[1]]"}) == "list(list(int64))");
  CHECK(type_of_values({"[1,\"x\"]"}) == "list(json)");
  CHECK(type_of_values({"[1]", "{\"a\":1}"}) == "json");
  CHECK(type_of_values({"{\"a\\u0000b\":1}"}) == "json");
}

TEST_CASE("an object that is a map rather than a record is JSON text, and so is what is nested too deep for a type") {
  std::string map = "{";
  for (int i = 0; i < 1001; ++i) map += (i == 0 ? "" : ",") + ("\"k" + std::to_string(i) + "\":") + std::to_string(i);
  CHECK(type_of_values({map + "}"}) == "json");
  const std::string deep = std::string(40, '[') + "1" + std::string(40, ']');
  CHECK(type_of_values({deep}).find("list(json)") != std::string::npos);
  CHECK(rows_of_text("{\"v\":" + deep + "}\n") == "{\"v\":" + deep + "}\n");
}

TEST_CASE("values come back as they were") {
  const std::vector<std::string> lines = {
      "{\"n\":9223372036854775807,\"m\":-9223372036854775808}",
      "{\"n\":18446744073709551615,\"m\":-99999999999999999999999999999999999999}",
      "{\"d\":0.1,\"e\":1e+300,\"f\":-2.5}",
      "{\"t\":\"a\\\"b\\\\c/\\n\\u0001ü日𝄞\"}",
      "{\"x\":{\"y\":[{\"z\":null},{\"z\":[true,false]}]}}",
      "{\"\":0,\"a b\":\"\"}",
      "{\"mixed\":[1,\"1\",null,{\"a\" : [ 1.50 ]},12345678901234567890123456789012345678901234567890]}",
  };
  for (const auto& line : lines) CHECK(rows_of_text(line + "\n") == line + "\n");
  CHECK(rows_of_text("{\"t\":\"\\u00fc\\u65e5\\ud834\\udd1e\\/\\b\\f\\r\\t\"}") == "{\"t\":\"ü日𝄞/\\b\\f\\r\\t\"}\n");
  CHECK(rows_of_text("{\"\\u0061\":1}\n{\"a\":2}") == "{\"a\":1}\n{\"a\":2}\n");
  CHECK(rows_of_text("{\"a\":-0,\"b\":-0.0}") == "{\"a\":0,\"b\":-0.0}\n");
}

TEST_CASE("a missing key is null, in nested objects too") {
  CHECK(rows_of_text("{\"a\":1,\"b\":{\"c\":1,\"d\":\"x\"}}\n{\"b\":{\"d\":\"y\"}}\n{\"a\":2}\n{}\n") ==
        "{\"a\":1,\"b\":{\"c\":1,\"d\":\"x\"}}\n{\"a\":null,\"b\":{\"c\":null,\"d\":\"y\"}}\n"
        "{\"a\":2,\"b\":null}\n{\"a\":null,\"b\":null}\n");
}

TEST_CASE("of a key that stands twice the last one counts, whatever its columns hold") {
  CHECK(rows_of_text("{\"a\":1,\"a\":2}") == "{\"a\":2}\n");
  CHECK(rows_of_text("{\"a\":\"long text\",\"b\":1,\"a\":\"x\"}\n{\"a\":\"y\",\"b\":2}") ==
        "{\"a\":\"x\",\"b\":1}\n{\"a\":\"y\",\"b\":2}\n");
  CHECK(rows_of_text("{\"a\":[{\"b\":[1,2]},{\"b\":[3]}],\"a\":[{\"b\":[4]}]}\n{\"a\":[]}") ==
        "{\"a\":[{\"b\":[4]}]}\n{\"a\":[]}\n");
  CHECK(rows_of_text("{\"a\":null,\"a\":true}\n{\"a\":true,\"a\":null}\n{\"a\":false}") ==
        "{\"a\":true}\n{\"a\":null}\n{\"a\":false}\n");
  // What did not fit in the first does not count either; what does not fit elsewhere does.
  const Reading twice = read_json("{\"a\":\"x\",\"a\":1}\n{\"b\":[{\"a\":\"x\"},{\"a\":2,\"a\":1}]}",
                                  {.options = {{"/types/a", "int64"}}});
  CHECK(twice.rejects.empty());
}

TEST_CASE("types: overrides what is inferred, and adds columns") {
  const testing::Options options{{"/types/at", "timestamp(us, UTC)"},
                                 {"/types/day", "date"},
                                 {"/types/price", "decimal(10,2)"},
                                 {"/types/zip", "string"},
                                 {"/types/raw", "json"},
                                 {"/types/more", "int8"},
                                 {"/types/bytes", "binary"},
                                 {"/types/t", "time"}};
  const std::string line =
      "{\"at\":\"2025-01-31T10:00:00.5Z\",\"day\":\"2025-01-31\",\"price\":\"12.50\",\"zip\":1230,\"raw\":[1, \"x\"],"
      "\"bytes\":\"AAEC/w==\",\"t\":\"10:00:00\"}\n";
  const Reading reading = read_json(line, {.options = options});
  CHECK(reading.types ==
        "at timestamp(us, UTC), day date, price decimal(10,2), zip string, raw json, bytes binary, t time, more int8");
  CHECK(reading.rows ==
        "{\"at\":\"2025-01-31T10:00:00.5Z\",\"day\":\"2025-01-31\",\"price\":12.50,\"zip\":\"1230\",\"raw\":[1, \"x\"],"
        "\"bytes\":\"AAEC/w==\",\"t\":\"10:00:00\",\"more\":null}\n");
}

TEST_CASE("an option that is wrong is refused at its place") {
  CHECK(read_json("{}", {.options = {{"/types/a", "itn64"}}}).failure ==
        "-1 expected the name of a type, found \"itn64\" (did you mean 'int64'?)");
}

TEST_CASE("a value that does not fit rejects its row, and only that") {
  std::string bytes = "[";
  const std::vector<std::string> bad = {"\"x\"", "1.5", "9223372036854775808", "[1]", "true", "{\"a\": 1}"};
  for (const auto& value : bad) bytes += "{\"a\":1},{\"a\": " + value + "},";
  bytes += "{\"a\":2}]";
  const Reading reading = read_json(bytes, {.options = {{"/types/a", "int64"}}});
  CHECK(reading.failure.empty());
  CHECK(reading.rows == "{\"a\":1}\n{\"a\":1}\n{\"a\":1}\n{\"a\":1}\n{\"a\":1}\n{\"a\":1}\n{\"a\":2}\n");
  REQUIRE(reading.rejects.size() == bad.size());
  for (std::size_t i = 0; i < bad.size(); ++i) {
    CHECK(reading.rejects[i].record == "{\"a\": " + bad[i] + "}");
    CHECK(bytes.substr(static_cast<std::size_t>(reading.rejects[i].offset + reading.rejects[i].within))
              .starts_with(bad[i]));
    CHECK(reading.rejects[i].column == "a");
  }
  CHECK(reading.rejects[0].reason == "not a number");
  CHECK(reading.rejects[1].detail == "expected int64, found 1.5");
  CHECK(reading.rejects[2].reason == "out of range");
}

TEST_CASE("a key that neither the sample nor types: has rejects its row, or is left out") {
  std::string bytes;
  while (bytes.size() < (std::size_t{5} << 20U)) bytes += "{\"a\":1,\"b\":{\"c\":\"text\"}}\n";
  bytes += "{\"a\":2,\"b\":{\"c\":\"x\",\"d\":1}}\n{\"e\":[{}],\"a\":3}\n";
  const Reading reading = read_json(bytes);
  REQUIRE(reading.rejects.size() == 2);
  CHECK(reading.rejects[0].column == "b.d");
  CHECK(reading.rejects[0].reason == "unknown key");
  CHECK(reading.rejects[1].column == "e");
  const Reading ignoring = read_json(bytes, {.options = {{"/unknown_keys", "ignore"}}});
  CHECK(ignoring.rejects.empty());
  CHECK(ignoring.rows.ends_with("{\"a\":2,\"b\":{\"c\":\"x\"}}\n{\"a\":3,\"b\":null}\n"));
}

TEST_CASE("types come from the middle and the end of the input too, where lines can be sought") {
  std::string bytes;
  while (bytes.size() < (std::size_t{8} << 20U)) bytes += "{\"a\":1,\"b\":\"some text, so that it gets long\"}\n";
  bytes += "{\"a\":1.5,\"b\":null,\"c\":\"new\"}\n";
  CHECK(types_of(bytes, {.seeks = true}) == "a double, b string, c string");
  CHECK(types_of(bytes) == "a int64, b string");
}

TEST_CASE("a line that is no JSON is rejected; in another layout it is refused") {
  const Reading lines =
      read_json("{\"a\":1}\n{\"a\":}\nnonsense\n{\"a\":\"\xFF\"}\n{\"a\":2}x\n{\"a\":3}\n[1]\n{\"a\":\"cut");
  CHECK(lines.rows == "{\"a\":1}\n{\"a\":3}\n");
  REQUIRE(lines.rejects.size() == 6);
  CHECK(lines.rejects[0] == Rejected{8, 5, "", "not JSON", "expected a value, found \"}\"", "{\"a\":}"});
  CHECK(lines.rejects[1] == Rejected{15, 0, "", "not JSON", "expected an object, found \"nonsense\"", "nonsense"});
  CHECK(lines.rejects[2].reason == "not UTF-8");
  CHECK(lines.rejects[3].within == 7);
  CHECK(lines.rejects[5].record == "{\"a\":\"cut");
  CHECK(read_json("[{\"a\":1},\n{\"a\":}]").failure == "15 expected a value, found \"}\"");
  CHECK(read_json("{\"a\":1\n}\n{\"a\" 1}").failure == "14 expected ':', found \"1\"");
}

TEST_CASE("an array must be closed, and nothing may follow it, wherever it is cut") {
  for (const std::size_t piece : {0U, 1U, 3U, 1000U}) {
    INFO(piece);
    const How how{.piece = piece};
    CHECK(read_json("[{\"a\":1}", how).failure.starts_with("8 expected ',' or ']', found the end of the file"));
    CHECK(read_json("[{\"a\":1},{\"a\":2}\n", how)
              .failure.starts_with("17 expected ',' or ']', found the end of the file"));
    CHECK(read_json("[{\"a\":1},", how).failure == "9 expected an object, found the end of the file");
    CHECK(read_json("[{\"a\":1},]", how).failure == "9 expected an object, found \"]\"");
    CHECK(read_json("[{\"a\":1}] x", how)
              .failure.ends_with("expected the end of the file behind the array, found \"x\""));
    CHECK(
        read_json("[{\"a\":1}]]", how).failure.ends_with("expected the end of the file behind the array, found \"]\""));
    CHECK(read_json("[,{\"a\":1}]", how).failure.starts_with("1 expected an object, found "));
    CHECK(read_json("[{\"a\":1},1,2,3]", how).failure.ends_with("expected an object, found \"1\""));
  }
}

TEST_CASE("values are nested at most 512 deep") {
  const auto nested = [](std::size_t depth) {
    return "{\"v\":" + std::string(depth, '[') + std::string(depth, ']') + "}\n";
  };
  CHECK(read_json(nested(500)).rejects.empty());
  const Reading deep = read_json(nested(100000), {.options = {{"/types/v", "json"}}});
  REQUIRE(deep.rejects.size() == 1);
  CHECK(deep.rejects[0].detail.starts_with("expected values nested at most 512 deep"));
}

TEST_CASE("a file in another encoding is told as one") {
  CHECK(
      read_json(std::string("\xFF\xFE{\0}\0", 6)).failure.starts_with("0 expected UTF-8 text, found another encoding"));
  CHECK(read_json(std::string("{\0}\0", 4)).failure.starts_with("0 expected UTF-8 text, found another encoding"));
}

TEST_CASE("a schema that was agreed is kept to") {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("g", "a"));
  fields.push_back(Schema::field("u", "b", true, raw_metadata()));
  fields.push_back(Schema::field("l", "c"));
  const Schema agreed = Schema::rows(std::move(fields));
  const Reading reading = read_json("{\"b\":\"x\",\"a\":1}\n{\"b\":[1],\"d\":1}\n", {.expected = &agreed.get()});
  CHECK(reading.types == "a double, b json, c int64");
  CHECK(reading.rows == "{\"a\":1.0,\"b\":\"x\",\"c\":null}\n");
  REQUIRE(reading.rejects.size() == 1);
  CHECK(reading.rejects[0].column == "d");
}

TEST_CASE("columns that nobody wants are read over, checked all the same") {
  const std::string bytes = "{\"a\":1,\"b\":[{\"x\":1}],\"c\":\"y\"}\n{\"c\":\"z\",\"b\":}\n";
  const Reading reading = read_json(bytes, {.wanted = {"c"}});
  CHECK(reading.types == "c string");
  CHECK(reading.rows == "{\"c\":\"y\"}\n");
  CHECK(reading.rejects.size() == 1);
}

TEST_CASE("pieces give what the whole gives: rows, origins, rejects") {
  std::string lines, array = "[";
  for (int i = 0; i < 300; ++i) {
    const std::string row = "{\"id\":" + std::to_string(i) + ",\"t\":\"" +
                            std::string(static_cast<std::size_t>(i % 37), 'x') + "\\\"]},\",\"l\":[" +
                            (i % 5 == 0 ? "{\"k\":\"[\"}" : "") + "]}";
    lines += row + (i % 50 == 7 ? "x\n" : "\n");
    array += (i == 0 ? "" : i % 3 == 0 ? ",\n" : " , ") + row;
  }
  for (const std::string& bytes : {lines, array + "]\n"}) {
    const Reading whole = read_json(bytes);
    CHECK(whole.origins.size() + whole.rejects.size() == 300);
    for (const std::size_t piece : {1U, 7U, 100U, 4096U, 100000U}) {
      const Reading pieces = read_json(bytes, {.piece = piece});
      CHECK(pieces.rows == whole.rows);
      CHECK(pieces.origins == whole.origins);
      CHECK(pieces.rejects == whole.rejects);
      CHECK(pieces.failure.empty());
    }
  }
}

TEST_CASE("a reader goes on where another stood") {
  std::string array = "[";
  for (int i = 0; i < 300000; ++i)
    array += (i == 0 ? "" : ",") + ("{\"id\":" + std::to_string(i) + ",\"t\":\"some text\"}");
  array += "]";
  testing::Surroundings surroundings;
  testing::Schemas schemas;
  const testing::InputBytes input(array), again(array);
  Reading first, rest;
  Taker take_first(first), take_rest(rest);
  JsonReader reader(Context(surroundings.context()), Input(&input), "", Outputs(schemas.sink()));
  take_first.begin(schemas.kept[0].get());
  take_rest.begin(schemas.kept[0].get());
  REQUIRE(reader.read(INT64_MAX, Next(&take_first)) == WEIR_READ_MORE);
  testing::Bytes position;
  reader.position(Sink(position.sink()));
  JsonReader another(Context(surroundings.context()), Input(&again), position.kept[0], Outputs(schemas.sink()));
  while (another.read(INT64_MAX, Next(&take_rest)) != WEIR_READ_END) {
  }
  CHECK(first.rows + rest.rows == read_json(array).rows);
  CHECK(!first.rows.empty());
}
