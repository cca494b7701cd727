#include "arrow/json.hpp"

#include <limits>

#include <nlohmann/json.hpp>
#include <weir_catch.hpp>

#include "arrow/random_array.hpp"

namespace weir::arrow {
namespace {

std::string value(weir::Schema field, const weir::Array& column, std::int64_t row = 0) {
  std::string text;
  append_value_as_json(text, column.get(), field.get(), row);
  return text;
}

template <class T>
std::string number(const char* format, T one, weir::Metadata metadata = {}) {
  weir::NumberBuilder<T> builder;
  builder.append(one);
  return value(weir::Schema::field(format, "x", true, std::move(metadata)), builder.finish());
}

std::string text(const char* format, std::string_view one, weir::Metadata metadata = {}) {
  weir::TextBuilder builder;
  builder.append(one);
  return value(weir::Schema::field(format, "x", true, std::move(metadata)), builder.finish());
}

TEST_CASE("a text whose offset lies beyond all texts is read as none, not from what stands behind them") {
  weir::TextBuilder builder;
  for (const char* const one : {"ab", "cd", "ef"}) builder.append(one);
  const weir::Array column = builder.finish();
  const_cast<std::int32_t*>(static_cast<const std::int32_t*>(column->buffers[1]))[1] = 8192;
  const weir::Schema field = weir::Schema::field("u", "x");
  std::string row;
  for (std::int64_t i = 0; i < 3; ++i) append_value_as_json(row, column.get(), field.get(), i);
  CHECK(row == "\"\"\"\"\"ef\"");
}

TEST_CASE("integers keep all their digits") {
  CHECK(number<std::int64_t>("l", std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(number<std::uint64_t>("L", std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  CHECK(number<std::int8_t>("c", -128) == "-128");
  CHECK(number<std::uint16_t>("S", 65535) == "65535");
}

TEST_CASE("doubles are written so that they read back, and what JSON has no number for as text") {
  CHECK(number("g", 0.1) == "0.1");
  CHECK(number("g", std::numeric_limits<double>::quiet_NaN()) == R"("NaN")");
  CHECK(number("g", -std::numeric_limits<double>::infinity()) == R"("-Infinity")");
  CHECK(number("f", 0.1F) == "0.1");
  CHECK(number<weir::Half>("e", {0x3C00}) == "1.0");
  CHECK(number<weir::Half>("e", {0xC000}) == "-2.0");
  CHECK(number<weir::Half>("e", {0x0001}) == number("f", 5.9604645e-08F));
}

TEST_CASE("decimals keep all their digits") {
  CHECK(number<weir::Int128>("d:10,2", -12345) == "-123.45");
  CHECK(number<weir::Int128>("d:10,3", 5) == "0.005");
  CHECK(number<weir::Int128>("d:10,-2", 5) == "500");
  CHECK(number<weir::Int128>("d:38,0", -1) == "-1");
  CHECK(number<weir::Int128>("d:1,76", -1) == "-0." + std::string(75, '0') + "1");
  CHECK(number<weir::Int128>("d:1,-76", 2) == "2" + std::string(76, '0'));
  using Wide = weir::Int256;
  CHECK(number<Wide>("d:40,1,256", Wide{{~14ULL, ~0ULL, ~0ULL, ~0ULL}}) == "-1.5");
  CHECK(number<Wide>("d:40,0,256", Wide{{0, 1, 0, 0}}) == "18446744073709551616");
}

TEST_CASE("dates and times are ISO 8601, timestamps as they were spelled") {
  CHECK(number<std::int32_t>("tdD", 0) == R"("1970-01-01")");
  CHECK(number<std::int64_t>("tdm", -1) == R"("1969-12-31")");
  CHECK(number<std::int32_t>("tts", 3661) == R"("01:01:01")");
  CHECK(number<std::int64_t>("tsu:", 1500000) == R"("1970-01-01T00:00:01.5")");
  CHECK(number<std::int64_t>("tss:UTC", 0) == R"("1970-01-01T00:00:00Z")");
  CHECK(number<std::int64_t>("tsm:", 0, {{std::string(weir::kSpellingKey), " 3"}}) == R"("1970-01-01 00:00:00.000")");
  CHECK(number<std::int64_t>("tss:+02:00", 0, {{std::string(weir::kSpellingKey), "T0+02:00"}}) ==
        R"("1970-01-01T02:00:00+02:00")");
  CHECK(number<std::int32_t>("tdD", std::numeric_limits<std::int32_t>::max()) == "2147483647");
}

TEST_CASE("durations and intervals are ISO 8601 periods") {
  CHECK(number<std::int64_t>("tDm", -1500) == R"("-PT1.5S")");
  CHECK(number<std::int64_t>("tDs", std::numeric_limits<std::int64_t>::min()) == R"("-PT9223372036854775808S")");
  CHECK(number<std::int32_t>("tiM", 14) == R"("P14M")");
  CHECK(number<weir::DaysTime>("tiD", {3, 1500}) == R"("P3DT1.5S")");
}

TEST_CASE("texts are escaped, bytes are base64, JSON goes as it is on one line") {
  CHECK(text("u", "a\"b\n\x01") == R"("a\"b\n\u0001")");
  CHECK(text("u", "\xFFz") == "\"\xEF\xBF\xBDz\"");
  CHECK(text("z", std::string_view("\0\xFF\x10y", 4)) == R"("AP8QeQ==")");
  CHECK(text("z", "") == R"("")");
  const weir::Metadata json = {{std::string(weir::kExtensionKey), "arrow.json"}};
  CHECK(text("u", "{\"a\":\n 12345678901234567890123}", json) == "{\"a\":  12345678901234567890123}");
  CHECK(text("u", "{oops", json) == R"("{oops")");
}

TEST_CASE("a map with a key that is null is a list of its entries") {
  const auto line = [](bool null) {
    weir::TextBuilder keys;
    keys.append("a");
    null ? keys.append_null() : keys.append("b");
    weir::NumberBuilder<std::int64_t> values;
    values.append(1);
    values.append(2);
    weir::MapBuilder maps;
    maps.append(2);
    std::vector<weir::Array> columns;
    columns.push_back(maps.finish(keys.finish(), values.finish()));
    std::vector<weir::Schema> entry;
    entry.push_back(weir::Schema::field("u", "key"));
    entry.push_back(weir::Schema::field("l", "value"));
    std::vector<weir::Schema> entries;
    entries.push_back(weir::Schema::field("+s", "entries", false, {}, std::move(entry)));
    std::vector<weir::Schema> fields;
    fields.push_back(weir::Schema::field("+m", "m", true, {}, std::move(entries)));
    const weir::Schema schema = weir::Schema::rows(std::move(fields));
    const weir::Array rows = weir::rows_of(1, std::move(columns));
    std::string text;
    append_row_as_json(text, rows.get(), schema.get(), 0);
    return text;
  };
  CHECK(line(false) == R"({"m":{"a":1,"b":2}})");
  CHECK(line(true) == R"({"m":[{"key":"a","value":1},{"key":null,"value":2}]})");
}

TEST_CASE("nested values are JSON too, and every row of every type is one line of valid JSON") {
  const weir::Schema schema = every_type();
  const weir::Array rows = RandomArrays(21).of(schema.get(), 60);
  for (std::int64_t row = 0; row < 60; ++row) {
    std::string line;
    append_row_as_json(line, rows.get(), schema.get(), row);
    CHECK(line.find('\n') == std::string::npos);
    const auto parsed = nlohmann::ordered_json::parse(line, nullptr, false);
    if (!parsed.is_object()) FAIL(line);
    REQUIRE(parsed.size() == static_cast<std::size_t>(schema->n_children));
    const auto& map = parsed["c43"];
    CHECK((map.is_object() || map.is_null()));
    CHECK((parsed["c39"].is_array() || parsed["c39"].is_null()));
    CHECK((parsed["c46"].is_string() || parsed["c46"].is_null()));
  }
}

}  // namespace
}  // namespace weir::arrow
