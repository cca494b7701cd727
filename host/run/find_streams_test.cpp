// Which of the streams that were found a manifest takes, and what it minds: every answer is in golden/streams.txt.
#include "run/find_streams.hpp"

#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

#include "manifest/diagnostics.hpp"
#include "run/run.hpp"

namespace weir::run {
namespace {

using Names = std::vector<std::string>;
using Known = std::optional<std::set<std::string>>;

std::vector<FoundStream> found(const Names& names) {
  std::vector<FoundStream> streams;
  for (const auto& name : names) streams.push_back({manifest::stream_name_of(name), {}, {}, {}, {}, -1, -1, 0});
  return streams;
}

manifest::Draft draft_of(const std::string& streams) {
  observe::Redactor redactor;
  return manifest::draft_from_text(
      "m.yaml", "weir: 1\nextract: { use: sqlite, database: a.db, streams: " + streams + " }\nload: { use: discard }\n",
      {}, redactor);
}

std::string list_of(const std::vector<std::size_t>& numbers, const Names& names) {
  std::string text;
  for (const auto i : numbers) text += " " + names[i];
  return text;
}

// What becomes of a, b, c_1 and c_2, and s.d.
void choose(test::Golden& told, const std::string& streams, const Known& known = std::nullopt,
            const Names& asked = {}) {
  const Names names{"a", "b", "c_1", "c_2", "s.d"};
  std::string text = streams;
  std::erase(text, '&');
  const auto draft = draft_of(text);
  auto manifest = draft.manifest;
  if (streams.find('&') != std::string::npos) manifest.overrides.push_back({"b", {}, {}});
  std::string shown = text;
  if (known) shown += ", known" + (known->empty() ? std::string(" none") : "");
  for (const auto& name : known.value_or(std::set<std::string>())) shown += " " + name;
  for (const auto& name : asked) shown += " --stream " + name;
  if (streams.find('&') != std::string::npos) shown += ", b is named under streams:";
  if (!draft.errors.empty()) return told.tell(shown, manifest::render(manifest::joined(draft.errors)));
  const auto made = choose_streams(manifest, found(names), known, asked);
  if (!made) return told.tell(shown, manifest::render(made.error()));
  std::string all = "taken" + list_of(made->taken, names) + "; added" + list_of(made->added, names) + "; ignored" +
                    list_of(made->ignored, names) + "; gone";
  for (const auto& name : made->gone) all += " " + name;
  told.tell(shown, all + "\n");
}

TEST_CASE("patterns, names and what earlier runs had found choose the streams") {
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "streams.txt");
  const Known before = std::set<std::string>{"a", "c_1", "gone"};
  for (const char* const streams :
       {"\"*\"", "[a, \"c_*\"]", "{ exclude: [\"c_?\", a] }", "{ include: \"s.*\" }",
        "{ include: \"[ab]\", exclude: b }", "c_1", "[a, b, d]", "\"x*\"", "{ exclude: \"*\" }",
        "{ new: never, exlude: a }", "5", "{ include: [7, \"\"] }", "{ on_failure: halt }"})
    choose(told, streams);
  for (const char* const streams :
       {"\"*\"", "{ new: ignore }", "{ new: fail }", "{ new: fail, include: [a, b] }", "&{ new: ignore }"})
    choose(told, streams, before);
  choose(told, "{ new: ignore }", std::set<std::string>{});
  choose(told, "{ new: fail }", before, {"b"});
  for (const auto& asked : {Names{"b"}, Names{"c1"}}) choose(told, "\"*\"", std::nullopt, asked);
  choose(told, "a", std::nullopt, {"b"});
  told.tell_failure("a source without streams", choose_streams(draft_of("\"*\"").manifest, {}, std::nullopt, {}));
  const test::Folder folder;
  auto store = state::open_sqlite_store(folder.path() / "state.db");
  REQUIRE(store);
  REQUIRE((*store)->put("streams/p", "{}", 0));
  told.tell_failure("a list of streams that is damaged", known_streams(**store, "p"));
  observe::Redactor redactor;
  RunWatch watch;
  watch.redactor = &redactor;
  RunOptions options;
  options.manifest = "m.yaml";
  options.folder = folder.path();
  options.text = "weir: 1\nextract: { use: sqlite, database: a.db, streams: \"*\" }\nload: { use: discard }\n";
  told.tell_failure("one ledger is wanted of many streams", run_manifest(options, watch));
  told.end();
}

TEST_CASE("what was found is remembered, but for what was left") {
  const test::Folder folder;
  auto store = state::open_sqlite_store(folder.path() / "state.db");
  REQUIRE(store);
  CHECK_FALSE(*known_streams(**store, "p"));
  ChosenStreams chosen;
  chosen.ignored = {1};
  REQUIRE(remember_streams(**store, "p", found({"a", "b", "c"}), chosen));
  CHECK(*known_streams(**store, "p") == Known(std::set<std::string>{"a", "c"}));
  CHECK_FALSE(*known_streams(**store, "q"));
  REQUIRE(remember_streams(**store, "p", found({"a"}), {}));
  CHECK(*known_streams(**store, "p") == Known(std::set<std::string>{"a"}));
}

}  // namespace
}  // namespace weir::run
