// Encodings: text of every one comes as UTF-8, however it is cut, and goes out as it came.
#include <weir_catch.hpp>

#include "encoding.hpp"
#include "fake_host.hpp"
#include "writing.hpp"

using namespace weir;
using namespace weir::csv;
using namespace weir::test;

namespace {

// Decodes as a host does: `in` bytes at a time into room for `out`.
std::string decoded(const std::string& bytes, const std::string& options, std::size_t in = SIZE_MAX,
                    std::size_t out = 4096) {
  const FakeHost host;
  const FakeConfig config(options);
  FakeContext context(host, config);
  std::string text;
  std::vector<std::uint8_t> room(out);
  try {
    Decoder decoder(Context(&context), false);
    std::size_t at = 0;
    for (bool done = false; !done;) {
      const std::size_t offered = std::min(in, bytes.size() - at);
      const Codec::Step step =
          decoder.step(std::string_view(bytes).substr(at, offered), at + offered == bytes.size(), room);
      at += step.consumed;
      text.append(reinterpret_cast<const char*>(room.data()), step.produced);
      done = step.done;
      if (step.consumed == 0 && step.produced == 0 && !done) return "no progress";
    }
  } catch (const Failure& failure) {
    return failure.message();
  }
  return text;
}

bool needed(const std::string& head, const std::string& options = "{}") {
  const FakeConfig config(options);
  return needs_decoder(Config(&config), head);
}

std::string wide(std::u16string_view text, bool big) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char high = static_cast<char>(unit >> 8U), low = static_cast<char>(unit & 0xFFU);
    bytes += big ? high : low;
    bytes += big ? low : high;
  }
  return bytes;
}

std::string written(const std::string& value, const std::string& options) {
  TextBuilder builder;
  builder.append(value);
  std::vector<Schema> fields;
  fields.push_back(Schema::field("u", "a"));
  fields.push_back(Schema::field("n", "b"));
  std::vector<Array> columns;
  columns.push_back(builder.finish());
  columns.push_back(make_array(1, 1, {}));
  const Schema schema = Schema::rows(std::move(fields));
  const Array rows = rows_of(1, std::move(columns));
  try {
    return write_rows(schema, {&rows, 1}, options).text;
  } catch (const Failure& failure) {
    return failure.message();
  }
}

}  // namespace

TEST_CASE("a decoder is needed for another encoding, a mark of UTF-16, or lines that end with CR alone") {
  CHECK_FALSE(needed("a,b\r\n1,2\r\n"));
  CHECK_FALSE(
      needed("\xEF\xBB\xBF"
             "a,b\n"));
  CHECK_FALSE(needed("", R"({"encoding": "UTF-8"})"));
  CHECK(
      needed("\xFF\xFE"
             "a\0"));
  CHECK(needed("\xFE\xFF\0a"));
  CHECK(needed("a,b\n", R"({"encoding": "windows-1252"})"));
  CHECK(needed("a,b\r1,2\r"));
}

TEST_CASE("bytes of one-byte encodings become UTF-8") {
  CHECK(decoded("caf\xE9,\x80"
                "5\n",
                R"({"encoding": "windows-1252"})") == "café,€5\n");
  CHECK(decoded("caf\xE9\n", R"({"encoding": "Latin-1"})") == "café\n");
  CHECK(decoded("\xA3\xF3"
                "d\x9F\n",
                R"({"encoding": "windows-1250"})") == "Łódź\n");
}

TEST_CASE("UTF-16 is known by its mark, or by its name, however it is cut") {
  const std::u16string text = u"a,b\r\nŁ\u010A\u0A0A,\U0001F600\n";
  const std::string plain = "a,b\r\nŁ\u010A\u0A0A,\U0001F600\n";
  for (const bool big : {false, true}) {
    const std::string bytes = wide(text, big);
    const std::string named = big ? R"({"encoding": "utf-16be"})" : R"({"encoding": "utf-16"})";
    for (const std::size_t in : {std::size_t{1}, std::size_t{3}, SIZE_MAX}) {
      for (const std::size_t out : {std::size_t{1}, std::size_t{2}, std::size_t{100}}) {
        CAPTURE(big, in, out);
        CHECK(decoded(bytes, named, in, out) == plain);
        CHECK(decoded(wide(u"\uFEFF", big) + bytes, "{}", in, out) == "\xEF\xBB\xBF" + plain);
      }
    }
  }
}

TEST_CASE("UTF-16 without a mark is of the end that its zeros tell") {
  for (const bool big : {false, true})
    CHECK(decoded(wide(u"a,b\n1,\u65E5\n", big), R"({"encoding": "utf-16"})", 1) == "a,b\n1,日\n");
}

TEST_CASE("a mark of another encoding than the one that is named is refused") {
  const std::string text = wide(u"\uFEFFa,b\n", false);
  CHECK(decoded(text, R"({"encoding": "utf-16be"})") ==
        "expected utf-16be text, found the byte order mark of utf-16le");
  CHECK(decoded(wide(u"\uFEFFa\n", true), R"({"encoding": "utf-16le"})") ==
        "expected utf-16le text, found the byte order mark of utf-16be");
  CHECK(decoded("\xEF\xBB\xBF\xC3\xA9\n", R"({"encoding": "latin-1"})") ==
        "expected latin-1 text, found the byte order mark of utf-8");
  CHECK(decoded("\xEF\xBB\xBF\xC3\xA9\n", R"({"encoding": "utf-16"})") ==
        "expected utf-16 text, found the byte order mark of utf-8");
  CHECK(decoded(text, R"({"encoding": "utf-16le"})") ==
        "\xEF\xBB\xBF"
        "a,b\n");
}

TEST_CASE("more than one step of text is decoded whole") {
  std::string bytes, text;
  for (int i = 0; i < 100000; ++i) bytes += "caf\xE9\n", text += "café\n";
  CHECK(decoded(bytes, R"({"encoding": "latin-1"})", 100003) == text);
}

TEST_CASE("lines that end with CR alone end with LF") {
  CHECK(decoded("a,b\r1,2\r", "{}", 2, 3) == "a,b\n1,2\n");
  CHECK(decoded("a,caf\xE9\r1,2\r", R"({"encoding": "latin-1"})") == "a,café\n1,2\n");
}

TEST_CASE("lines end with CR alone where the first does, and most do") {
  for (const std::size_t in : {std::size_t{1}, SIZE_MAX}) {
    CHECK(decoded("a,b\r1,2\r3,4\r\n", "{}", in) == "a,b\n1,2\n3,4\n");
    CHECK(decoded("a,b\r1,\"x\ny\nz\"\r\"p\r\nq\",\"r\"\"\n\"\r", "{}", in) ==
          "a,b\n1,\"x\ny\nz\"\n\"p\nq\",\"r\"\"\n\"\n");
    CHECK(decoded("\xEF\xBB\xBF\"a\n\",b\r1,2\r", "{}", in) == "\xEF\xBB\xBF\"a\n\",b\n1,2\n");
    CHECK(decoded("a,b\r1,'\n'\r", R"({"quote": "'"})", in) == "a,b\n1,'\n'\n");
    CHECK(decoded("a,b\r1,\"\\\"\n\n\n\"\r", R"({"escape": "\\"})", in) == "a,b\n1,\"\\\"\n\n\n\"\n");
    CHECK(decoded("a,5\"\r1,2\r", "{}", in) == "a,5\"\n1,2\n");
  }
  CHECK(needed("a,b\r1,2\r3,4\r\n"));
  for (const char* other :
       {"a,b\r\n1,2\r3\r4\r\n", "a,b\n1,2\r3,4\r5\r", "\"a\rb\",c\n1,2\n", "a,b\r\r\n1,2\r\r\n", "a\r,b\n1,2\n"}) {
    CAPTURE(other);
    CHECK_FALSE(needed(other));
    CHECK(decoded(other, "{}") == other);
  }
}

TEST_CASE("what is not in the encoding is refused, with its byte") {
  CHECK(decoded("a\n\x81\n", R"({"encoding": "windows-1252"})") ==
        "expected windows-1252 text, found the bytes 81 0a at byte 2");
  CHECK(decoded(wide(u"ab", false) + "\x3D\xD8" + wide(u"c", false), R"({"encoding": "utf-16"})") ==
        "expected utf-16 text, found the bytes 3d d8 63 00 at byte 4");
  CHECK(decoded(wide(u"ab", false) + "c", R"({"encoding": "utf-16"})") ==
        "expected utf-16 text, found its end within a character, at byte 4");
  CHECK(decoded("a", R"({"encoding": "utf-61"})") == "expected the name of an encoding, found \"utf-61\"");
}

TEST_CASE("text is written in the encoding, with a mark where it is asked for") {
  CHECK(written("café", R"({"encoding": "latin-1"})") == "a,b\ncaf\xE9,\n");
  CHECK(written("€", R"({"encoding": "windows-1252"})") == "a,b\n\x80,\n");
  CHECK(written("é", R"({"encoding": "utf-16"})") == wide(u"\uFEFFa,b\né,\n", false));
  CHECK(written("é", R"({"bom": true})") ==
        "\xEF\xBB\xBF"
        "a,b\né,\n");
  CHECK(written("日", R"({"encoding": "latin-1"})") == "expected text that the encoding can say, found \"日\"");
}

TEST_CASE("formulas are shown, not run, where that is asked for") {
  const std::string protect = R"({"formulas": "protect"})";
  CHECK(written("=1+1", protect) == "a,b\n\"'=1+1\",\n");
  CHECK(written("@x", protect) == "a,b\n\"'@x\",\n");
  CHECK(written("x=1", protect) == "a,b\nx=1,\n");
  CHECK(written("=1+1", "{}") == "a,b\n=1+1,\n");
}

TEST_CASE("texts are written as the dialect needs them") {
  CHECK(written("say \"hi\\\"", R"({"escape": "\\"})") == "a,b\n\"say \\\"hi\\\\\\\"\",\n");
  CHECK(written("#1", R"({"comment": "#"})") == "a,b\n\"#1\",\n");
  CHECK(written(" x", R"({"trim": true})") == "a,b\n\" x\",\n");
  CHECK(written("x", R"({"quoting": "all"})") == "\"a\",\"b\"\n\"x\",\n");
  CHECK(written("a,\nb", R"({"quote": "none", "escape": "\\"})") == "a,b\na\\,\\\nb,\n");
  CHECK(written("a\"b", R"({"quote": "none"})") == "a,b\na\"b,\n");
  CHECK(written("a,b", R"({"quote": "none"})") == "a,b\n");
}
