// The mode replace with within: the rows of a range are replaced, over all epochs of a run; what is none of it is rejected.
#include "loader_fixture.hpp"
#include "weir_catch.hpp"

namespace weir::sqlite {
namespace {

testing::Options range(const Folder& folder, const char* from, const char* to) {
  return into(folder, "replace").with({"/within/column", "id"}).with({"/within/from", from}).with({"/within/to", to});
}

std::string ids_in(const Folder& folder) { return ask(folder / "out.db", "SELECT id FROM people ORDER BY id"); }

TEST_CASE("a range is replaced, and the rows beside it stay") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(id INTEGER UNIQUE, name TEXT); INSERT INTO people VALUES (9, 'before'), (10, 'old'), (19, "
      "'old'), (20, 'behind'), (NULL, 'none')");
  Load load(range(folder, "10", "20"));
  load.all(people(), some_people(11, 2));
  CHECK(ids_in(folder) == "NULL 9 11 12 20");
  load.all(people(), some_people(15, 1), 2);  // the next epoch of the run takes nothing away
  CHECK(ids_in(folder) == "NULL 9 11 12 15 20");
  Load again(range(folder, "10", "20"));
  again.surroundings.run = "run-2";
  again.all(people(), some_people(10, 1));
  CHECK(ids_in(folder) == "NULL 9 10 20");
  CHECK(ask(folder / "out.db", "SELECT sql FROM sqlite_schema WHERE type = 'trigger'").empty());
}

TEST_CASE("what takes the rows away goes with its transaction") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE people(id INTEGER, name TEXT); INSERT INTO people VALUES (10, 'old')");
  {
    Load failed(range(folder, "10", "20"));
    REQUIRE(failed.open(people()) == WEIR_OK);
    REQUIRE(failed.write(some_people(11, 2)) == WEIR_OK);
    REQUIRE(failed.prepare() == WEIR_OK);
  }
  CHECK(ids_in(folder) == "10");
  Load empty(range(folder, "10", "20"));
  empty.all(people(), some_people(1, 0));
  CHECK(ids_in(folder).empty());
}

TEST_CASE("a row that is none of the range is rejected, for no second load would take it away") {
  const Folder folder;
  Load load(range(folder, "10", "20"));
  load.all(people(), some_people(8, 14));
  REQUIRE(load.collected.rejected.size() == 4);
  CHECK(load.collected.rejected[0].column == "id");
  CHECK(load.collected.rejected[0].reason == "outside of the range that is loaded");
  CHECK(ids_in(folder) == "10 11 12 13 14 15 16 17 18 19");
}

TEST_CASE("bounds are texts of SQL, whatever stands in them") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(id INTEGER, name TEXT); INSERT INTO people VALUES (1, 'it''s'), (2, 'z')");
  Load load(into(folder, "replace")
                .with({"/within/column", "name"})
                .with({"/within/from", "it's"})
                .with({"/within/to", "it's' OR 1 --"}));
  load.all(people(), some_people(5, 1, "it's"));
  CHECK(ask(folder / "out.db", "SELECT id FROM people ORDER BY id") == "2 5");
}

TEST_CASE("a range goes with the mode replace, and with a column of the rows") {
  const Folder folder;
  Load append(range(folder, "10", "20").with({"/mode", "append"}));
  CHECK(append.open(people()) == WEIR_INVALID_ARGUMENT);
  CHECK(std::string(append.error.message) == "expected mode replace beside within:, found append");
  Load column(range(folder, "10", "20").with({"/within/column", "day"}));
  CHECK(column.open(people()) == WEIR_INVALID_ARGUMENT);
  Load zero(range(folder, "10", "20").with({"/within/from", std::string("1\0", 2)}));
  CHECK(zero.open(people()) == WEIR_INVALID_ARGUMENT);
}

}  // namespace
}  // namespace weir::sqlite
