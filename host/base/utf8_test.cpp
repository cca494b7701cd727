#include "base/utf8.hpp"

#include <vector>
#include <weir_catch.hpp>

namespace weir::base {
namespace {

TEST_CASE("well-formed UTF-8 is known from all else") {
  for (const char* good : {"", "abc", "0123456789abcdef ä", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "𝄞ä€"}) {
    CAPTURE(good);
    CHECK(is_utf8(good));
  }
  // Overlong, surrogates, beyond U+10FFFF, alone, cut off.
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9D\x84", "12345678\xE2\x82z"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_utf8(bad));
    CHECK(is_utf8(repaired_utf8(bad)));
  }
}

TEST_CASE("the first byte that is wrong is found wherever it stands") {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'x');
    text[at] = '\xFE';
    CHECK(invalid_utf8_at(text) == at);
  }
}

TEST_CASE("characters are taken apart one at a time") {
  const std::string text = "aäЖ€𝄞";
  std::vector<std::uint32_t> points;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    const std::size_t length = character_length(rest);
    REQUIRE(length > 0);
    points.push_back(code_point(rest, length));
    at += length;
  }
  CHECK(points == std::vector<std::uint32_t>{0x61, 0xE4, 0x416, 0x20AC, 0x1D11E});
  for (const char* bad : {"\x80", "\xC3", "\xED\xA0\x80", "\xE2\x82z"}) {
    CAPTURE(bad);
    CHECK(character_length(bad) == 0);
  }
}

TEST_CASE("repair replaces what is wrong and keeps the rest") {
  CHECK(repaired_utf8("a\xFFz") == "a\xEF\xBF\xBDz");
  CHECK(repaired_utf8("\xE2\x82") == "\xEF\xBF\xBD");
  CHECK(repaired_utf8("\xE2\x82\xE2\x82\xAC") == "\xEF\xBF\xBD\xE2\x82\xAC");
}

TEST_CASE("what is printable can't play with a terminal") {
  CHECK(printable("a\x1b[31m\n\t\r\x7F") == "a\\x1b[31m\\n\\t\\r\\x7f");
  CHECK(printable("\xC2\x9B"
                  "1m") == "\\x9b1m");
  CHECK(printable("ä€𝄞") == "ä€𝄞");
  CHECK(printable(std::string_view("\0", 1)) == "\\x00");
}

}  // namespace
}  // namespace weir::base
