// delete_missing: what a complete run has not brought is deleted, marked or ended when the run is complete, and not before.
#include "loader_fixture.hpp"
#include "weir_catch.hpp"

namespace weir::sqlite {
namespace {

testing::Options whole(const Folder& folder, const char* mode) {
  return into(folder, mode).with({"/key/0", "id"}).with({"/delete_missing", true});
}

std::string names_in(const Folder& folder) { return ask(folder / "out.db", "SELECT id, name FROM people ORDER BY id"); }

std::string all_tables(const Folder& folder) {
  return ask(folder / "out.db", "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
}

// One run: the epochs' rows, from the first id on, so many of them.
void load(Load& load, const char* run, const std::vector<std::pair<std::int64_t, std::int64_t>>& epochs) {
  load.surroundings.run = run;
  std::uint64_t epoch = 0;
  for (const auto& [first, count] : epochs) load.all(people(), some_people(first, count), ++epoch);
}

TEST_CASE("rows that did not come are deleted when the run is complete, not before, and once") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO people VALUES(1, 'a'), (2, 'b'), (3, 'c')");
  Load run(whole(folder, "upsert"));
  load(run, "run-1", {{2, 1}, {7, 2}});
  CHECK(names_in(folder) == "1|a 2|n2 3|c 7|n7 8|n8");
  CHECK(all_tables(folder) == "_weir_seen _weir_seen_1_run-1 _weir_tokens people");
  for (int again = 0; again < 2; ++again) {  // whoever did not hear the answer asks once more
    REQUIRE(Publish(run).finish() == WEIR_OK);
    CHECK(names_in(folder) == "2|n2 7|n7 8|n8");
  }
  CHECK(all_tables(folder) == "_weir_tokens people");
}

TEST_CASE("a run that is given up deletes nothing, and leaves nothing") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO people VALUES(1, 'a')");
  Load run(whole(folder, "upsert"));
  load(run, "run-1", {{2, 1}});
  REQUIRE(Publish(run).finish(false) == WEIR_OK);
  CHECK(names_in(folder) == "1|a 2|n2");
  CHECK(all_tables(folder) == "_weir_tokens people");
}

TEST_CASE("a run of no rows leaves none") {
  const Folder folder;
  Load run(whole(folder, "upsert"));
  load(run, "run-1", {{1, 3}});
  REQUIRE(Publish(run).finish() == WEIR_OK);
  load(run, "run-2", {{1, 0}});
  REQUIRE(Publish(run).finish() == WEIR_OK);
  CHECK(names_in(folder).empty());
}

TEST_CASE("keys are those that the table takes for one, by its types and collations") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(id TEXT, name TEXT COLLATE NOCASE, x, UNIQUE(name, id)); INSERT INTO people "
      "VALUES('1', 'N1', 'kept'), ('2', 'other', 'gone'), (NULL, 'n1', 'gone')");
  Load run(into(folder, "upsert").with({"/key/0", "id"}).with({"/key/1", "name"}).with({"/delete_missing", true}));
  load(run, "run-1", {{1, 1}});
  REQUIRE(Publish(run).finish() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT * FROM people") == "1|N1|kept");
}

TEST_CASE("a row that the table refuses came all the same") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT CHECK(name <> 'n1')); INSERT INTO people VALUES(1, 'a'), "
      "(2, 'b')");
  Load run(whole(folder, "upsert"));
  load(run, "run-1", {{1, 1}});
  CHECK(run.collected.rejected.size() == 1);
  REQUIRE(Publish(run).finish() == WEIR_OK);
  CHECK(names_in(folder) == "1|a");
}

TEST_CASE("soft deletes mark what did not come, once, and a row that comes back loses its mark") {
  const Folder folder;
  Load run(whole(folder, "ignore").with({"/deletes", "soft"}));
  const auto marked = [&] {
    return ask(folder / "out.db", "SELECT id, deleted_at IS NOT NULL FROM people ORDER BY id");
  };
  load(run, "run-1", {{1, 3}});
  REQUIRE(Publish(run).finish() == WEIR_OK);
  load(run, "run-2", {{3, 1}});
  CHECK(marked() == "1|0 2|0 3|0");
  REQUIRE(Publish(run).finish() == WEIR_OK);
  CHECK(marked() == "1|1 2|1 3|0");
  const std::string first = ask(folder / "out.db", "SELECT deleted_at FROM people WHERE id = 1");
  CHECK(first.size() == std::string("2026-01-01T00:00:00.000000Z").size());
  load(run, "run-3", {{2, 1}});
  REQUIRE(Publish(run).finish() == WEIR_OK);
  CHECK(marked() == "1|1 2|0 3|1");
  CHECK(ask(folder / "out.db", "SELECT deleted_at FROM people WHERE id = 1") == first);
}

TEST_CASE("history ends the versions of what did not come") {
  const Folder folder;
  Load run(whole(folder, "history"));
  const auto versions = [&] {
    return ask(folder / "out.db",
               "SELECT id, valid_to IS NULL, valid_from < valid_to FROM people ORDER BY id, valid_from");
  };
  load(run, "run-1", {{1, 2}});
  REQUIRE(Publish(run).finish() == WEIR_OK);
  load(run, "run-2", {{2, 1}});
  REQUIRE(Publish(run).finish() == WEIR_OK);
  CHECK(versions() == "1|0|1 2|1|NULL");
  load(run, "run-3", {{1, 2}});
  REQUIRE(Publish(run).finish() == WEIR_OK);
  CHECK(versions() == "1|0|1 1|1|NULL 2|1|NULL");
}

TEST_CASE("a run whose keys are gone can't go on") {
  const Folder folder;
  Load run(whole(folder, "upsert"));
  load(run, "run-1", {{1, 1}});
  ask(folder / "out.db", "DROP TABLE _weir_seen");
  run.surroundings.epoch = 2;
  REQUIRE(run.open(people()) == WEIR_OK);
  CHECK(run.write(some_people(2, 1)) == WEIR_FAILED_PRECONDITION);
  CHECK(std::string(run.error.message) ==
        "table 'people': expected the keys that this run has brought so far, found none");
  CHECK(std::string(run.error.hint) == "begin anew with --fresh");
}

TEST_CASE("keys that a run kept and left are thrown away when another has compared the table a week later") {
  const Folder folder;
  for (const char* const name : {"long-ago", "lately"}) {
    Load left(whole(folder, "upsert"));
    load(left, name, {{1, 3}});
  }
  ask(folder / "out.db", "UPDATE _weir_seen SET written = written - 8 * 86400 WHERE run = 'long-ago'");
  Load run(whole(folder, "upsert"));
  load(run, "run-1", {{1, 2}});
  REQUIRE(Publish(run).finish() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT run FROM _weir_seen") == "lately");
  CHECK(names_in(folder) == "1|n1 2|n2");
}

TEST_CASE("delete_missing says what it needs") {
  const Folder folder;
  const auto refused = [](const testing::Options& options) {
    Load run(options);
    CHECK(run.open(people()) == WEIR_INVALID_ARGUMENT);
    return std::string(run.error.option) + " " + run.error.message + "; " + run.error.hint;
  };
  CHECK(refused(whole(folder, "append")) ==
        "/delete_missing expected mode upsert, ignore or history with delete_missing, found append; take the mode "
        "upsert, and a key, or leave delete_missing: out");
  CHECK(refused(whole(folder, "replace")) ==
        "/delete_missing expected mode upsert, ignore or history with delete_missing, found replace; leave it out: "
        "replace keeps nothing that did not come");
  CHECK(refused(whole(folder, "history").with({"/time", "id"})) ==
        "/time expected the times of runs with delete_missing, found those of column 'id'; leave time: out: a row that "
        "does not come has none");
  CHECK(refused(whole(folder, "upsert").with({"/operation", "name"})) ==
        "/delete_missing expected all rows that there are, for delete_missing, found changes: the column 'name' of "
        "operations; leave delete_missing: out: a change says itself what is deleted");
}

}  // namespace
}  // namespace weir::sqlite
