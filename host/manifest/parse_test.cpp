// Text to tree: both spellings, places, limits.
#include "manifest/parse.hpp"

#include <weir_catch.hpp>

using namespace weir;
using namespace weir::manifest;

namespace {

base::Result<Node> parsed(const std::string& file, const std::string& text) {
  auto source = make_source(file, text);
  if (!source) return base::unexpected(std::move(source).error());
  return parse(*source);
}

Node tree(const std::string& file, const std::string& text) {
  auto result = parsed(file, text);
  INFO(text);
  REQUIRE(result.has_value());
  return std::move(result).value();
}

std::string at(const base::Place& place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column) + "+" + std::to_string(place.length);
}

}  // namespace

TEST_CASE("YAML and JSON load into the same tree") {
  const std::string json =
      R"({"a": 1, "b": [true, null, -2.5e3, "x\ty\/\ud83d\ude00"], "c": {"d": ""}, "e": 18446744073709551615})";
  const std::string yaml =
      "a: 1\nb:\n- true\n- null\n- -2.5e3\n- \"x\\ty/😀\"\nc: { d: '' }\ne: 18446744073709551615\n";
  const auto from_json = tree("m.json", json).to_json();
  CHECK(from_json == tree("m.yaml", yaml).to_json());
  CHECK(from_json.dump() == R"({"a":1,"b":[true,null,-2500.0,"x\ty/😀"],"c":{"d":""},"e":18446744073709551615})");
}

TEST_CASE("plain scalars follow YAML 1.2's core schema") {
  const Node node = tree("m.yaml",
                         "[yes, no, on, off, true, False, TRUE, 12, -7, +3, 0x1F, 0o17, 007, 1.5, .5, 5., 1e3, ~, "
                         "Null, '12', \"true\", 1_000, .inf, "
                         "0b1, 1.2.3, 2020-01-01, 9223372036854775808, 1%, !!str 5, !!int \"5\"]");
  const std::vector<Kind> kinds{Kind::text,    Kind::text,    Kind::text,    Kind::text,    Kind::boolean,
                                Kind::boolean, Kind::boolean, Kind::integer, Kind::integer, Kind::integer,
                                Kind::integer, Kind::integer, Kind::integer, Kind::number,  Kind::number,
                                Kind::number,  Kind::number,  Kind::null,    Kind::null,    Kind::text,
                                Kind::text,    Kind::text,    Kind::text,    Kind::text,    Kind::text,
                                Kind::text,    Kind::number,  Kind::text,    Kind::text,    Kind::integer};
  REQUIRE(node.items.size() == kinds.size());
  for (std::size_t index = 0; index < kinds.size(); ++index) {
    INFO(index);
    CHECK(node.items[index].kind == kinds[index]);
  }
  CHECK(node.items[10].integer == 31);
  CHECK(node.items[11].integer == 15);
  CHECK(node.items[12].text == "007");
  CHECK(node.items[26].text == "9223372036854775808");
}

TEST_CASE("every value and key knows its place") {
  const Node yaml =
      tree("m.yaml", "first: one\nlist:\n  - 'two'\n  - {three: \"3\"}\nempty:\nanchored: &a !!str  four\nalias: *a\n");
  CHECK(at(yaml.find("first")->place()) == "1:8+3");
  CHECK(at(yaml.member("list")->key_where.place()) == "2:1+4");
  CHECK(at(yaml.at("/list/0")->place()) == "3:5+5");
  CHECK(at(yaml.at("/list/1")->place()) == "4:5+1");
  CHECK(at(yaml.at("/list/1/three")->place()) == "4:13+3");
  CHECK(at(yaml.find("empty")->place()) == "5:1+5");
  CHECK(at(yaml.find("anchored")->place()) == "6:21+4");
  CHECK(at(yaml.find("alias")->place()) == "6:21+4");
  CHECK(yaml.find("first")->place().source_line == "first: one");
  const Node json = tree("m.json", "{ // c\r\n\t\"a\": [1,\r\n\"b\"] }");
  CHECK(at(json.at("/a/0")->place()) == "2:8+1");
  CHECK(at(json.at("/a/1")->place()) == "3:1+3");
  CHECK(json.at("/a/0")->place().source_line == "\t\"a\": [1,");
}

TEST_CASE("an offset in a text value leads to its byte in the file") {
  const Node yaml = tree("m.yaml",
                         "plain: a b c\nsingle: 'it''s x'\ndouble: \"t\\tü\\u00e9x\"\nfolded: >-\n  one\n  two\n\n  "
                         "three\nliteral: |2\n   x\n  y\nlong: one\n  two\n");
  CHECK(at(yaml.find("plain")->place_in_text(2)) == "1:10+1");
  CHECK(at(yaml.find("plain")->place_in_text(2, 3)) == "1:10+3");
  CHECK(at(yaml.find("single")->place_in_text(2)) == "2:12+2");
  CHECK(at(yaml.find("single")->place_in_text(5)) == "2:16+1");
  CHECK(at(yaml.find("double")->place_in_text(0)) == "3:10+1");
  CHECK(at(yaml.find("double")->place_in_text(1)) == "3:11+2");
  CHECK(at(yaml.find("double")->place_in_text(2, 2)) == "3:13+2");
  CHECK(at(yaml.find("double")->place_in_text(4)) == "3:15+6");
  CHECK(at(yaml.find("double")->place_in_text(6)) == "3:21+1");
  CHECK(yaml.find("folded")->text == "one two\nthree");
  CHECK(at(yaml.find("folded")->place_in_text(4)) == "6:3+1");
  CHECK(at(yaml.find("folded")->place_in_text(8)) == "8:3+1");
  CHECK(yaml.find("literal")->text == " x\ny\n");
  CHECK(at(yaml.find("literal")->place_in_text(1)) == "10:4+1");
  CHECK(at(yaml.find("literal")->place_in_text(3)) == "11:3+1");
  CHECK(at(yaml.find("long")->place_in_text(4)) == "13:3+1");
  CHECK(at(yaml.find("plain")->place_in_text(99)) == "1:13+1");
  const Node json = tree("m.json", R"({"a": "x\ny", "n": 5})");
  CHECK(at(json.find("a")->place_in_text(1)) == "1:9+2");
  CHECK(at(json.find("a")->place_in_text(2)) == "1:11+1");
  CHECK(at(json.find("n")->place_in_text(3)) == "1:20+1");
}

TEST_CASE("values are found by name and by JSON pointer, and their pointers are told") {
  const Node node = tree("m.json", R"({"a/b": {"~": [10, 20]}, "": 1})");
  const Node* const found = node.at("/a~1b/~0/1");
  REQUIRE(found);
  CHECK(found->integer == 20);
  CHECK(node.pointer_to(*found) == "/a~1b/~0/1");
  CHECK(node.at("/")->integer == 1);
  CHECK(node.at("") == &node);
  for (const char* const pointer : {"/x", "/a~1b/~0/2", "/a~1b/~0/-1", "/a~1b/~0/1/0", "a", "/a~1b/~0/1x"}) {
    INFO(pointer);
    CHECK(node.at(pointer) == nullptr);
  }
  CHECK(&node.nearest_at("/a~1b/~0/7/x") == node.at("/a~1b/~0"));
  const Node other = tree("m.json", "1");
  CHECK_FALSE(node.pointer_to(other).has_value());
}

TEST_CASE("numbers and texts are described as they were written, and secrets are not") {
  Node node = tree("m.yaml", "[0.10, maybe, [], {a: 1}, true, ~]");
  CHECK(describe(node.items[0]) == "0.10");
  CHECK(describe(node.items[1]) == "\"maybe\"");
  CHECK(describe(node.items[2]) == "an empty list");
  CHECK(describe(node.items[3]) == "an object");
  node.items[1].secret = true;
  CHECK(describe(node.items[1]) == "***");
}

TEST_CASE("what could exhaust the host is refused") {
  const auto refused = [](const std::string& file, const std::string& text, const char* why) {
    const auto result = parsed(file, text);
    REQUIRE_FALSE(result.has_value());
    CHECK_THAT(result.error().message, weir::test::Contains(why));
    CHECK(base::exit_code(result.error()) == 2);
  };
  for (const char* const file : {"m.json", "m.yaml"}) {
    refused(file, std::string(100'000, '['), "nesting");
    refused(file, "{\"" + std::string(2000, 'k') + "\": 1}", "at most 1024 bytes");
    refused(file, std::string(kMaxSourceBytes + 1, ' '), "16 MiB");
    std::string many = "[";
    for (int count = 0; count < 600'000; ++count) many += "1,";
    refused(file, many + "1]", "500,000");
  }
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 12; ++level) {
    const std::string before = std::to_string(level - 1);
    bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [";
    for (int count = 0; count < 10; ++count) bomb += (count ? ", *a" : "*a") + before;
    bomb += "]\n";
  }
  refused("m.yaml", bomb, "an alias counts each time");
  std::string deep = "a0: &a0 [x]\n";
  for (int level = 1; level < 250; ++level)
    deep += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [*a" + std::to_string(level - 1) + "]\n";
  refused("m.yaml", deep, "nesting");
}

TEST_CASE("the deepest nesting that is allowed is read") {
  for (const char* const file : {"m.json", "m.yaml"})
    CHECK(parsed(file, std::string(200, '[') + std::string(200, ']')).has_value());
  for (const char* const file : {"m.json", "m.yaml"})
    CHECK_FALSE(parsed(file, std::string(202, '[') + std::string(202, ']')).has_value());
}

TEST_CASE("all duplicate keys are told, each at its second place") {
  for (const auto& [file, text] : {std::pair{"m.json", "{\"a\":1,\n\"a\":2,\n\"b\":{\"c\":1,\"c\":2}}"},
                                   {"m.yaml", "a: 1\na: 2\nb: {c: 1, c: 2}\n"}}) {
    const auto result = parsed(file, text);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().place.line == 2);
    REQUIRE(result.error().also.size() == 1);
    CHECK(result.error().also[0].place.line == 3);
  }
}

TEST_CASE("the spelling is chosen by extension, else by content") {
  const auto chosen = [](const char* file, const char* text) { return syntax_of(**make_source(file, text)); };
  CHECK(chosen("m.json", "a: 1") == Syntax::json);
  CHECK(chosen("m.yml", "{}") == Syntax::yaml);
  CHECK(chosen("m", "\n {}") == Syntax::json);
  CHECK(chosen("m.weir", "a: 1") == Syntax::yaml);
}

TEST_CASE("a byte order mark is no part of the text") {
  CHECK(at(tree("m.yaml",
                "\xEF\xBB\xBF"
                "a: 1")
               .find("a")
               ->place()) == "1:4+1");
}

TEST_CASE("a file that is missing, or a folder, is the manifest's fault") {
  const auto missing = read_source("no/such/nope.yaml");
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().message == "no/such/nope.yaml: no such file");
  CHECK(base::exit_code(missing.error()) == 2);
  const auto folder = read_source("/");
  REQUIRE_FALSE(folder.has_value());
  CHECK_THAT(folder.error().message, weir::test::Contains("found a folder"));
  CHECK_THAT(read_source("/dev/zero").error().message, weir::test::Contains("16 MiB"));
}
