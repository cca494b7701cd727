// What is laid over a manifest before it is read: a profile, assignments, the variables of env files.
#include <fstream>
#include <weir_catch.hpp>
#include <weir_test_folder.hpp>

#include "manifest/assignment.hpp"
#include "manifest/checked.hpp"
#include "manifest/env_file.hpp"
#include "manifest/overlay.hpp"
#include "manifest/parse.hpp"
#include "manifest/profile.hpp"

using namespace weir;
using namespace weir::manifest;

namespace {

Node tree(const std::string& text) {
  auto parsed = parse_yaml(*make_source("m.yaml", text));
  REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

std::string laid(const std::string& base, const std::string& over) {
  Node node = tree(base);
  overlay(node, tree(over));
  return node.to_json().dump();
}

std::string assigned(const std::string& base, const std::string& assignment) {
  Node node = tree(base);
  Errors errors;
  apply_assignment(node, assignment, errors);
  INFO((errors.empty() ? "" : errors[0].message));
  REQUIRE(errors.empty());
  return node.to_json().dump();
}

std::map<std::string, std::string> variables(const std::string& text) {
  auto parsed = parse_env(*make_source(".env", text));
  REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

}  // namespace

TEST_CASE("objects are put together, all else is replaced, null takes away") {
  CHECK(laid("{a: 1, b: {c: 2, d: 3}}", "{b: {c: 4, e: 5}, f: 6}") == R"({"a":1,"b":{"c":4,"d":3,"e":5},"f":6})");
  CHECK(laid("{a: [1, 2], b: {c: 2}}", "{a: [3], b: 1}") == R"({"a":[3],"b":1})");
  CHECK(laid("{a: 1, b: 2}", "{a: null, c: null}") == R"({"b":2})");
}

TEST_CASE("another component replaces all of the one that was there") {
  CHECK(laid("{use: file, path: a}", "{use: sqlite, table: t}") == R"({"use":"sqlite","table":"t"})");
  CHECK(laid("{use: file, path: a}", "{use: file, rows: 1}") == R"({"use":"file","path":"a","rows":1})");
  CHECK(laid("{use: file, path: a}", "{rows: 1}") == R"({"use":"file","path":"a","rows":1})");
}

TEST_CASE("an assignment changes one value, by a path of names and indexes") {
  CHECK(assigned("{load: {table: a}}", "load.table=b") == R"({"load":{"table":"b"}})");
  CHECK(assigned("{load: {table: a}}", "load.rows=10") == R"({"load":{"table":"a","rows":10}})");
  CHECK(assigned("{transform: [{where: a}, {where: b}]}", "transform.1.where=x = 'y'") ==
        R"({"transform":[{"where":"a"},{"where":"x = 'y'"}]})");
  CHECK(assigned("{l: [1, 2]}", "l.0=true") == R"({"l":[true,2]})");
  CHECK(assigned("{s: {a.b: {m: 1}}}", "s.\"a.b\".m=2") == R"({"s":{"a.b":{"m":2}}})");
  CHECK(assigned("{}", "checkpoint.every=10s") == R"({"checkpoint":{"every":"10s"}})");
}

TEST_CASE("an assigned value is what YAML makes of it") {
  CHECK(assigned("{a: 1}", "a=x: y # z") == R"({"a":"x: y # z"})");
  CHECK(assigned("{a: 1}", "a=\"12\"") == R"({"a":"12"})");
  CHECK(assigned("{a: 1}", "a='it''s'") == R"({"a":"it's"})");
  CHECK(assigned("{a: 1}", "a=\"x y\" > 1") == R"({"a":"\"x y\" > 1"})");
  CHECK(assigned("{a: 1}", "a=[1, b]") == R"({"a":[1,"b"]})");
  CHECK(assigned("{a: 1}", "a={b: c}") == R"({"a":{"b":"c"}})");
  CHECK(assigned("{a: 1, b: 2}", "a=") == R"({"b":2})");
  CHECK(assigned("{a: 1}", "a=\"\"") == R"({"a":""})");
  CHECK(assigned("{a: 1}", "a=b=c") == R"({"a":"b=c"})");
}

TEST_CASE("what is assigned has its place in the assignment") {
  Node node = tree("{a: 1}");
  Errors errors;
  apply_assignment(node, "a=[b, \"c\"]", errors);
  const base::Place place = node.find("a")->items[1].place();
  CHECK(place.file == "--set");
  CHECK(place.column == 7);
  CHECK(place.source_line == "a=[b, \"c\"]");
}

TEST_CASE("an env file has comments, quotes, escapes and values of several lines") {
  const auto found = variables(
      "# comment\n\nA=1\n  export B = two words # not this\nC='$x # \\n'\nD=\"a\\n\\\"\\$b\"# c\n"
      "E=\nF=#no\r\nG='one\ntwo'\nH=x=y");
  CHECK(found == std::map<std::string, std::string>{{"A", "1"},
                                                    {"B", "two words"},
                                                    {"C", "$x # \\n"},
                                                    {"D", "a\n\"$b"},
                                                    {"E", ""},
                                                    {"F", "#no"},
                                                    {"G", "one\ntwo"},
                                                    {"H", "x=y"}});
}

TEST_CASE("the file .env beside a manifest is read, and what the environment has wins") {
  const weir::test::Folder folder;
  const auto write = [&folder](const char* name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
  };
  write("m.yaml", "weir: 1\nextract: { use: plain, a: \"${env:A}${env:B}\" }\nload: plain\n");
  write(".env", "A=file\nB=file\n");
  write("other.env", "A=other\nB=other\n");
  observe::Redactor redactor;
  Values values;
  values.environment = [](const std::string& name) {
    return name == "A" ? std::optional<std::string>("real") : std::nullopt;
  };
  const std::string file = (folder.path() / "m.yaml").string();
  const auto told = [&] { return load_draft(file, values, redactor).manifest.extract.options.find("a")->text; };
  CHECK(told() == "realfile");
  values.env_files = {(folder.path() / "other.env").string()};
  CHECK(told() == "realother");
  values.env_files = {(folder.path() / "none.env").string()};
  const Draft draft = load_draft(file, values, redactor);
  REQUIRE(draft.errors.size() == 2);  // no such file, and B is not set
}

TEST_CASE("the environment may choose a profile, and a manifest without profiles passes over that") {
  const std::string ends = "weir: 1\nextract: { use: plain, a: 1 }\nload: plain\n";
  const std::string profiles =
      "profiles: { dev: { extract: { a: 2 } }, production: { extract: { a: \"${env:GONE}\" } } }\n";
  observe::Redactor redactor;
  Values values = manifest::test::values();
  const auto told = [&](const std::string& text) { return draft_from_text("m.yaml", text, values, redactor); };
  CHECK(told(ends + profiles).manifest.extract.options.find("a")->integer == 1);  // and GONE is not asked for
  values.environment = [](const std::string& name) {
    return name == "WEIR_PROFILE" ? std::optional<std::string>("dev") : std::nullopt;
  };
  CHECK(told(ends).errors.empty());
  CHECK(told(ends + profiles).manifest.extract.options.find("a")->integer == 2);
  CHECK(told(ends + "profiles: { other: {} }\n").errors.size() == 1);
  values.profile = "production";
  CHECK(told(ends + profiles).errors.size() == 1);
}
