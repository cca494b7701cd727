// The json encoder: the text of every type.
#include "json_test.hpp"

#include <cmath>
#include <limits>

namespace weir::json {

TEST_CASE("json writes one object a row with every column in order") {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "id"));
  fields.push_back(Schema::field("u", "a \"long\" name, longer than sixteen bytes"));
  Lines lines(std::move(fields));
  std::vector<Array> columns;
  columns.push_back(numbers<std::int64_t>({1, 2}));
  columns.push_back(texts({"x", ""}, {true, false}));
  lines.encode(std::move(columns), 2);
  CHECK(lines.take() ==
        "{\"id\":1,\"a \\\"long\\\" name, longer than sixteen bytes\":\"x\"}\n"
        "{\"id\":2,\"a \\\"long\\\" name, longer than sixteen bytes\":null}\n");
}

TEST_CASE("json writes nothing for no rows, and empty objects for no columns") {
  Lines lines({});
  CHECK(lines.take().empty());
  lines.encode({}, 2);
  CHECK(lines.take() == "{}\n{}\n");
}

TEST_CASE("json writes integers of every width in full") {
  CHECK(values_of("c", numbers<std::int8_t>({-128, 127})) == "-128 127");
  CHECK(values_of("C", numbers<std::uint8_t>({0, 255})) == "0 255");
  CHECK(values_of("s", numbers<std::int16_t>({-32768, 32767})) == "-32768 32767");
  CHECK(values_of("S", numbers<std::uint16_t>({65535})) == "65535");
  CHECK(values_of("i", numbers<std::int32_t>({INT32_MIN, INT32_MAX})) == "-2147483648 2147483647");
  CHECK(values_of("I", numbers<std::uint32_t>({UINT32_MAX})) == "4294967295");
  CHECK(values_of("l", numbers<std::int64_t>({INT64_MIN, INT64_MAX})) == "-9223372036854775808 9223372036854775807");
  CHECK(values_of("L", numbers<std::uint64_t>({UINT64_MAX}, {true})) == "18446744073709551615");
  CHECK(values_of("l", numbers<std::int64_t>({1, 2, 3}, {true, false, true})) == "1 null 3");
}

TEST_CASE("json writes booleans and nothing at all") {
  std::vector<Buffer> buffers;
  buffers.push_back(bits_of({true, false, true, true}, true));
  CHECK(values_of("b", array_of(4, {true, true, false, true}, std::move(buffers))) == "true false null true");
  CHECK(values_of("n", make_array(2, 2, {})) == "null null");
}

TEST_CASE("json writes floating point numbers with the fewest digits") {
  CHECK(values_of("g", numbers<double>({0.1, -0.0, 1e300, 5e-324, 3, 1.7976931348623157e308})) ==
        "0.1 -0.0 1e+300 5e-324 3.0 1.7976931348623157e+308");
  CHECK(values_of("f", numbers<float>({0.1F, 16777216.0F})) == "0.1 16777216.0");
  CHECK(values_of("e", numbers<std::uint16_t>({0x3C00, 0xC000, 0x0001, 0x7BFF, 0x8000, 0x3555})) ==
        "1.0 -2.0 5.9604645e-08 65504.0 -0.0 0.33325195");
}

TEST_CASE("json rejects the rows that JSON has no number for, and writes the others") {
  const double bad[] = {std::nan(""), INFINITY, -INFINITY};
  for (const double value : bad) {
    std::vector<Schema> fields;
    fields.push_back(Schema::field("l", "id"));
    fields.push_back(Schema::field("+l", "prices", true, {}, [] {
      std::vector<Schema> items;
      items.push_back(Schema::field("g", "item"));
      return items;
    }()));
    Lines lines(std::move(fields));
    std::vector<Array> columns;
    columns.push_back(numbers<std::int64_t>({9, 1, 2, 3}));
    columns.push_back(lists<std::int32_t>({0, 0, 1, 3, 3}, numbers<double>({1, 2, value})));
    lines.encode(std::move(columns), 3, 1);
    CHECK(lines.take() == "{\"id\":1,\"prices\":[1.0]}\n{\"id\":3,\"prices\":[]}\n");
    REQUIRE(lines.rejected().size() == 1);
    CHECK(lines.rejected()[0].row == 1);  // of the batch in hand, wherever its slice begins
    CHECK(lines.rejected()[0].column == "prices");
    CHECK(lines.rejected()[0].reason == "not a finite number");
  }
  CHECK(values_of("f", numbers<float>({1, INFINITY, 2})) == "1.0 2.0");
  CHECK(values_of("e", numbers<std::uint16_t>({0x7C00, 0x7E00, 0x3C00})) == "1.0");
  // Below a null nothing is looked at.
  CHECK(values_of("g", numbers<double>({NAN, 1}, {false, true})) == "null 1.0");
}

TEST_CASE("json writes decimals exactly with their scale") {
  CHECK(values_of("d:10,2", numbers<Int128>({-12345, 5, 0, 100})) == "-123.45 0.05 0.00 1.00");
  CHECK(values_of("d:10,-2", numbers<Int128>({5})) == "500");
  struct Wide {
    std::uint64_t words[4];
  };
  const Wide minus_one{{~0ULL, ~0ULL, ~0ULL, ~0ULL}}, big{{0, 0, 1, 0}}, zero{{0, 0, 0, 0}};
  CHECK(values_of("d:76,3,256", numbers<Wide>({minus_one, big, zero})) ==
        "-0.001 340282366920938463463374607431768211.456 0.000");
  CHECK(values_of("d:76,0,256", numbers<Wide>({big, minus_one})) == "340282366920938463463374607431768211456 -1");
  CHECK(values_of("d:76,-2,256", numbers<Wide>({minus_one, zero})) == "-100 0");
  const Wide least{{0, 0, 0, 1ULL << 63U}};
  CHECK(values_of("d:76,0,256", numbers<Wide>({least})) ==
        "-57896044618658097711785492504343953926634992332820282019728792003956564819968");
}

TEST_CASE("json escapes what it must and nothing else") {
  std::string control, expected = "\"";
  for (char c = 0; c < 0x20; ++c) control += c;
  expected +=
      "\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f"
      "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f"
      "\"";
  CHECK(values_of("u", texts({control})) == expected);
  CHECK(values_of("u", texts({"14\" a\\b /", "日本茶 café \x7f", ""})) ==
        "\"14\\\" a\\\\b /\" \"日本茶 café \x7f\" \"\"");
  CHECK(values_of("U", texts<std::int64_t>({"large"})) == "\"large\"");
  CHECK(values_of("u", texts({"\xff\xfe broken"})) == "\"\xff\xfe broken\"");
}

TEST_CASE("json finds an escape at every place of texts of every length") {
  for (std::size_t length = 1; length < 70; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (const char special : {'"', '\\', '\n', '\x1f'}) {
        std::string text(length, 'x');
        text[length / 2] = static_cast<char>(0xA2);  // high bytes look like escapes to a careless scan
        text[at] = special;
        std::string expected = "\"";
        for (const char c : text)
          expected += c == '"'      ? "\\\""
                      : c == '\\'   ? "\\\\"
                      : c == '\n'   ? "\\n"
                      : c == '\x1f' ? "\\u001f"
                                    : std::string(1, c);
        REQUIRE(values_of("u", texts({text})) == expected + "\"");
      }
    }
  }
}

TEST_CASE("json writes dates, times and timestamps as ISO text") {
  CHECK(values_of("tdD", numbers<std::int32_t>({0, 20000, -719162, 2932896})) ==
        "\"1970-01-01\" \"2024-10-04\" \"0001-01-01\" \"9999-12-31\"");
  CHECK(values_of("tdm", numbers<std::int64_t>({0, 86400000LL * 20000, -1})) ==
        "\"1970-01-01\" \"2024-10-04\" \"1969-12-31\"");
  CHECK(values_of("tts", numbers<std::int32_t>({3661})) == "\"01:01:01\"");
  CHECK(values_of("ttm", numbers<std::int32_t>({3661500})) == "\"01:01:01.5\"");
  CHECK(values_of("ttu", numbers<std::int64_t>({86399999999})) == "\"23:59:59.999999\"");
  CHECK(values_of("ttn", numbers<std::int64_t>({1})) == "\"00:00:00.000000001\"");
  CHECK(values_of("tsu:", numbers<std::int64_t>({1500000})) == "\"1970-01-01T00:00:01.5\"");
  CHECK(values_of("tsu:UTC", numbers<std::int64_t>({1500000})) == "\"1970-01-01T00:00:01.5Z\"");
  CHECK(values_of("tss:+02:00", numbers<std::int64_t>({0})) == "\"1970-01-01T02:00:00+02:00\"");
  CHECK(values_of(Schema::field("tsu:UTC", "v", true, {{std::string(kSpellingKey), " 3Z"}}),
                  numbers<std::int64_t>({0})) == "\"1970-01-01 00:00:00.000Z\"");
}

TEST_CASE("json rejects dates and times that have no ISO text") {
  CHECK(values_of("tdD", numbers<std::int32_t>({2932897, INT32_MIN, 0})) == "\"1970-01-01\"");
  CHECK(values_of("tdm", numbers<std::int64_t>({INT64_MAX, INT64_MIN, 0})) == "\"1970-01-01\"");
  CHECK(values_of("tss:", numbers<std::int64_t>({INT64_MAX, 0})) == "\"1970-01-01T00:00:00\"");
  CHECK(values_of("tts", numbers<std::int32_t>({86400, -1, 0})) == "\"00:00:00\"");
}

TEST_CASE("json writes durations and intervals as ISO text") {
  CHECK(values_of("tDm", numbers<std::int64_t>({1500, -3000, 0, 1})) == "\"PT1.5S\" \"-PT3S\" \"PT0S\" \"PT0.001S\"");
  CHECK(values_of("tDn", numbers<std::int64_t>({INT64_MIN})) == "\"-PT9223372036.854775808S\"");
  CHECK(values_of("tDs", numbers<std::int64_t>({90})) == "\"PT90S\"");
  CHECK(values_of("tiM", numbers<std::int32_t>({14, -1, 0})) == "\"P14M\" \"P-1M\" \"P0D\"");
  struct Days {
    std::int32_t days, millis;
  };
  CHECK(values_of("tiD", numbers<Days>({{3, 250}, {0, -1000}, {0, 0}})) == "\"P3DT0.25S\" \"PT-1S\" \"P0D\"");
  struct Parts {
    std::int32_t months, days;
    std::int64_t nanos;
  };
  CHECK(values_of("tin", numbers<Parts>({{1, -2, 3}, {0, 0, 0}})) == "\"P1M-2DT0.000000003S\" \"P0D\"");
}

TEST_CASE("json writes bytes as base64") {
  CHECK(values_of("z", texts({"", "f", "fo", "foo", "foob", "\xff\xfe\xfd"})) ==
        "\"\" \"Zg==\" \"Zm8=\" \"Zm9v\" \"Zm9vYg==\" \"//79\"");
  CHECK(values_of("Z", texts<std::int64_t>({"foo"})) == "\"Zm9v\"");
  std::vector<Buffer> buffers;
  buffers.push_back(buffer_of<char>({'a', 'b', 'c', 'd'}));
  CHECK(values_of("w:2", array_of(2, {}, std::move(buffers))) == "\"YWI=\" \"Y2Q=\"");
}

TEST_CASE("json writes texts and bytes in the view layout") {
  struct View {
    std::int32_t length;
    char inlined[4];
    std::int32_t buffer, offset;
  };
  static_assert(sizeof(View) == 16);
  const std::string far = "a text that is longer than twelve";
  for (const char* format : {"vu", "vz"}) {
    std::vector<Buffer> buffers;
    buffers.push_back(buffer_of<View>(
        {{4, {'n', 'e', 'a', 'r'}, 0, 0}, {static_cast<std::int32_t>(far.size()), {'a', ' ', 't', 'e'}, 0, 2}}));
    buffers.emplace_back();
    const std::string data = "??" + far;
    buffers[1].append(data.data(), data.size());
    const std::string expected = std::string(format) == "vu"
                                     ? "\"near\" \"" + far + "\""
                                     : "\"bmVhcg==\" \"YSB0ZXh0IHRoYXQgaXMgbG9uZ2VyIHRoYW4gdHdlbHZl\"";
    CHECK(values_of(format, array_of(2, {}, std::move(buffers))) == expected);
  }
}

TEST_CASE("json writes columns of JSON text as they are, on one line") {
  const auto field = [](const char* format) {
    return Schema::field(format, "v", true, {{std::string(kExtensionKey), "arrow.json"}});
  };
  CHECK(values_of(field("u"), texts({"{\"a\": [1, null]}", "{\n\"a\":\r\n1}", ""}, {true, true, true})) ==
        "{\"a\": [1, null]} { \"a\":  1} null");
  CHECK(values_of(field("U"), texts<std::int64_t>({"1.50"}, {})) == "1.50");
}

TEST_CASE("json refuses what it can't write when it is opened") {
  std::vector<Schema> twice;
  twice.push_back(Schema::field("l", "id"));
  twice.push_back(Schema::field("u", "id"));
  const Lines names(std::move(twice));
  CHECK(names.status == WEIR_INVALID_ARGUMENT);
  CHECK(std::string(names.error.message) == "expected names that differ, found two columns 'id'");
  std::vector<Schema> unknown;
  unknown.push_back(Schema::field("+us:0", "union"));
  const Lines types(std::move(unknown));
  CHECK(types.status == WEIR_INVALID_ARGUMENT);
  CHECK(std::string(types.error.column) == "union");
  Schema deep = Schema::field("l", "item");
  for (int i = 0; i < 100; ++i) {
    std::vector<Schema> inner;
    inner.push_back(std::move(deep));
    deep = Schema::field("+l", "item", true, {}, std::move(inner));
  }
  std::vector<Schema> nested;
  nested.push_back(std::move(deep));
  const Lines depths(std::move(nested));
  CHECK_THAT(depths.error.message, weir::test::Contains("nested deeper than 64"));
}

TEST_CASE("json hands text on in large pieces, and rows that are larger than a piece whole") {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("u", "v"));
  Lines lines(std::move(fields));
  const std::string large(3000000, '"');
  std::vector<Array> columns;
  columns.push_back(texts({"small", large, "small"}));
  lines.encode(std::move(columns), 3);
  CHECK(lines.written() > 6000000);
  const std::string all = lines.take();
  CHECK(all.size() == 2 * 3000000 + std::string("{\"v\":\"\"}\n").size() * 3 + 10);
}

TEST_CASE("json is found by its name and its first character") {
  const auto sniff = [](std::string_view name, std::string_view head) {
    weir_sniff found{};
    found.size = sizeof found;
    found.name = to_weir(name);
    found.head = to_bytes(head);
    return Lines::table().sniff(&found);
  };
  CHECK(sniff("out.ndjson", "") == 90);
  CHECK(sniff("out.jsonl", "") == 90);
  CHECK(sniff("out.json", "") == 90);
  CHECK(sniff("data", " \n{\"a\":1}") == 40);
  CHECK(sniff("data.csv", "a,b") == 0);
  CHECK(sniff("", "") == 0);
}

}  // namespace weir::json
