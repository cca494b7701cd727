// From a text to plain structs: what is right, and what is put in for what is not said.
#include "manifest/manifest.hpp"

#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <weir_catch.hpp>

#include "manifest/checked.hpp"

using namespace weir;
using namespace weir::manifest;

namespace {

Manifest read(const std::string& text) {
  observe::Redactor redactor;
  Draft draft = draft_from_text("orders.weir.yaml", text, manifest::test::values(), redactor);
  INFO((draft.errors.empty() ? "" : render(joined(draft.errors))));
  REQUIRE(draft.errors.empty());
  return std::move(draft.manifest);
}

constexpr const char* kPlainEnds = "weir: 1\nextract: { use: plain }\nload: { use: plain }\n";

}  // namespace

TEST_CASE("a whole manifest becomes plain structs") {
  const Manifest manifest = read(R"(weir: 1
name: orders
plugins: { csv: "^1", acme/geoip: { version: "~2.1" }, sqlite: }
connections: { warehouse: { use: sqlite, database: w.db } }
extract: { use: "acme/files:file", path: "in/*.csv", format: csv }
transform: [ filter, { use: filter, where: x }, { use: derive, name: totals }, { use: filter } ]
load: { use: sqlite, connection: warehouse, table: orders }
reject: { use: file, path: rejects.ndjson }
checkpoint: { every: 10s, rows: 1000000, bytes: 1GiB }
retry: { attempts: 3, backoff: { first: 100ms, max: 1m }, budget: 7, breaker: { failures: 2, pause: 5s } }
deadlines: { call: 1h, stalled: off, exit: 10m }
limits: { rejects: 1.5%, sample: 500 }
state: { keep: { runs: 10, days: 400 } }
)");
  CHECK(manifest.name == "orders");
  REQUIRE(manifest.plugins.size() == 3);
  CHECK(manifest.plugins[1].plugin == "acme/geoip");
  CHECK(manifest.plugins[1].versions.text == "~2.1");
  CHECK(manifest.plugins[2].versions.text == "*");
  CHECK(manifest.extract.at(0).name == "file");
  CHECK(manifest.extract.at(0).plugin == "acme/files");
  CHECK(manifest.extract.at(0).link == "extract");
  CHECK(manifest.extract.at(0).options.members.size() == 2);
  REQUIRE(manifest.transform.size() == 4);
  CHECK(manifest.transform[0].link == "filter");
  CHECK(manifest.transform[1].link == "filter-2");
  CHECK(manifest.transform[2].link == "totals");
  CHECK(manifest.transform[3].link == "filter-3");
  CHECK(manifest.load.at(0).connection == "warehouse");
  REQUIRE(manifest.load.at(0).options.members.size() == 2);
  CHECK(manifest.load.at(0).options.find("database")->text == "w.db");
  CHECK(manifest.load.at(0).options.find("table")->text == "orders");
  CHECK(manifest.reject->link == "reject");
  CHECK(manifest.checkpoint.every_ns == 10'000'000'000);
  CHECK(manifest.checkpoint.bytes == std::uint64_t{1} << 30);
  CHECK(manifest.retry.attempts == 3);
  CHECK(manifest.retry.max_ns == 60'000'000'000);
  CHECK(manifest.retry.budget == 7);
  CHECK(manifest.retry.breaker_failures == 2);
  CHECK(manifest.retry.breaker_pause_ns == 5'000'000'000);
  CHECK(manifest.deadlines.call_given);
  CHECK(manifest.deadlines.call_ns == 3600'000'000'000);
  CHECK(manifest.deadlines.cancel_ns == 10'000'000'000);
  CHECK(manifest.deadlines.stalled_ns == Deadlines::kNever);
  CHECK(manifest.deadlines.exit_ns == 600'000'000'000);
  CHECK(manifest.limits.rejects_share == Approx(0.015));
  CHECK(manifest.limits.sample == 500);
  CHECK(manifest.keep.runs == std::uint64_t{10});
  CHECK(manifest.keep.days == std::uint64_t{400});
  CHECK(manifest.connections[0].use.name == "sqlite");
}

TEST_CASE("what is not said has its default") {
  const Manifest manifest = read(kPlainEnds);
  CHECK(manifest.name == "orders");
  CHECK_FALSE(manifest.checkpoint.every_ns.has_value());
  CHECK(manifest.retry.attempts == 5);
  CHECK_FALSE(manifest.reject.has_value());
  CHECK(manifest.transform.empty());
}

TEST_CASE("a connection's options join those of who names it, and keep their places") {
  const Manifest manifest = read(R"(weir: 1
connections:
  lake: { use: "acme/files:file", path: "in/*.csv", format: csv }
extract: { use: file, connection: lake, codec: gzip }
load: { use: plain, a: 1 }
)");
  CHECK(manifest.extract.front().options.members.size() == 3);
  CHECK(manifest.extract.front().options.find("path")->place().line == 3);
  CHECK(manifest.extract.front().options.find("codec")->place().line == 4);
  auto config = check_options(compose(manifest.extract.front(), Side::read)->storage, manifest::test::schema_of("file"),
                              {manifest.folder, composition_keys(), nullptr});
  REQUIRE(config.has_value());  // `path` is required, and the connection has it
  CHECK(config->place("/path").line == 3);
}

TEST_CASE("the host's options of a storage are taken out of it") {
  const Manifest manifest = read(
      "weir: 1\nextract: { use: file, path: a, codec: { use: gzip, level: 3, max_size: 1MiB }, format: csv }\n"
      "load: { use: file, path: b, rows: 10, bytes: 1kB, by: [day, country], append: true, format: { use: json } }\n");
  auto input = compose(manifest.extract.at(0), Side::read);
  REQUIRE(input.has_value());
  CHECK(input->storage.options.members.size() == 1);
  CHECK(input->composition.format->name == "csv");
  CHECK(input->composition.codec->name == "gzip");
  CHECK(input->composition.codec->options.members.size() == 1);
  CHECK(input->composition.max_size_bytes == 1U << 20);
  auto output = compose(manifest.load.at(0), Side::write);
  REQUIRE(output.has_value());
  CHECK(output->composition.rows == 10U);
  CHECK(output->composition.bytes == 1000U);
  CHECK(output->composition.by == std::vector<std::string>{"day", "country"});
  CHECK(output->composition.append);
}

TEST_CASE("values are filled in and keep their places") {
  const std::string text =
      "weir: 1\nextract: { use: plain, a: \"x/${param:day}/${env:HOST}!\", b: '$${env:HOST} $x "
      "${env:EMPTY:-none}${env:NO:-}', c: \"${secret:env/TOKEN}\" }\nload: plain\n";
  observe::Redactor redactor;
  const Draft draft = draft_from_text("m.yaml", text, manifest::test::values(), redactor);
  REQUIRE(draft.errors.empty());
  const Node& options = draft.manifest.extract.at(0).options;
  const Node& first = *options.find("a");
  CHECK(first.text == "x/monday/db.example!");
  CHECK(first.place_in_text(0).column == 28);
  CHECK(first.place_in_text(4).column == 30);
  CHECK(first.place_in_text(4).length == 12);
  CHECK(first.place_in_text(19).column == 54);
  CHECK(options.find("b")->text == "${env:HOST} $x none");
  CHECK(options.find("c")->secret);
  CHECK_FALSE(first.secret);
  CHECK(redactor.redact("the s3cr3t-Zm9v is out") == "the *** is out");
}

TEST_CASE("what is put in is not expanded again") {
  Values values = manifest::test::values();
  values.parameters["day"] = "${env:HOST}";
  observe::Redactor redactor;
  const Draft draft =
      draft_from_text("m.yaml", std::string(kPlainEnds) + "description: \"${param:day}\"\n", values, redactor);
  REQUIRE(draft.errors.empty());
  CHECK(draft.manifest.tree.find("description")->text == "${env:HOST}");
}

TEST_CASE("a text from a variable may stand for a number or a boolean") {
  Values values = manifest::test::values();
  values.parameters = {{"rows", "100"}, {"share", "1%"}};
  observe::Redactor redactor;
  const Draft draft = draft_from_text(
      "m.yaml",
      std::string(kPlainEnds) + "checkpoint: { rows: \"${param:rows}\" }\nlimits: { rejects: \"${param:share}\" }\n",
      values, redactor);
  REQUIRE(draft.errors.empty());
  CHECK(draft.manifest.checkpoint.rows == 100U);
  CHECK(draft.manifest.limits.rejects_share == Approx(0.01));
}

TEST_CASE("a manifest is loaded from its file, and its folder is where paths start") {
  const auto folder = std::filesystem::temp_directory_path() / ("weir-manifest-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "m.yaml") << kPlainEnds << "description: \"${file:word.txt}\"\n";
  std::ofstream(folder / "word.txt") << "hello\n";
  observe::Redactor redactor;
  const auto manifest = load((folder / "m.yaml").string(), {}, redactor);
  REQUIRE(manifest.has_value());
  CHECK(manifest->folder == std::filesystem::canonical(folder));
  CHECK(manifest->tree.find("description")->text == "hello");
  std::filesystem::remove(folder / "word.txt");
  const auto missing = load((folder / "m.yaml").string(), {}, redactor);
  REQUIRE_FALSE(missing.has_value());
  CHECK_THAT(missing.error().message, weir::test::Contains("file 'word.txt': no such file"));
  std::filesystem::remove_all(folder);
}

TEST_CASE("a draft with errors still holds what could be read") {
  observe::Redactor redactor;
  const Draft draft = draft_from_text("m.yaml", "weir: 1\nextract: { use: file, path: a }\nlod: x\n",
                                      manifest::test::values(), redactor);
  CHECK(draft.readable);
  CHECK(draft.errors.size() == 1);
  CHECK(draft.manifest.extract.at(0).name == "file");
}
