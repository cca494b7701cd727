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

Node tree_of(const std::string& text) {
  auto parsed = parse_yaml(*make_source("m.yaml", text));
  REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

std::string laid(const std::string& base, const std::string& over) {
  Node node = tree_of(base);
  overlay(node, tree_of(over));
  return node.to_json().dump();
}

std::string assigned(const std::string& base, const std::string& assignment) {
  Node node = tree_of(base);
  Errors errors;
  apply_assignment(node, assignment, errors);
  INFO((errors.empty() ? "" : errors[0].message));
  REQUIRE(errors.empty());
  return node.to_json().dump();
}

std::map<std::string, std::string> variables(const std::string& text) {
  auto parsed = parse_env(make_source(".env", text));
  REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

// A folder with files; load() reads m.yaml of it.
struct Files {
  weir::test::Folder folder;
  Values values = manifest::test::values();

  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    std::ofstream(folder.path() / name) << text;
  }
  std::vector<Draft> load() {
    observe::Redactor redactor;
    return load_drafts((folder.path() / "m.yaml").string(), values, redactor);
  }
  Manifest manifest() {
    auto drafts = load();
    REQUIRE(drafts.size() == 1);
    INFO((drafts[0].errors.empty() ? "" : render(joined(drafts[0].errors))));
    REQUIRE(drafts[0].errors.empty());
    return std::move(drafts[0].manifest);
  }
  // All errors, without the folder's name.
  std::string told() {
    std::string text = render(joined(load().at(0).errors));
    const std::string name = folder.path().string() + "/";
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name)) text.erase(at, name.size());
    return text;
  }
};

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
  Node node = tree_of("{a: 1}");
  Errors errors;
  apply_assignment(node, "a=[b, \"c\"]", errors);
  const base::Place place = node.find("a")->items[1].place();
  CHECK(place.file == "--set");
  CHECK(place.column == 7);
  CHECK(place.source_line == "a=[b, \"c\"]");
}

TEST_CASE("an env file has comments, quotes, escapes and values of several lines") {
  const auto found = variables(
      "# comment\n\nA=1\n  export B=two words # not this\nC='$x # \\n'\nD=\"a\\n\\\"\\$b\"# c\n"
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
  Files files;
  const auto& folder = files.folder;
  files.write("m.yaml", "weir: 1\nextract: { use: plain, a: \"${env:A}${env:B}\" }\nload: plain\n");
  files.write(".env", "A=file\nB=file\n");
  files.write("other.env", "A=other\nB=other\n");
  observe::Redactor redactor;
  Values values;
  values.environment = [](const std::string& name) {
    return name == "A" ? std::optional<std::string>("real") : std::nullopt;
  };
  const std::string file = (folder.path() / "m.yaml").string();
  const auto told = [&] { return load_draft(file, values, redactor).manifest.extract.front().options.find("a")->text; };
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
  CHECK(told(ends + profiles).manifest.extract.front().options.find("a")->integer == 1);  // and GONE is not asked for
  values.environment = [](const std::string& name) {
    return name == "WEIR_PROFILE" ? std::optional<std::string>("dev") : std::nullopt;
  };
  CHECK(told(ends).errors.empty());
  CHECK(told(ends + profiles).manifest.extract.front().options.find("a")->integer == 2);
  CHECK(told(ends + "profiles: { other: {} }\n").errors.size() == 1);
  values.profile = "production";
  CHECK(told(ends + profiles).errors.size() == 1);
}

TEST_CASE("a manifest is laid over what it includes, and everything keeps its file") {
  Files files;
  files.write("m.yaml", "weir: 1\ninclude: [ shared/a.yaml, b.json ]\nload: { mode: 1 }\n");
  files.write("shared/a.yaml", "include: deeper/c.yaml\nload: { use: plain, mode: 0, from: a }\nname: a\n");
  files.write("shared/deeper/c.yaml",
              "extract: { use: file, path: in.csv, format: csv }\nload: { use: plain, deep: \"${file:c.txt}\" }\n");
  files.write("shared/deeper/c.txt", "text of c\n");
  files.write("b.json", "{\"$schema\": \"x\", \"load\": {\"from\": \"b\"}, \"name\": \"b\"}");
  const Manifest manifest = files.manifest();
  CHECK(manifest.name == "b");
  CHECK(manifest.load.front().options.to_json().dump() == R"({"deep":"text of c","mode":1,"from":"b"})");
  CHECK(manifest.load.front().options.find("from")->place().file.ends_with("/b.json"));
  CHECK(manifest.extract.front().options.find("path")->place().file.ends_with("/shared/deeper/c.yaml"));
  auto input = compose(manifest.extract.front(), Side::read);
  auto config = check_options(input->storage, manifest::test::schema_of("file"), {manifest.folder, {}, nullptr});
  REQUIRE(config.has_value());
  CHECK(config->json["path"] == (manifest.folder / "shared/deeper/in.csv").string());
}

TEST_CASE("files that include each other in a circle are an error") {
  Files files;
  files.write("m.yaml", "weir: 1\ninclude: sub/a.yaml\nextract: plain\nload: plain\n");
  files.write("sub/a.yaml", "include: ../b.yaml\n");
  files.write("b.yaml", "include: m.yaml\n");
  CHECK(files.told() ==
        "b.yaml:1:10: error: include: expected no cycle, found m.yaml → sub/a.yaml → b.yaml → m.yaml\n"
        "  1 | include: m.yaml\n"
        "    |          ^~~~~~\n"
        "hint: take one of these includes away\n"
        "code: manifest.include\n");
  files.write("b.yaml", "x-same: 1\n");
  files.write("m.yaml", "weir: 1\ninclude: [ sub/a.yaml, b.yaml ]\nextract: plain\nload: plain\n");
  CHECK(files.load()[0].errors.empty());  // twice is no circle
}

TEST_CASE("files that include each other twice can't take forever") {
  Files files;
  files.write("m.yaml", "weir: 1\ninclude: [ 0.yaml, 0.yaml ]\nextract: plain\nload: plain\n");
  for (int i = 0; i < 30; ++i) {
    const std::string next = std::to_string(i + 1) + ".yaml";
    files.write(std::to_string(i) + ".yaml", "include: [ " + next + ", " + next + " ]\n");
  }
  files.write("30.yaml", "");
  const auto errors = files.load()[0].errors;
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].message == "include: expected at most 100 included files, found more");
}

TEST_CASE("errors in included files have their places there") {
  Files files;
  files.write("m.yaml", "weir: 1\ninclude: [ a.yaml, b.yaml, c.yaml ]\nextract: plain\nload: plain\n");
  files.write("a.yaml", "lod: 1\n");
  files.write("b.yaml", "a: [\n");
  files.write("c.yaml", "- 1\n");
  const std::string told = files.told();
  CHECK(told.find("a.yaml:1:1: error: unknown key 'lod'") != std::string::npos);
  CHECK(told.find("b.yaml:1:4: error: ") != std::string::npos);
  CHECK(told.find("c.yaml:1:1: error: include: expected an object") != std::string::npos);
}

TEST_CASE("each pipeline of a file is its own over what is for all") {
  Files files;
  files.write("m.yaml", R"(weir: 1
connections: { warehouse: { use: plain, database: w.db } }
defaults:
  extract: { use: file, path: "${param:day}.csv", format: csv }
  load: { use: plain, connection: warehouse }
  retry: { attempts: 2 }
pipelines:
  orders: { load: { table: orders } }
  customers: { extract: { path: c.csv }, load: { table: customers }, retry: { attempts: 3 } }
  broken: { load: { table: "${env:GONE}" } }
)");
  files.values.pipelines = {"customers", "orders"};
  const auto drafts = files.load();
  REQUIRE(drafts.size() == 2);  // in the order of the file; the variable of the third is not asked for
  for (const Draft& draft : drafts) REQUIRE(draft.errors.empty());
  CHECK(drafts[0].manifest.name == "orders");
  CHECK(drafts[0].manifest.load.front().options.to_json().dump() == R"({"database":"w.db","table":"orders"})");
  CHECK(drafts[0].manifest.extract.front().options.find("path")->text == "monday.csv");
  CHECK(drafts[0].manifest.retry.attempts == 2);
  CHECK(drafts[1].manifest.name == "customers");
  CHECK(drafts[1].manifest.extract.front().options.find("path")->text == "c.csv");
  CHECK(drafts[1].manifest.retry.attempts == 3);
  CHECK(drafts[0].manifest.path == drafts[1].manifest.path);
  files.values.pipelines = {};
  CHECK(files.load().size() == 3);
  files.values.assignments = {"pipelines.broken.load.table=x"};
  CHECK(files.load()[2].errors.empty());
}

TEST_CASE("defaults hold for a manifest of one pipeline too") {
  Files files;
  files.write("m.yaml", "weir: 1\ndefaults: { load: { use: plain, a: 1 } }\nextract: plain\nload: { b: 2 }\n");
  CHECK(files.manifest().load.front().options.to_json().dump() == R"({"a":1,"b":2})");
}
