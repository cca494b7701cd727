// What a person wrote, against what weir has: the same where it means the same, and else not.
#include "run/same_value.hpp"

#include <weir_catch.hpp>

#include "manifest/parse.hpp"

using namespace weir;

namespace {

manifest::Node node(const std::string& json) {
  auto made = manifest::parse_json(*manifest::make_source("value", json));
  REQUIRE(made.has_value());
  return std::move(*made);
}

bool same(const std::string& expected, const std::string& found, const char* format = nullptr, bool parts = false) {
  const Schema field = Schema::field(format == nullptr ? "u" : format, "x");
  return run::same_value(node(expected), node(found), format == nullptr ? nullptr : &field.get(), parts);
}

}  // namespace

TEST_CASE("numbers are the same digit for digit, however they are spelled") {
  CHECK(same("1.5", "1.50"));
  CHECK(same("15e-1", "1.5"));
  CHECK(same("100", "1e2"));
  CHECK(same("-0", "0"));
  CHECK(same("9007199254740993", "9007199254740993", "l"));
  CHECK_FALSE(same("9007199254740993", "9007199254740992", "l"));
  CHECK_FALSE(same("12345678901234567890.01", "12345678901234567890.02", "d:38,2"));
  CHECK_FALSE(same("1", "-1"));
  CHECK_FALSE(same("10", "1"));
  CHECK_FALSE(same("5", "\"5\""));
}

TEST_CASE("a double is the nearest to what was written, and no other") {
  CHECK(same("0.1000000000000000055", "0.1", "g"));
  CHECK_FALSE(same("0.1000000000000000055", "0.1", "d:38,20"));
  CHECK_FALSE(same("0.3", "0.30000000000000004", "g"));
  CHECK(same("0.1", "0.1", "f"));
}

TEST_CASE("dates and timestamps are compared by what they mean") {
  CHECK(same("\"2026-01-31 10:00:00.000Z\"", "\"2026-01-31T10:00:00Z\"", "tsu:UTC"));
  CHECK(same("\"2026-01-31T11:00:00+01:00\"", "\"2026-01-31T10:00:00Z\"", "tsu:UTC"));
  CHECK_FALSE(same("\"2026-01-31T10:00:00\"", "\"2026-01-31T10:00:00Z\"", "tsu:UTC"));
  CHECK_FALSE(same("\"2026-01-31 10:00:00\"", "\"2026-01-31T10:00:00\""));  // texts
  CHECK(same("\"10:00:00.500\"", "\"10:00:00.5\"", "ttu"));
}

TEST_CASE("lists and objects are the same if all in them is; a part need not be all") {
  CHECK(same("[1, {\"a\": 2.0}]", "[1, {\"a\": 2}]"));
  CHECK_FALSE(same("[1]", "[1, 2]"));
  CHECK_FALSE(same("{\"a\": 1}", "{\"a\": 1, \"b\": 2}"));
  CHECK(same("{\"a\": 1}", "{\"a\": 1, \"b\": null}"));
  CHECK(same("{\"a\": 1}", "{\"a\": 1, \"b\": 2}", nullptr, true));
  CHECK_FALSE(same("{\"a\": 1, \"c\": 3}", "{\"a\": 1, \"b\": 2}", nullptr, true));
  CHECK(same("null", "null"));
  CHECK_FALSE(same("null", "0"));
}
