// The schema of a manifest: it says what the loader says, of the examples, and of every mistake in the golden file that
// is one of keys and types.
#include "manifest/vocabulary.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include <weir_catch.hpp>

#include "base/units.hpp"
#include "manifest/checked.hpp"
#include "manifest/parse.hpp"
#include "manifest/pipelines.hpp"
#include "manifest/reader.hpp"
#include "manifest/schema.hpp"
#include "manifest/secrets.hpp"

using namespace weir;
using namespace weir::manifest;

namespace {

namespace fs = std::filesystem;

const fs::path kTop = fs::path(WEIR_GOLDEN) / "../../..";

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The components that come with weir, as their plugins describe them.
std::vector<ComponentSchema> ours() {
  std::vector<ComponentSchema> all;
  for (const auto& folder : fs::directory_iterator(kTop / "plugins")) {
    if (!fs::exists(folder.path() / "schema.json")) continue;
    const auto plugin = nlohmann::ordered_json::parse(text_of(folder.path() / "schema.json"));
    for (const auto& [name, one] : plugin["components"].items())
      all.push_back({one.value("name", name), plugin["name"], one["kind"], one["summary"], one["schema"]});
  }
  REQUIRE(all.size() >= 9);
  return all;
}

// The made-up ones of the other tests.
std::vector<ComponentSchema> made_up() {
  std::vector<ComponentSchema> all;
  const auto add = [&all](const char* name, const char* kind) {
    all.push_back({name, "test", kind, "For tests.", nlohmann::ordered_json(manifest::test::schema_of(name))});
  };
  add("file", "storage");
  add("csv", "format");
  add("json", "format");
  add("filter", "transformer");
  add("odd", "transformer");
  add("plain", "transformer");
  add("plain", "extractor");
  add("plain", "loader");
  all.push_back({"gzip", "test", "codec", "For tests.", nlohmann::ordered_json::object()});
  return all;
}

Verdict verdict(const nlohmann::json& schema, const std::string& file, const std::string& text) {
  const auto tree = parse(*make_source(file, text));
  REQUIRE(tree.has_value());
  const auto judged = judge(schema, tree->to_json());
  REQUIRE(judged.has_value());
  return *judged;
}

bool accepts(const nlohmann::json& schema, const std::string& text) { return verdict(schema, "m.yaml", text).accepted; }

const char* const kFileEnds = "weir: 1\nextract: { use: file, path: in.csv }\nload: { use: file, path: out.csv }\n";

}  // namespace

TEST_CASE("the schema accepts every example, and what the editors' key says") {
  const nlohmann::json schema = manifest_schema(ours());
  std::size_t examples = 0;
  for (const auto& folder : fs::directory_iterator(kTop / "examples")) {
    const fs::path file = folder.path() / "manifest.yaml";
    if (!fs::exists(file) || fs::exists(folder.path() / "schema.json")) continue;  // that of a plugin uses what it is
    ++examples;
    const Verdict judged = verdict(schema, file.string(), text_of(file));
    INFO(file << " " << judged.pointer << " " << judged.reason);
    CHECK(judged.accepted);
  }
  CHECK(examples >= 3);
  CHECK(accepts(schema, std::string("$schema: weir.schema.json\n") + kFileEnds));
}

TEST_CASE("the schema knows the options of each component where it may stand, and no others") {
  const nlohmann::json schema = manifest_schema(ours());
  const std::string ends = kFileEnds;
  CHECK(accepts(schema, ends));
  CHECK(accepts(schema, ends + "transform: [ { use: filter, where: \"a > 1\", name: only } ]\n"));
  CHECK_FALSE(accepts(schema, ends + "transform: [ { use: filter, wehre: \"a > 1\" } ]\n"));
  CHECK_FALSE(accepts(schema, ends + "transform: [ { use: filter } ]\n"));
  CHECK_FALSE(accepts(schema, ends + "transform: [ { use: csv } ]\n"));
  CHECK_FALSE(accepts(schema, ends + "transform: { use: filter, where: x }\n"));
  CHECK_FALSE(accepts(schema, "weir: 1\nextract: { use: sqlite_, path: x }\nload: discard\n"));
  CHECK_FALSE(accepts(schema, "weir: 1\nextract: { use: file, path: x, append: true }\nload: discard\n"));
  CHECK(accepts(schema, "weir: 1\nextract: { use: file, path: x }\nload: { use: file, path: y, append: true }\n"));
  CHECK(accepts(
      schema, "weir: 1\nextract: { use: file, path: x, format: { use: csv, header: \"${env:H}\" } }\nload: discard\n"));
  CHECK_FALSE(accepts(
      schema, "weir: 1\nextract: { use: file, path: x, format: { use: csv, header: maybe } }\nload: discard\n"));
  CHECK(accepts(schema, "weir: 1\nextract: { use: \"acme:else\", what: x }\nload: discard\n"));
  CHECK_FALSE(accepts(schema, "weir: 2\nextract: { use: file, path: x }\nload: discard\n"));
  CHECK_FALSE(accepts(schema, "extract: { use: file, path: x }\nload: discard\n"));
}

TEST_CASE("what is required may come from a connection, a default or an include") {
  const nlohmann::json schema = manifest_schema(ours());
  const std::string load = "weir: 1\nextract: { use: file, path: x }\nload: { use: sqlite, table: t";
  CHECK_FALSE(accepts(schema, load + " }\n"));
  CHECK(accepts(schema, load + ", connection: w }\nconnections: { w: { use: sqlite, database: d } }\n"));
  CHECK_FALSE(accepts(schema, load + ", connection: w }\nconnections: { w: { use: sqlite, databas: d } }\n"));
  CHECK(accepts(schema, load + " }\ndefaults: { load: { database: d } }\n"));
  CHECK(accepts(schema, "include: a.yaml\nload: { table: t }\n"));
  CHECK_FALSE(accepts(schema, "include: a.yaml\nlod: { table: t }\n"));
}

TEST_CASE("layers have the keys that they may have") {
  const nlohmann::json schema = manifest_schema(ours());
  const std::string ends = kFileEnds;
  CHECK(accepts(schema, ends + "profiles: { a: { load: { path: z }, transform: null, x-y: 1 } }\n"));
  CHECK_FALSE(accepts(schema, ends + "profiles: { a: { weir: 1 } }\n"));
  CHECK_FALSE(accepts(schema, ends + "profiles: { a: { lod: {} } }\n"));
  CHECK(
      accepts(schema, "weir: 1\npipelines: { a: { extract: { use: file, path: x }, load: discard, reject: null } }\n"));
  CHECK_FALSE(accepts(schema, "weir: 1\npipelines: { a: { connections: {} } }\n"));
  CHECK_FALSE(accepts(schema, "weir: 1\npipelines: {}\n"));
  CHECK(accepts(schema,
                ends + "secrets: { v: { use: exec, command: [x], timeout: 1s }, f: { use: file, folder: x } }\n"));
  CHECK_FALSE(accepts(schema, ends + "secrets: { v: { use: exec, comand: [x] } }\n"));
  CHECK_FALSE(accepts(schema, ends + "checkpoint: { every: 10 }\n"));
  CHECK(
      accepts(schema, ends + "checkpoint: { every: 10s, bytes: 1.5GiB }\nretry: { backoff: { max: \"${env:M}\" } }\n"));
}

TEST_CASE("the schema agrees with the loader on the cases of the golden file") {
  const nlohmann::json schema = manifest_schema(made_up());
  static const std::set<std::string> kOfKeys{"manifest.unknown_key", "manifest.unknown_option", "manifest.version",
                                             "manifest.missing_option"};
  std::istringstream lines(text_of(fs::path(WEIR_GOLDEN) / "errors.txt"));
  std::string title;
  std::string text;
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("### ")) {
      title = line.substr(4);
      text.clear();
    } else if (line != "---") {
      text += line + "\n";
    } else if (title.starts_with("m.yaml: ") && text.find("%%x") == std::string::npos &&
               title != "m.yaml: connection without a required option") {  // which only the loader can know
      const auto source = make_source("m.yaml", text);
      const auto tree = source ? parse(*source) : base::Result<Node>(base::unexpected(source.error()));
      if (!tree || tree->kind == Kind::null) continue;
      const auto errors = manifest::test::errors_of("m.yaml", text);
      const bool keys =
          std::any_of(errors.begin(), errors.end(), [](const auto& one) { return kOfKeys.contains(one.code); });
      const auto judged = judge(schema, tree->to_json());
      REQUIRE(judged.has_value());
      INFO(title << " " << judged->pointer << " " << judged->reason);
      if (errors.empty()) CHECK(judged->accepted);
      if (keys) CHECK_FALSE(judged->accepted);
      accepted += errors.empty() ? 1U : 0U;
      refused += keys ? 1U : 0U;
    }
  }
  CHECK(refused >= 10);
}

TEST_CASE("the loader's units are those of the schema") {
  const auto matches_of = [](const char* definition, const std::string& text) {
    return matches(text, vocabulary()[definition]["pattern"]);
  };
  for (const char* text : {"10s", "1.5 h", "200ms", "0ns", "7d"}) {
    CAPTURE(text);
    CHECK(base::parse_duration_ns(text).has_value());
    CHECK(matches_of("duration", text));
  }
  for (const char* text : {"10", "s", "10S", ".5s", "1.s", "10s ", "-1s", "1w"}) {
    CAPTURE(text);
    CHECK_FALSE(base::parse_duration_ns(text).has_value());
    CHECK_FALSE(matches_of("duration", text));
  }
  for (const char* text : {"64MiB", "1GB", "1.5 kB", "12B"}) {
    CAPTURE(text);
    CHECK(base::parse_size_bytes(text).has_value());
    CHECK(matches_of("size", text));
  }
  for (const char* text : {"64", "64mb", "1KB", "1 M"}) {
    CAPTURE(text);
    CHECK_FALSE(base::parse_size_bytes(text).has_value());
    CHECK_FALSE(matches_of("size", text));
  }
}

TEST_CASE("the loader takes every key of the vocabulary as known") {
  // Each key of each object of the host's own, with a value that is wrong for all: it must be told as wrong, or be passed
  // over, never as unknown. (That the loader asks for no other key, Fields sees to: it ends the program.)
  const auto told = [](const std::string& text) {
    std::string all;
    for (const auto& error : manifest::test::errors_of("m.yaml", text)) all += error.message + "\n";
    return all;
  };
  for (const std::string& key : keys_of("manifest")) {
    CAPTURE(key);
    CHECK(told(key + ": [[]]\n").find("unknown key") == std::string::npos);
  }
  for (const char* const object : {"checkpoint", "retry", "limits", "state"}) {
    for (const std::string& key : keys_of(object)) {
      CAPTURE(object, key);
      CHECK(told(std::string(kFileEnds) + object + ": { " + key + ": [[]] }\n").find("unknown key") ==
            std::string::npos);
    }
  }
  for (const std::string& key : keys_of("pipeline")) {
    CAPTURE(key);
    CHECK(told("weir: 1\npipelines: { a: { " + key + ": [[]] } }\n").find("can't stand here") == std::string::npos);
  }
}
