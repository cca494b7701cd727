// The mode replace: a table is filled beside the old one, over all epochs of a run, and takes its place at the run's end.
#include "loader_fixture.hpp"
#include "weir_catch.hpp"

namespace weir::sqlite {
namespace {

std::string tables_in(const Folder& folder) {
  return ask(folder / "out.db", "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
}

TEST_CASE("replace puts the new table in the old one's place when the run is complete, not before") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE people(other TEXT); INSERT INTO people VALUES('old')");
  {
    Load failed(into(folder, "replace"));
    REQUIRE(failed.open(people()) == WEIR_OK);
    REQUIRE(failed.write(some_people(1, 100)) == WEIR_OK);
    REQUIRE(failed.prepare() == WEIR_OK);
  }
  CHECK(ask(folder / "out.db", "SELECT * FROM people") == "old");
  Load load(into(folder, "replace"));
  load.all(people(), some_people(1, 100));
  load.all(people(), some_people(101, 1), 2);
  CHECK(ask(folder / "out.db", "SELECT * FROM people") == "old");
  for (int again = 0; again < 2; ++again) {  // whoever did not hear the answer asks once more
    REQUIRE(Publish(load).finish() == WEIR_OK);
    CHECK(people_in(folder) == "101|5151");
  }
  Load next(into(folder, "replace"));
  next.surroundings.run = "run-2";
  next.all(people(), some_people(7, 1));
  CHECK(people_in(folder) == "101|5151");
  REQUIRE(Publish(next).finish() == WEIR_OK);
  CHECK(people_in(folder) == "1|7");
  CHECK(tables_in(folder) == "_weir_tokens people");
}

TEST_CASE("replace leaves views, and what refers to the table, as they are") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(id INTEGER PRIMARY KEY); CREATE VIEW ids AS SELECT id FROM people; CREATE VIEW broken AS "
      "SELECT x FROM nowhere; CREATE TABLE pets(owner REFERENCES people(id))");
  Load load(into(folder, "replace").with({"/key/0", "id"}));
  load.all(people(), some_people(1, 2));
  REQUIRE(Publish(load).finish() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT * FROM ids") == "1 2");
  CHECK(ask(folder / "out.db", "SELECT sql FROM sqlite_schema WHERE name IN ('people', 'pets') ORDER BY name") ==
        "CREATE TABLE \"people\"(\"id\" INTEGER NOT NULL, \"name\" TEXT, PRIMARY KEY(\"id\")) CREATE TABLE "
        "pets(owner REFERENCES people(id))");
  CHECK(ask(folder / "out.db", "PRAGMA integrity_check") == "ok");
}

TEST_CASE("a run that replaces goes on in another process, and one that is given up leaves nothing") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE people(other TEXT); INSERT INTO people VALUES('old')");
  Load load(into(folder, "replace"));
  load.all(people(), some_people(1, 100));
  Load lost(into(folder, "replace"));
  lost.surroundings.run = "run-2";
  lost.surroundings.epoch = 2;
  CHECK(lost.open(people()) == WEIR_FAILED_PRECONDITION);
  CHECK(std::string(lost.error.message) ==
        "table 'people': expected the table that this run has begun to fill, found none");
  CHECK(std::string(lost.error.hint) == "begin anew with --fresh");
  REQUIRE(Publish(load).finish(false) == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT * FROM people") == "old");
  CHECK(tables_in(folder) == "_weir_tokens people");
}

TEST_CASE("what a run staged and left is thrown away when another has replaced the table a week later") {
  const Folder folder;
  for (const char* run : {"long-ago", "lately"}) {
    Load left(into(folder, "replace"));
    left.surroundings.run = run;
    left.all(people(), some_people(1, 3));
  }
  ask(folder / "out.db", "UPDATE _weir_staged SET written = written - 8 * 86400 WHERE run = 'long-ago'");
  Load load(into(folder, "replace"));
  load.all(people(), some_people(1, 2));
  REQUIRE(Publish(load).finish() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT run FROM _weir_staged") == "lately");
  CHECK(tables_in(folder) == "_weir_staged _weir_staged_2_lately _weir_tokens people");
}

}  // namespace
}  // namespace weir::sqlite
