// assemble(): a manifest made into components, with the plugins that the build made. Nothing is read or written.
#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>

#include <weir_catch.hpp>
#include <weir_test_folder.hpp>

#include "run/plan.hpp"

namespace weir::run {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

plugins::Registry installed(const std::map<std::string, std::string>& requirements = {}) {
  const fs::path tests = fs::read_symlink("/proc/self/exe").parent_path();
  const std::array<plugins::SearchPath, 2> folders{
      {{tests.parent_path() / "lib/weir/plugins", "test"}, {tests / "bad_plugins", "test"}}};
  return plugins::Registry(plugins::discover(folders), requirements);
}

// A manifest, its plugins, and the plan that they make.
struct Assembled {
  test::Folder folder;
  observe::Redactor redactor;
  plugins::Registry registry = installed();
  plugins::HostServices services;
  plugins::Libraries libraries{services};

  base::Result<Plan> plan(const std::string& text, Settings settings = {}) {
    manifest::Values values;
    values.folder = folder.path();
    values.environment = [](const std::string& name) -> std::optional<std::string> {
      return name == "TOKEN" ? std::optional<std::string>("s3cr3t-Zm9v") : std::nullopt;
    };
    const auto draft = manifest::draft_from_text("m.yaml", "weir: 1\nname: m\n" + text, values, redactor);
    return assemble(draft, registry, libraries, services, redactor, {}, settings);
  }
  // Each error as LINE: CODE: MESSAGE.
  Texts refused(const std::string& text) {
    const auto made = plan(text);
    if (made) return {"nothing"};
    Texts told;
    const auto tell = [this, &told](const base::Error& error) {
      std::string line = std::to_string(error.place.line) + ": " + error.code + ": " + error.message;
      for (const auto& shown : {folder.path(), fs::relative(folder.path())}) {
        const std::string prefix = shown.string() + "/";
        if (const auto at = line.find(prefix); at != std::string::npos) line.erase(at, prefix.size());
      }
      told.push_back(line);
    };
    tell(made.error());
    for (const auto& also : made.error().also) tell(also);
    return told;
  }
};

const std::string kIn = "extract: { use: file, path: in.csv }\n";
const std::string kOut = "load: { use: file, path: out.csv }\n";

std::string table(const std::string& database, const std::string& name) {
  return "{ use: sqlite, database: " + database + ", table: " + name + " }";
}

// Where the rows of the plan's only stretch end.
std::vector<std::pair<std::size_t, std::uint64_t>> ends(const Plan& plan) {
  std::vector<std::pair<std::size_t, std::uint64_t>> all;
  for (const auto& to : plan.stretches.front().ends) all.emplace_back(to.load, to.input);
  return all;
}

}  // namespace

TEST_CASE("all mistakes of a manifest are told at once, in its order of parts, each at its line") {
  Assembled made;
  CHECK(made.refused("extract: { use: fiel, path: in.csv }\n"
                     "transform:\n  - { use: filtr }\n  - { use: filter, were: x }\n"
                     "load: [ { use: sqlite, databas: a.db, table: t }, { use: csv } ]\n") ==
        Texts{"3: plugin.unknown_component: no component 'fiel' of kind storage is installed",
              "5: plugin.unknown_component: no component 'filtr' of kind transformer is installed",
              "6: manifest.unknown_option: filter: unknown option 'were'",
              "7: manifest.unknown_option: sqlite: unknown option 'databas'",
              "7: plugin.wrong_kind: expected a storage, found 'csv', a format"});
}

TEST_CASE("loads that write to one database share a writer, an input each; a reject sink too") {
  Assembled made;
  const auto plan = made.plan(kIn + "load: [ " + table("a.db", "one") + ", { use: file, path: out.csv }, " +
                              table("./a.db", "two") + " ]\nreject: " + table("a.db", "three") + "\n");
  REQUIRE(plan);
  REQUIRE(plan->loads.size() == 2);
  CHECK(ends(*plan) == std::vector<std::pair<std::size_t, std::uint64_t>>{{0, 0}, {1, 0}, {0, 1}});
  REQUIRE(plan->reject);
  CHECK(plan->reject->load == 0);
  CHECK(plan->reject->input == 2);
  CHECK(plan->loads[0]->inputs() == 3);
  CHECK(plan->loads[0]->link(1) == "load-3");
  CHECK(plan->loads[0]->link(2) == "reject");
  CHECK(plan->loads[0]->shown(1) == "two");
  CHECK(plan->loads[0]->atomic());
  CHECK_FALSE(plan->loads[1]->atomic());
}

TEST_CASE("two destinations that decide by themselves can't decide as one") {
  Assembled made;
  CHECK(made.refused(kIn + "load:\n  - " + table("a.db", "t") + "\n  - " + table("b.db", "t") + "\n") ==
        Texts{"6: manifest.atomic_loads: load-2: expected one destination that commits its rows itself, found 'sqlite' "
              "beside that of 'load'"});
}

TEST_CASE("a codec is known by the path, or named; the format is that of the name within") {
  Assembled made;
  const auto plan = made.plan(kIn +
                              "load:\n  - { use: file, path: a.csv.gz }\n  - { use: file, path: b.ndjson }\n"
                              "  - { use: file, path: c.txt, format: csv, codec: gzip }\n");
  REQUIRE(plan);
  const auto& loads = plan->loads;
  REQUIRE(loads.size() == 3);
  CHECK(loads[0]->component() == "csv");
  CHECK(loads[1]->component() == "json");
  CHECK(loads[2]->component() == "csv");
  CHECK(made.refused(kIn + "load: { use: file, path: out.bin.gz }\n") ==
        Texts{"4: manifest.no_format: file: expected a format to write 'out.bin' in, found none"});
  CHECK(made.refused(kIn + "load: { use: file, path: out.bin, format: reads_only }\n") ==
        Texts{"4: manifest.cannot_write: format 'reads_only' can't write, only read"});
}

TEST_CASE("an output in parts needs a number in its path") {
  Assembled made;
  CHECK(made.refused(kIn + "load: { use: file, path: out.csv, rows: 2 }\n") ==
        Texts{"4: manifest.parts: file: expected {n} in the path of an output in parts, found 'out.csv'"});
  CHECK(made.plan(kIn + "load: { use: file, path: 'out-{n}.csv', rows: 2 }\n"));
}

TEST_CASE("rows are appended to an output that is no parts, in a format that knows how") {
  Assembled made;
  CHECK(made.plan(kIn + "load: { use: file, path: out.csv, append: true }\n"));
  CHECK(made.refused(kIn + "load: { use: file, path: 'out-{n}.csv', rows: 2, append: true }\n") ==
        Texts{"4: manifest.append: file: append: expected an output that is no parts, found one whose parts are "
              "numbered"});
  CHECK(made.refused(kIn + "load: { use: file, path: out.contract.yaml, append: true }\n") ==
        Texts{"4: manifest.append: file: append: expected a format whose rows can follow others, found 'contract'"});
}

TEST_CASE("limits for rejects need somebody who keeps them") {
  Assembled made;
  const std::string limits = "limits: { rejects: 5 }\n";
  CHECK(made.refused(kIn + kOut + limits) ==
        Texts{"5: manifest.limits: limits: expected 'reject', where rejected rows are kept, found none"});
  const auto plan = made.plan(kIn + kOut + limits + "reject: { use: discard }\n");
  REQUIRE(plan);
  CHECK(plan->limits.rejects == std::optional<std::uint64_t>(5));
}

TEST_CASE("the kind of a component must fit where it is used") {
  Assembled made;
  CHECK(made.refused(kIn + "transform: [ { use: generate } ]\nload: { use: filter, where: x }\n") ==
        Texts{"4: plugin.wrong_kind: expected a transformer, found 'generate', an extractor",
              "5: plugin.wrong_kind: expected a storage, found 'filter', a transformer"});
}

TEST_CASE("requirements that no plugin fits are told where they stand") {
  Assembled made;
  made.registry = installed({{"csv", "^9"}, {"nowhere", "*"}});
  const auto told = made.refused("plugins:\n  csv: ^9\n  nowhere: '*'\n" + kIn + "load: { use: discard }\n");
  REQUIRE(told.size() >= 2);
  CHECK(std::any_of(told.begin(), told.end(), [](const auto& one) { return one.starts_with("4: plugin.version"); }));
  CHECK(std::any_of(told.begin(), told.end(), [](const auto& one) { return one.starts_with("5: plugin.missing"); }));
}

TEST_CASE("a plugin is named once among those that a run depends on, however often it is used") {
  Assembled made;
  const auto plan =
      made.plan(kIn +
                "transform:\n  - { use: filter, where: x > 1 }\n  - { use: 'expr:filter', where: x > 2 }\n"
                "load: { use: discard }\n");
  REQUIRE(plan);
  REQUIRE(plan->stretches.front().links.size() == 2);
  CHECK(plan->stretches.front().links[1].component->link == "filter-2");
  CHECK(plan->stretches.front().links[1].component->plugin == "expr");
  const auto& versions = plan->plugin_versions;
  CHECK(std::count_if(versions.begin(), versions.end(), [](const auto& one) { return one.first == "expr"; }) == 1);
  CHECK(versions.front().first == "file");
}

TEST_CASE("what a manifest and its settings say reaches every component") {
  Assembled made;
  Settings settings;
  settings.validate_full = true;
  const auto plan = made.plan(kIn + "transform: [ { use: filter, where: x > 1 } ]\n" + kOut +
                                  "retry: { attempts: 9, backoff: { first: 1s, max: 2s } }\n",
                              settings);
  REQUIRE(plan);
  const auto& component = *plan->stretches.front().links.front().component;
  CHECK(component.depth == plugins::GuardDepth::full);
  CHECK(component.retrying.attempts == 9);
  CHECK(component.retrying.max_ns == 2'000'000'000);
  CHECK(component.retrying.patience_ns == std::numeric_limits<std::int64_t>::max());
  const auto usual = made.plan(kIn + "transform: [ { use: filter, where: x > 1 } ]\n" + kOut);
  REQUIRE(usual);
  CHECK(usual->stretches.front().links.front().component->retrying.patience_ns == 5'000'000'000);
  CHECK(usual->stretches.front().links.front().component->depth == plugins::GuardDepth::quick);
}

TEST_CASE("branches are stretches by their names, with loads of their own") {
  Assembled made;
  const auto plan = made.plan(kIn +
                              "transform: [ { use: route, to: { a: x > 1 }, else: b } ]\n"
                              "branches:\n  a: { load: " +
                              table("a.db", "t") +
                              " }\n"
                              "  b: { transform: [ { use: filter, where: x } ], load: [ " +
                              table("a.db", "u") + ", { use: discard } ] }\n");
  REQUIRE(plan);
  REQUIRE(plan->stretches.size() == 3);
  CHECK(plan->stretches[0].ends.empty());
  CHECK(plan->stretches[1].branch == "a");
  CHECK(plan->stretches[1].place.line == 6);
  CHECK(plan->stretches[2].links.size() == 1);
  REQUIRE(plan->stretches[2].ends.size() == 2);
  CHECK(plan->stretches[2].ends[0].load == plan->stretches[1].ends[0].load);
  CHECK(plan->stretches[2].ends[0].input == 1);
}

TEST_CASE("a plugin that can't be loaded is told where it is used, and the others with it") {
  Assembled made;
  const auto told = made.refused(kIn + "transform:\n  - { use: open_fails }\n  - { use: nulls_nowhere }\n" + kOut);
  REQUIRE(told.size() == 2);
  CHECK_THAT(told[0], test::Contains("5: plugin.") && test::Contains("expected a licence, found none"));
  CHECK_THAT(told[1], test::Contains("6: plugin.unknown_component"));
}

TEST_CASE("secrets among options are known to whoever redacts") {
  Assembled made;
  REQUIRE(made.plan(kIn + "load: { use: file, path: '${secret:env/TOKEN}.csv' }\n"));
  CHECK(made.redactor.redact("it is s3cr3t-Zm9v") == "it is ***");
}

}  // namespace weir::run
