// Rows that stand within one document: found by a pointer, read in pieces of any size, what is around them checked.
#include <weir_catch.hpp>

#include "reading.hpp"

using namespace weir;
using namespace weir::json;
using namespace weir::json::test;

namespace {

Reading read_at(const std::string& pointer, const std::string& bytes, std::size_t piece = 0) {
  return read_json(bytes, {.options = {{"/rows", pointer}}, .piece = piece});
}

// Where the rows begin, or what is said, if the head comes in pieces of so many bytes.
std::string head_of(const std::string& pointer, std::string_view bytes, std::size_t piece) {
  try {
    RowsFinder finder(RowsPath::parse(pointer));
    std::size_t at = 0;
    while (at < bytes.size() && !finder.found()) at += finder.read(bytes.substr(at, piece));
    return finder.found() ? std::to_string(at) : "none";
  } catch (const Failure& failure) {
    weir_error error = testing::no_error();
    failure.fill(&error);
    return std::to_string(error.offset) + failure.message();
  }
}

// What comes of a document, the same in one go and in pieces of every size.
std::string answer(const std::string& pointer, const std::string& bytes) {
  const Reading reading = read_at(pointer, bytes);
  CHECK(reading.rejects.empty());
  for (std::size_t piece = 1; piece < bytes.size() + 2; ++piece) {
    INFO("pieces of " << piece << " bytes of " << bytes);
    const Reading other = read_at(pointer, bytes, piece);
    CHECK(other.failure == reading.failure);
    if (reading.failure.empty()) {
      CHECK(other.rows == reading.rows);
      CHECK(other.origins == reading.origins);
    }
    CHECK(head_of(pointer, bytes, piece) == head_of(pointer, bytes, SIZE_MAX));
  }
  return reading.failure.empty() ? reading.rows : reading.failure;
}

const std::string kRows = "{\"a\":1}\n{\"a\":2}\n";

}  // namespace

TEST_CASE("rows are found behind their pointer, whatever stands around them") {
  CHECK(answer("/data", R"({"data":[{"a":1},{"a":2}]})") == kRows);
  CHECK(answer("/data", "\xEF\xBB\xBF {\"data\" : [ {\"a\":1} ,\n{\"a\":2}\n ] }\n") == kRows);
  CHECK(answer("/d/items", R"({"items":[7],"d":{"x":{"items":[8]},"items":[{"a":1},{"a":2}],"n":[[],{}]},"z":"]}"})") ==
        kRows);
  CHECK(answer("/1/rows", R"([{"rows":[{"a":0}]},{"rows":[{"a":1},{"a":2}]},[{"rows":3}], -1.5e+7])") == kRows);
  CHECK(answer("/0/0", R"([[[{"a":1},{"a":2}],1],true])") == kRows);
  CHECK(answer("/", R"({"x":"[\"\\","":[{"a":1},{"a":2}]})") == kRows);
  CHECK(answer("/a~1b/~0", R"({"a\/b":{"\u007e":[{"a":1},{"a":2}]}})") == kRows);
  CHECK(answer("/ü𝄞", R"({"ü":0,"\u00fc\ud834\udd1e":[{"a":1},{"a":2}],"t":"ü\u00fc𝄞\n"})") == kRows);
  CHECK(answer("/data", R"({"data":[]})").empty());
  CHECK(answer("/data", R"({"n":null,"data":[ ],"m":[1,[2,[{"data":[false]}]]],"k":{"data":0}})").empty());
}

TEST_CASE("records of a document are origins of rows, and bad ones are rejected at their place") {
  const std::string text = R"({"n":9,"data":[{"a":1},{"a":2,"b":{"a":"]"}}],"m":0})";
  CHECK(read_at("/data", text).origins == std::vector<std::int64_t>{15, 23});
  const Reading bad = read_json(text, {.options = {{"/rows", "/data"}, {"/types/b", "int64"}}, .piece = 7});
  CHECK(bad.rows == "{\"a\":1,\"b\":null}\n");
  REQUIRE(bad.rejects.size() == 1);
  CHECK(bad.rejects[0].offset == 23);
  CHECK(bad.rejects[0].within == 11);
}

TEST_CASE("a pointer that leads nowhere says how far it led") {
  CHECK(answer("/data/items", R"({"meta":1,"data":{"item":[],"n":{"items":[]}}})") ==
        "44 expected a key 'items' at '/data', found an object without it (did you mean 'item'?)");
  CHECK(answer("/rows", R"({"data":[],"meta":{}})") ==
        "20 expected a key 'rows' in the document, found an object without it (the keys are data, meta)");
  CHECK(answer("/data", R"({"data":{"a":1}})") == "8 expected an array of rows at '/data', found an object");
  CHECK(answer("/data", R"({"data": null})") == "9 expected an array of rows at '/data', found null");
  CHECK(answer("/data/x", R"({"data": "x"})") == "9 expected an object at '/data', found a string");
  CHECK(answer("/data/x", R"({"data":[{"x":[]}]})") ==
        "8 expected an object at '/data', with a key 'x', found an array "
        "(a pointer says the number of an item, from 0: /data/0)");
  CHECK(answer("/data/2", R"({"data":[[],[]]})") ==
        "14 expected an item 2 at '/data', counted from 0, found an array of 2");
  CHECK(answer("/data/01", R"({"data":[[],[]]})").find("with a key '01', found an array") != std::string::npos);
  CHECK(answer("/data", "17") == "0 expected an object as the document, found a number");
  CHECK(answer("/data", "") == "0 expected an array of rows at '/data', found the end of the file");
  CHECK(answer("/data", R"({"x":1,)") == "7 expected an array of rows at '/data', found the end of the file");
}

TEST_CASE("what is in front of the rows is JSON, or the file is refused where it is not") {
  CHECK(answer("/d", R"({"x":01,"d":[]})") == "6 expected ',' or '}', found \"1\"");
  CHECK(answer("/d", R"({"x":nul,"d":[]})") == "8 expected a value, found \",\"");
  CHECK(answer("/d", R"({"x":[1,],"d":[]})") == "8 expected a value, found \"]\"");
  CHECK(answer("/d", R"({"x":{"y":1],"d":[]})") == "11 expected ',' or '}', found \"]\"");
  CHECK(answer("/d", R"({"x":"\q","d":[]})") == "7 expected an escape of JSON, found \"q\"");
  CHECK(answer("/d", R"({"x":"\u12g4","d":[]})") == "10 expected four hexadecimal digits, found \"g\"");
  CHECK(answer("/d", R"({"x":"\udc00","d":[]})") ==
        "11 expected the first half of a surrogate pair before its second, found \"0\"");
  CHECK(answer("/d", R"({"x":"\ud800y","d":[]})") ==
        "12 expected the other half of a surrogate pair (\\uDC00 to \\uDFFF), found \"y\"");
  CHECK(answer("/d", R"({"x":"\ud800\n","d":[]})").find("the other half") != std::string::npos);
  CHECK(answer("/d", "{\"x\":\"a\nb\",\"d\":[]}") == "7 expected a closing quote, found the end of the line");
  CHECK(answer("/d", "{\"x\":\"a\xC3(\",\"d\":[]}") == "8 expected UTF-8 text, found \"(\"");
  CHECK(answer("/d", "{\"x\":\"\xED\xA0\x80\",\"d\":[]}") == "7 expected UTF-8 text, found the byte a0");
  CHECK(answer("/d", R"({"x":-,"d":[]})") == "6 expected a digit, found \",\"");
  CHECK(answer("/d", R"({"x":1.,"d":[]})") == "7 expected a digit behind the point, found \",\"");
  CHECK(answer("/d", R"({"x":1e+,"d":[]})") == "8 expected a digit of the exponent, found \",\"");
  CHECK(answer("/d", R"({x:1,"d":[]})") == "1 expected a key in quotes, found \"x\"");
  CHECK(answer("/d", R"({"x" 1,"d":[]})") == "5 expected ':', found \"1\"");
  CHECK(answer("/d", "{\"x\":" + std::string(128, '[') + std::string(128, ']') + ",\"d\":[]}").empty());
  CHECK(read_at("/d", "{\"x\":" + std::string(129, '[')).failure ==
        "133 expected values nested at most 128 deep beside the rows, found \"[\"");
}

TEST_CASE("what is behind the rows is JSON, and all of it is there") {
  const auto behind = [](const std::string& rest) { return answer("/d/r", R"({"d":{"r":[{"a":1}])" + rest); };
  CHECK(behind(R"(,"x":[1,{"y":"\u00e9"}]},"z":{"r":[2]}} )") == "{\"a\":1}\n");
  CHECK(behind("}") ==
        "20 expected the rest of the document, found the end of the file "
        "(the file was cut short: get it again)");
  CHECK(behind("").find("expected the rest of the document, found the end of the file") != std::string::npos);
  CHECK(behind("]}") == "19 expected ',' or '}', found \"]\"");
  CHECK(behind("}}x") == "21 expected the end of the file behind the document, found \"x\"");
  CHECK(behind("}}\n{}") == "22 expected the end of the file behind the document, found \"{\"");
  CHECK(behind(R"(,"x":tru}})") == "27 expected a value, found \"}\"");
  CHECK(behind(R"(,"x":"y)").find("the rest of the document") != std::string::npos);
  CHECK(behind(R"(,"r":[]}})").find("22 expected the key of the rows once, found it again") == 0);
  CHECK(behind(R"(,"\u0072":[]}})").find("expected the key of the rows once") != std::string::npos);
  CHECK(behind(R"(},"d":{}})").find("expected the key of the rows once") != std::string::npos);
  CHECK(behind(R"(},"r":{},"x":{"d":1}})") == "{\"a\":1}\n");
}

TEST_CASE("an array of rows that is none, or not whole, is refused at its place") {
  CHECK(answer("/d", R"({"d":[1]})") == "6 expected an object, found \"1\"");
  CHECK(answer("/d", R"({"d":[{"a":1})").find("expected ',' or ']', found the end of the file") != std::string::npos);
  CHECK(answer("/d", R"({"d":[{"a":1},)").find("expected an object, found the end of the file") != std::string::npos);
  CHECK(answer("/d", R"({"d":[)").find("expected ',' or ']', found the end of the file") != std::string::npos);
  CHECK(answer("/d", R"({"d":[{"a":1}}})").find("expected ',' or ']', found \"}\"") != std::string::npos);
  CHECK(answer("/d", R"({"d":[{"a":1} {"a":2}]})").find("14 expected ',' or ']', found \"{\"") == 0);
}

TEST_CASE("rows behind a head longer than a sample are found, and none of the head is held") {
  std::string text = "{\"head\":\"" + std::string(3U << 20U, 'x') + "\",\"d\":[";
  const std::size_t first = text.size();
  for (int i = 0; i < 1000; ++i) text += (i == 0 ? "{\"a\":" : ",\n{\"a\":") + std::to_string(i) + "}";
  text += "],\"tail\":[" + std::string(2U << 20U, '1') + "]}";
  for (const std::size_t piece : {std::size_t{0}, std::size_t{1000}, std::size_t{1} << 20U}) {
    const Reading reading = read_at("/d", text, piece);
    CHECK(reading.failure.empty());
    REQUIRE(reading.origins.size() == 1000);
    CHECK(reading.origins[0] == static_cast<std::int64_t>(first));
  }
}

TEST_CASE("a reader goes on within a document where another stood, in its rows and behind them") {
  std::string text = "{\"d\":[";
  for (int i = 0; i < 400000; ++i) text += (i == 0 ? "{\"a\":" : ",{\"a\":") + std::to_string(i) + "}";
  text += "],\"tail\":\"" + std::string(3U << 20U, 'x') + "\"}";
  testing::Surroundings surroundings({{"/rows", "/d"}});
  testing::Schemas schemas;
  const testing::InputBytes input(text);
  Reading all;
  Taker taker(all);
  JsonReader reader(Context(surroundings.context()), Input(&input), "", Outputs(schemas.sink()));
  taker.begin(schemas.kept.at(0).get());
  int reads = 0;
  for (bool more = true; more; ++reads) {
    more = reader.read(INT64_MAX, Next(&taker)) != WEIR_READ_END;
    testing::Bytes where;
    reader.position(Sink(where.sink()));
    const testing::InputBytes again(text);
    testing::Schemas others;
    JsonReader second(Context(surroundings.context()), Input(&again), where.kept[0], Outputs(others.sink()));
    Reading rest;
    Taker taking(rest);
    taking.begin(others.kept.at(0).get());
    while (second.read(INT64_MAX, Next(&taking)) != WEIR_READ_END) {
    }
    CHECK(all.origins.size() + rest.origins.size() == 400000);
  }
  CHECK(reads > 4);
}

TEST_CASE("a pointer is checked where the manifest says it") {
  const auto refused = [](const std::string& pointer) { return read_at(pointer, "{}").failure; };
  CHECK(refused("data").find(
            "expected a JSON Pointer, which begins with a slash, found \"data\" (a JSON Pointer names") !=
        std::string::npos);
  CHECK(refused("").find("expected a JSON Pointer") != std::string::npos);
  CHECK(refused("/a~2").find("2 expected ~0 or ~1 in a JSON Pointer, found another ~") == 0);
}
