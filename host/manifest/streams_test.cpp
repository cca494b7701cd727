// The manifest of one stream: names filled in, what differs laid over, places those of the user's text; golden/streams.txt.
#include "manifest/streams.hpp"

#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "manifest/diagnostics.hpp"
#include "manifest/manifest.hpp"

namespace weir::manifest {
namespace {

constexpr const char* kText = R"(weir: 1
name: shop
extract: { use: sqlite, database: a.db, streams: { exclude: x } }
transform:
  - { use: filter, where: "'{stream}' <> '{name}' and '{nome}' = '{{name}'" }
load: { use: sqlite, database: "out {schema}.db", table: "{name}", key: ["{name}_id"] }
reject: { use: file, path: "rejects/{stream}.ndjson" }
streams:
  s.orders: { load: { table: "all {name}", mode: upsert }, transform: null }
  s.wrong: { load: { use: 7 } }
)";

Draft whole(const std::string& text = kText) {
  observe::Redactor redactor;
  return draft_from_text("m.yaml", text, {}, redactor);
}

Draft one(const std::string& stream, const std::string& text = kText) {
  return draft_of_stream(whole(text), stream_name_of(stream), [](const OptionPlace& place, const std::string& value) {
    return place.option == "path"
               ? "<" + std::string(place.role) + " " + std::string(place.component) + " " + value + ">"
               : value;
  });
}

TEST_CASE("the manifest of a stream has its names filled in, and what differs for it laid over") {
  weir::test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "streams.txt");
  for (const char* const stream : {"s.orders", "plain", "a.\"b.c\"", "{name}", "s.wrong"}) {
    const Draft draft = one(stream);
    std::string text = draft.manifest.tree.to_json().dump(1) + "\n";
    if (!draft.errors.empty()) text += render(joined(draft.errors));
    told.tell(draft.manifest.stream, text);
    CHECK_FALSE(draft.manifest.streams);
  }
  told.end();
}

TEST_CASE("what was filled in has the place of its braces, what is beside it its own") {
  const Draft draft = one("s.orders");
  const Node& database = *draft.manifest.load.front().options.find("database");
  REQUIRE(database.text == "out s.db");
  CHECK(database.place_in_text(1).column == 34);
  CHECK(database.place_in_text(4).column == 37);
  CHECK(database.place_in_text(6).column == 46);
}

TEST_CASE("a path with a stream's name in it picks streams too, a list of extracts can't") {
  CHECK(
      whole("weir: 1\nextract: { use: file, path: \"in/{stream}/*.csv\" }\nload: { use: discard }\n").manifest.streams);
  CHECK_FALSE(
      whole("weir: 1\nextract: { use: file, path: \"in/{n}/*.csv\" }\nload: { use: discard }\n").manifest.streams);
  const auto list =
      whole("weir: 1\nextract: [ { use: sqlite, streams: \"*\" }, { use: csv } ]\nload: { use: discard }\n");
  REQUIRE(list.errors.size() == 1);
  CHECK(list.errors.front().message == "expected one extract where streams are picked, found a list of 2");
  const auto beside = whole("weir: 1\nextract: { use: csv }\nload: { use: discard }\nstreams: { a: {} }\n");
  REQUIRE(beside.errors.size() == 1);
  CHECK(beside.errors.front().message == "expected an extract that picks streams beside 'streams', found one without");
}

TEST_CASE("a name is its schema and what is behind") {
  const auto shown = [](const char* stream) {
    const auto name = stream_name_of(stream);
    return name.stream + "|" + name.schema + "|" + name.name;
  };
  CHECK(shown("orders") == "orders||orders");
  CHECK(shown("public.orders") == "public.orders|public|orders");
  CHECK(shown("db.public.orders") == "db.public.orders|db.public|orders");
  CHECK(shown("\"a.b\"") == "\"a.b\"||a.b");
  CHECK(shown("s.\"a \"\"b\"\"\"") == "s.\"a \"\"b\"\"\"|s|a \"b\"");
}

}  // namespace
}  // namespace weir::manifest
