// Options against a schema: what is accepted is completed, and every option leads back to its place.
#include "manifest/options.hpp"

#include <weir_catch.hpp>

#include "manifest/checked.hpp"
#include "manifest/network.hpp"
#include "manifest/schema.hpp"

using namespace weir;
using namespace weir::manifest;

namespace {

Use use_of_odd(const std::string& options) {
  observe::Redactor redactor;
  const std::string text = "weir: 1\nextract: plain\nload: plain\ntransform:\n- { use: odd" +
                           (options.empty() ? "" : ", " + options) + " }\n";
  Draft draft = draft_from_text("m.yaml", text, manifest::test::values(), redactor);
  INFO((draft.errors.empty() ? "" : render(joined(draft.errors))));
  REQUIRE(draft.errors.empty());
  return draft.manifest.transform.at(0);
}

Config checked_options(const std::string& options, observe::Redactor* redactor = nullptr) {
  auto config = check_options(use_of_odd(options), manifest::test::schema_of("odd"), {"/base", {}, redactor});
  INFO((config ? "" : render(config.error())));
  REQUIRE(config.has_value());
  return std::move(config).value();
}

}  // namespace

TEST_CASE("defaults are filled in, and units and paths become what a plugin gets") {
  const Config config =
      checked_options("checks: [ { column: a, wait: 1ms }, { column: b } ], either: x/y, mode: replace");
  CHECK(config.json["mode"] == "replace");
  CHECK(config.json["wait"] == 60'000'000'000);
  CHECK(config.json["buffer"] == 64 << 20);
  CHECK(config.json["checks"][0]["wait"] == 1'000'000);
  CHECK(config.json["checks"][1]["wait"] == 5'000'000'000);
  CHECK(config.json["checks"][1]["min"] == 0);
  CHECK(config.json["either"] == "/base/x/y");
  CHECK_FALSE(config.json.contains("port"));
}

TEST_CASE("absolute paths, standard streams and addresses stay as they are") {
  CHECK(checked_options("either: /a/b").json["either"] == "/a/b");
  CHECK(checked_options("either: '-'").json["either"] == "-");
  CHECK(checked_options("either: s3://b/k").json["either"] == "s3://b/k");
  CHECK(checked_options("either: ./a").json["either"] == "/base/a");
}

TEST_CASE("of several forms the one that fits is completed") {
  CHECK(checked_options("either: { url: x/y }").json["either"]["url"] == "x/y");
}

TEST_CASE("a text from a variable stands for the number that the schema wants") {
  const Config config = checked_options("port: \"${env:PORT}\", word: \"${param:day}\"");
  CHECK(config.json["port"] == 5432);
  CHECK(config.json["word"] == "monday");
}

TEST_CASE("a plugin's error leads to file, line and column") {
  const Config config = checked_options("word: abcdef, checks: [ { column: a } ]");
  CHECK(config.place("/word", 2).column == 23);
  CHECK(config.place("/word", 2, 3).length == 3);
  CHECK(config.place("/word").column == 21);
  CHECK(config.place("/checks/0/column").column == 49);
  CHECK(config.place("/checks/0/min").column == 39);
  CHECK(config.place("/wait").column == 10);
  CHECK(config.place("").line == 5);
  CHECK(config.place("/wait", 3).column == 10);
}

TEST_CASE("options that are secret by their schema are redacted from then on") {
  observe::Redactor redactor;
  checked_options("secret: hunter2222", &redactor);
  CHECK(redactor.redact("password hunter2222") == "password ***");
}

TEST_CASE("a long text does not break the matcher of patterns") {
  const auto config = check_options(use_of_odd("word: " + std::string(300'000, 'a')), manifest::test::schema_of("odd"),
                                    {"/base", {}, nullptr});
  REQUIRE_FALSE(config.has_value());
  CHECK_THAT(config.error().message, weir::test::Contains("expected at most 2048 bytes, found 300,000"));
  CHECK(checked_options("either: " + std::string(300'000, 'a')).json["either"].get<std::string>().size() == 300'006);
}

TEST_CASE("a schema that refers to itself for ever, or to nothing, harms nothing") {
  const auto accepts = [](const char* schema) {
    return check_options(use_of_odd("word: abc"), nlohmann::json::parse(schema), {"/base", {}, nullptr}).has_value();
  };
  CHECK_FALSE(accepts(R"({"$ref":"#/nowhere"})"));
  CHECK(accepts(R"({"properties":{"word":{"$ref":"#/definitions/a"}},"definitions":{"a":{"type":"string"}}})"));
  CHECK(accepts("true"));
  CHECK(accepts("{\"additionalProperties\":true}"));
}

TEST_CASE("conditions of a schema are explained and completed") {
  const auto schema = nlohmann::json::parse(
      R"({"type":"object","properties":{"mode":{"enum":["append","upsert"]},"key":{"type":"array"}},
    "if":{"properties":{"mode":{"const":"upsert"}},"required":["mode"]},"then":{"required":["key"]},
    "else":{"properties":{"rows":{"type":"integer","default":7}}},"additionalProperties":true})");
  auto missing = check_options(use_of_odd("mode: upsert"), schema, {"/base", {}, nullptr});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().message == "odd: expected option 'key', found none");
  auto right = check_options(use_of_odd("mode: append"), schema, {"/base", {}, nullptr});
  REQUIRE(right.has_value());
  CHECK(right->json["rows"] == 7);
}

TEST_CASE("what the manifest says once lies beneath the option of a component that has one") {
  const nlohmann::json schema = {{"properties", {{"times", {{"type", "object"}}}}}};
  const auto given = [&](const std::string& options, const nlohmann::json& rules) {
    observe::Redactor redactor;
    const std::string text =
        "weir: 1\ntimes: { naive: Europe/Rome }\nextract: plain\nload: { use: plain" + options + " }\n";
    const Draft draft = draft_from_text("m.yaml", text, manifest::test::values(), redactor);
    INFO((draft.errors.empty() ? "" : render(joined(draft.errors))));
    REQUIRE(draft.errors.empty());
    Use use = draft.manifest.load.at(0);
    lay_beneath(use, rules, "times", draft.manifest.times);
    return use.options;
  };
  CHECK(given("", schema).to_json().dump() == R"({"times":{"naive":"Europe/Rome"}})");
  CHECK(given("", schema).at("/times/naive")->place().line == 2);
  CHECK(given(", times: { naive: UTC, other: 1 }", schema).to_json().dump() ==
        R"({"times":{"naive":"UTC","other":1}})");
  CHECK(given(", times: { naive: UTC }", schema).at("/times/naive")->place().line == 4);
  CHECK(given(", times: null", schema).to_json().dump() == "{}");
  CHECK(given(", a: 1", nlohmann::json::object()).to_json().dump() == R"({"a":1})");
  CHECK(given("", nlohmann::json(true)).to_json().dump() == "{}");
}

TEST_CASE("how servers are reached is handed to a component that asks for it, with a file's whole path") {
  const nlohmann::json schema = nlohmann::json::parse(
      R"({"properties": {"network": {"type": "object", "properties": {
        "ca": {"type": "string", "format": "path"}, "proxy": {"type": "string"}}}}})");
  observe::Redactor redactor;
  const Draft draft = draft_from_text("m.yaml",
                                      "weir: 1\nnetwork: { ca: corp.pem, proxy: 'http://${env:HOST}:3128' }\n"
                                      "extract: plain\nload: { use: plain, network: { proxy: 'http://own:1' } }\n",
                                      manifest::test::values(), redactor);
  INFO((draft.errors.empty() ? "" : render(joined(draft.errors))));
  REQUIRE(draft.errors.empty());
  const Node& said = *draft.manifest.tree.find("network");
  Errors errors;
  const Network network = read_network(said, draft.manifest.folder, errors);
  CHECK(errors.empty());
  CHECK(network.proxy == "http://db.example:3128");
  CHECK(network.authorities == draft.manifest.folder / "corp.pem");
  const auto options = [&](Use use) {
    lay_beneath(use, schema, "network", said);
    const auto config = check_options(use, schema, {draft.manifest.folder, {}, nullptr});
    return config ? config->json.dump() : config.error().message;
  };
  const std::string ca = R"("ca":")" + (draft.manifest.folder / "corp.pem").string() + '"';
  CHECK(options(draft.manifest.extract.front()) == R"({"network":{)" + ca + R"(,"proxy":"http://db.example:3128"}})");
  CHECK(options(draft.manifest.load.front()) == R"({"network":{)" + ca + R"(,"proxy":"http://own:1"}})");
}
