// The modes ignore and delete, and several loads of one table.
#include "loader_fixture.hpp"
#include "weir_catch.hpp"

namespace weir::sqlite {
namespace {

testing::Options by_id(const Folder& folder, const char* mode) { return into(folder, mode).with({"/key/0", "id"}); }

std::string people_of(const Folder& folder) { return ask(folder / "out.db", "SELECT * FROM people ORDER BY id"); }

TEST_CASE("ignore adds what is new, and leaves what is there as it is") {
  const Folder folder;
  Load load(by_id(folder, "ignore"));
  REQUIRE(load.open(people()) == WEIR_OK);
  REQUIRE(load.write(some_people(1, 3, "first")) == WEIR_OK);
  REQUIRE(load.write(some_people(2, 3, "second")) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  CHECK(load.receipt.rows == 6);
  CHECK(load.receipt.inserted == 4);
  REQUIRE(load.commit() == WEIR_OK);
  CHECK(load.collected.rejected.empty());
  CHECK(people_of(folder) == "1|first 2|first 3|first 4|second");
}

TEST_CASE("ignore leaves out rows of a known key alone: what another constraint refuses is rejected") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT UNIQUE); INSERT INTO people VALUES (1, 'a')");
  Load load(by_id(folder, "ignore"));
  REQUIRE(load.open(people()) == WEIR_OK);
  REQUIRE(load.write(some_people(1, 2, "a")) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  REQUIRE(load.commit() == WEIR_OK);
  REQUIRE(load.collected.rejected.size() == 1);
  CHECK(load.collected.rejected[0].reason == "violates UNIQUE");
  CHECK(people_of(folder) == "1|a");
}

TEST_CASE("delete deletes the rows of the keys that come, whatever else the table and the rows have") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(id INTEGER PRIMARY KEY, town TEXT NOT NULL); INSERT INTO people VALUES (1, 'a'), "
      "(2, 'b'), (3, 'c')");
  Load load(by_id(folder, "delete"));
  REQUIRE(load.open(people()) == WEIR_OK);
  REQUIRE(load.write(some_people(2, 5)) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  CHECK(load.receipt.rows == 5);
  CHECK(load.receipt.deleted == 2);
  CHECK(people_of(folder) == "1|a 2|b 3|c");
  REQUIRE(load.commit() == WEIR_OK);
  CHECK(people_of(folder) == "1|a");
}

TEST_CASE("delete finds a key of several columns, and texts and numbers as the table keeps them") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(name TEXT, id TEXT, PRIMARY KEY(name, id)); INSERT INTO people VALUES ('n1', "
      "'1'), ('n1', '2'), ('n2', '2')");
  Load load(into(folder, "delete").with({"/key/0", "name"}).with({"/key/1", "id"}));
  REQUIRE(load.open(people()) == WEIR_OK);
  REQUIRE(load.write(some_people(1, 2)) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  REQUIRE(load.commit() == WEIR_OK);
  CHECK(people_of(folder) == "n1|2");
}

TEST_CASE("ignore and delete say what they need") {
  const Folder folder;
  const auto opening = [&](testing::Options options, const Schema& schema) {
    Load load(std::move(options));
    CHECK(load.open(schema) != WEIR_OK);
    return std::string(load.error.option) + " " + load.error.message + "; " + load.error.hint;
  };
  const std::string file = folder / "out.db";
  CHECK(opening(into(folder, "ignore"), people()) ==
        "/mode expected a key for mode ignore, found none; name the columns that identify a row: key: [id]");
  CHECK(opening(into(folder, "delete"), people()) ==
        "/mode expected a key for mode delete, found none; name the columns that identify a row: key: [id]");
  CHECK(opening(by_id(folder, "delete"), people()) ==
        "/database '" + file + "': expected a database, found none; give the path of the database to delete rows from");
  ask(file, "CREATE TABLE other(x)");
  CHECK(opening(by_id(folder, "delete"), people()) ==
        "/table table 'people': expected a table to delete rows from, found none; load it first, or give it its name");
  ask(file, "CREATE TABLE people(id INTEGER, name TEXT)");
  CHECK(
      opening(by_id(folder, "delete"), people()) ==
      "/key table 'people': expected a unique index on exactly the key (\"id\"), found none; run: CREATE UNIQUE INDEX "
      "\"people_id\" ON \"people\" (\"id\")");
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "id"));
  fields.push_back(Schema::field("c", "what", false, {{std::string(kRoleKey), "operation"}}));
  CHECK(opening(by_id(folder, "ignore"), Schema::rows(std::move(fields))) ==
        "/mode expected rows that don't say themselves what they do, found the column 'what' of operations; take the "
        "mode "
        "upsert, or leave the column out");
}

}  // namespace
}  // namespace weir::sqlite
