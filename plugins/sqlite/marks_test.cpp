// Soft deletes: a row that is deleted is marked, and stays.
#include <array>

#include "loader_fixture.hpp"
#include "weir_catch.hpp"

namespace weir::sqlite {
namespace {

testing::Options soft(const Folder& folder, const char* mode) {
  return into(folder, mode).with({"/key/0", "id"}).with({"/deletes", "soft"});
}

std::string marked(const Folder& folder) {
  return ask(folder / "out.db", "SELECT id, name, deleted_at IS NOT NULL FROM people ORDER BY id");
}

TEST_CASE("a row that is deleted is marked, and unmarked when it comes back") {
  const Folder folder;
  Load load(soft(folder, "upsert"));
  load.all(people(), some_people(1, 3));
  Load gone(soft(folder, "delete"));
  gone.surroundings.run = "run-2";
  gone.all(people(), some_people(2, 5));
  CHECK(gone.receipt.deleted == 2);
  CHECK(marked(folder) == "1|n1|0 2|n2|1 3|n3|1");
  const std::string first = ask(folder / "out.db", "SELECT deleted_at FROM people WHERE id = 2");
  CHECK(first.size() == std::string("2026-01-01T00:00:00.000000Z").size());
  gone.surroundings.run = "run-3";
  gone.all(people(), some_people(2, 1));
  CHECK(gone.receipt.deleted == 0);
  CHECK(ask(folder / "out.db", "SELECT deleted_at FROM people WHERE id = 2") == first);
  load.surroundings.run = "run-4";
  load.all(people(), some_people(3, 1, "back"));
  CHECK(marked(folder) == "1|n1|0 2|n2|1 3|back|0");
  CHECK(
      ask(folder / "out.db", "SELECT sql FROM sqlite_schema WHERE name = 'people'") ==
      "CREATE TABLE \"people\"(\"id\" INTEGER NOT NULL, \"name\" TEXT, \"deleted_at\" TIMESTAMP, PRIMARY KEY(\"id\"))");
}

TEST_CASE("ignore takes a marked row for one that is gone") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT, deleted_at TIMESTAMP); INSERT INTO people VALUES (1, "
      "'a', "
      "NULL), (2, 'b', '2020')");
  Load load(soft(folder, "ignore"));
  load.all(people(), some_people(1, 3, "new"));
  CHECK(marked(folder) == "1|a|0 2|new|0 3|new|0");
}

TEST_CASE("rows that are changes mark what they delete, with a time of theirs") {
  const Folder folder;
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "id"));
  fields.push_back(Schema::field("tdD", "day"));
  fields.push_back(Schema::field("c", "does", false, {{std::string(kRoleKey), "operation"}}));
  NumberBuilder<std::int64_t> ids;
  NumberBuilder<std::int32_t> days;
  NumberBuilder<std::int8_t> does;
  const std::vector<std::array<int, 3>> changes = {{1, 0, 0}, {2, 0, 0}, {1, 1, 2}, {2, 2, 2}, {2, 3, 1}};
  for (const auto& [id, day, operation] : changes) {
    ids.append(id);
    days.append(day);
    does.append(static_cast<std::int8_t>(operation));
  }
  std::vector<Array> columns;
  columns.push_back(ids.finish());
  columns.push_back(days.finish());
  columns.push_back(does.finish());
  Load load(soft(folder, "append").with({"/time", "day"}).with({"/deleted_at", "gone"}));
  load.all(Schema::rows(std::move(fields)), rows_of(5, std::move(columns)));
  CHECK(load.collected.rejected.empty());
  CHECK(ask(folder / "out.db", "SELECT id, day, gone FROM people ORDER BY id") ==
        "1|1970-01-01|1970-01-02 2|1970-01-04|NULL");
  CHECK(ask(folder / "out.db", "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") ==
        "_weir_tokens people");
}

TEST_CASE("a column for marks is added to a table where columns evolve, and asked for where not") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO people VALUES (1, 'a')");
  Load frozen(soft(folder, "delete"));
  CHECK(frozen.open(people()) == WEIR_FAILED_PRECONDITION);
  CHECK(std::string(frozen.error.message) ==
        "table 'people': expected a column 'deleted_at', for deletes: soft, found none");
  CHECK(std::string(frozen.error.hint) ==
        "let weir add it with drift: { columns: evolve }, or run: ALTER TABLE \"people\" ADD COLUMN \"deleted_at\" "
        "TIMESTAMP");
  Load load(soft(folder, "delete").with({"/drift/columns", "evolve"}));
  load.all(people(), some_people(1, 1));
  CHECK(marked(folder) == "1|a|1");
}

TEST_CASE("soft deletes say what they need") {
  const Folder folder;
  Load load(soft(folder, "append"));
  CHECK(load.open(people()) == WEIR_INVALID_ARGUMENT);
  CHECK(std::string(load.error.message) ==
        "expected rows or a mode that can delete, with deletes: soft, found neither");
  CHECK(std::string(load.error.hint) == "take the mode upsert, ignore or delete, or leave deletes: out");
  Load named(soft(folder, "upsert").with({"/deleted_at", "name"}));
  CHECK(named.open(people()) == WEIR_INVALID_ARGUMENT);
  CHECK(std::string(named.error.option) == "/deleted_at");
}

}  // namespace
}  // namespace weir::sqlite
