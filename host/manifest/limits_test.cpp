// What a manifest may not be, where it would make errors.txt unreadable: too long, too deep, too many; files that are
// none; and rules of schemas that no component of that table has. In golden/limits.txt.
#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

#include "manifest/checked.hpp"
#include "manifest/source.hpp"

namespace weir::manifest {
namespace {

using Golden = weir::test::Golden;

Golden golden() { return Golden(std::filesystem::path(WEIR_GOLDEN) / "limits.txt"); }

void tell_limit(Golden& told, const std::string& title, const std::string& file, const std::string& text) {
  const auto errors = test::errors_of(file, text);
  INFO(title);
  REQUIRE_FALSE(errors.empty());
  told.tell(title, render(joined(errors)));
}

void tell_json(Golden& told) {
  const auto json = [&](const char* title, const std::string& text) { tell_limit(told, title, "m.json", text); };
  json("json: too deep", std::string(201, '['));
  std::string values = "[0";
  for (int i = 0; i < 500'000; ++i) values += ",0";
  json("json: too many values", values + "]");
  json("json: no colon", R"({"a" 1})");
  json("json: a sign alone", R"({"a": -})");
  json("json: an exponent of nothing", R"({"a": 1e})");
  json("json: a tab in a text", "{\"a\": \"\t\"}");
  json("json: a text without an end", "{\"a\": \"b");
  json("json: half a pair", R"({"a": "\udc00"})");
  json("json: a long key", "{\"" + std::string(1025, 'k') + "\": 1}");
  json("json: too large", std::string((16U << 20U) + 1, ' '));
}

void tell_yaml(Golden& told) {
  const auto yaml = [&](const char* title, const std::string& text) { tell_limit(told, title, "m.yaml", text); };
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char letter = 'b'; letter < 'h'; ++letter) {
    const std::string before(1, static_cast<char>(letter - 1));
    bomb += std::string(1, letter) + ": &" + letter + " [";
    for (int i = 0; i < 10; ++i) bomb += (i == 0 ? "*" : ", *") + before;
    bomb += "]\n";
  }
  yaml("yaml: aliases of aliases", bomb);
  yaml("yaml: a long key", std::string(1025, 'k') + ": 1\n");
  yaml("yaml: no key", "? \n: 1\n");
  yaml("yaml: a key that is a list", "? [a, b]\n: 1\n");
  const std::string around = "weir: 1\nextract: plain\nload: plain\n";
  yaml("a secret without a key", around + "transform: [ { use: odd, secret: \"${secret:env}\" } ]\n");
  yaml("a file at home, of which there is none", around + "transform: [ { use: odd, secret: \"${file:~/x}\" } ]\n");
  yaml("a size beyond 2^63", "weir: 1\nextract: { use: file, path: a.gz, max_size: 99999999999 GiB }\nload: plain\n");
  yaml("a path of nothing", "weir: 1\nextract: { use: file, path: '' }\nload: plain\n");
  yaml("a text too long for its pattern",
       around + "transform: [ { use: odd, word: \"" + std::string(3000, 'w') + "\" } ]\n");
}

void tell_schema(Golden& told) {
  const auto options = [&](const char* title, const char* schema, const std::string& written) {
    observe::Redactor redactor;
    Draft draft =
        draft_from_text("m.yaml", "weir: 1\nextract: plain\nload: plain\ntransform:\n- { use: odd, " + written + " }\n",
                        test::values(), redactor);
    REQUIRE(draft.errors.empty());
    const auto checked =
        check_options(draft.manifest.transform.at(0), nlohmann::json::parse(schema), {"/base", {}, nullptr});
    INFO(title);
    REQUIRE_FALSE(checked.has_value());
    told.tell(title, render(checked.error()));
  };
  options("an option that may not be", R"({"type":"object","properties":{"a":false}})", "a: 1");
  options("too few entries", R"({"type":"object","properties":{"a":{"type":"object","minProperties":2}}})",
          "a: { b: 1 }");
  options("too many entries", R"({"type":"object","properties":{"a":{"type":"object","maxProperties":1}}})",
          "a: { b: 1, c: 2 }");
}

void tell_sources(Golden& told) {
  const weir::test::Folder folder;
  told.hide(folder.path().string(), "FOLDER");
  const auto source = [&](const char* title, const std::string& file) {
    const auto read = read_source(file);
    REQUIRE_FALSE(read.has_value());
    told.tell(title, render(read.error()));
  };
  source("no file", (folder.path() / "none.yaml").string());
  source("a folder", folder.path().string());
}

}  // namespace

TEST_CASE("the limits of manifests are told as the golden file says") {
  Golden told = golden();
  tell_json(told);
  tell_yaml(told);
  tell_schema(told);
  tell_sources(told);
  told.end();
}

}  // namespace weir::manifest
