// The mode history: each version of a row from when to when, whatever comes in which order.
#include "loader_fixture.hpp"
#include "weir_catch.hpp"

namespace weir::sqlite {
namespace {

// Rows (id, name, at, what): `at` a timestamp in seconds, `what` an operation by its word.
struct Change {
  std::int64_t id;
  const char* name;
  std::int64_t at;
  const char* what = "update";
};

Schema changes() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "id"));
  fields.push_back(Schema::field("u", "name"));
  fields.push_back(Schema::field("l", "at"));
  fields.push_back(Schema::field("u", "what"));
  return Schema::rows(std::move(fields));
}

Array rows(const std::vector<Change>& all) {
  NumberBuilder<std::int64_t> ids, times;
  TextBuilder names, words;
  for (const auto& change : all) {
    ids.append(change.id);
    names.append(change.name);
    times.append(change.at);
    words.append(change.what);
  }
  std::vector<Array> columns;
  columns.push_back(ids.finish());
  columns.push_back(names.finish());
  columns.push_back(times.finish());
  columns.push_back(words.finish());
  return rows_of(static_cast<std::int64_t>(all.size()), std::move(columns));
}

testing::Options history(const Folder& folder) { return into(folder, "history").with({"/key/0", "id"}); }
testing::Options by_time(const Folder& folder) {
  return history(folder).with({"/time", "at"}).with({"/operation", "what"});
}
constexpr const char* kVersions = "SELECT id, name, valid_from, valid_to FROM people ORDER BY id, valid_from";

// What is left of changes, and why rows were rejected.
struct Kept {
  std::string versions, rejected;
};
Kept kept(const std::vector<Change>& all) {
  const Folder folder;
  Load load(by_time(folder));
  load.all(changes(), rows(all));
  Kept result{ask(folder / "out.db", kVersions), {}};
  for (const auto& row : load.collected.rejected) result.rejected += std::to_string(row.row) + " " + row.reason + ";";
  return result;
}

TEST_CASE("a changed row is a new version, an unchanged one is none") {
  CHECK(kept({{1, "a", 10}, {1, "a", 20}, {2, "x", 20}, {1, "b", 30}, {1, "a", 40}}).versions ==
        "1|a|10|30 1|b|30|40 1|a|40|NULL 2|x|20|NULL");
}

TEST_CASE("a delete ends the version, and a row that comes back begins another") {
  CHECK(kept({{1, "a", 10}, {1, "", 20, "delete"}, {1, "", 25, "delete"}, {2, "", 25, "delete"}, {1, "a", 30}})
            .versions == "1|a|10|20 1|a|30|NULL");
  CHECK(kept({{1, "a", 10}, {1, "z", 15, "update_before"}, {1, "", 20, "delete"}, {1, "b", 20, "insert"}}).versions ==
        "1|a|10|20 1|b|20|NULL");
}

TEST_CASE("of one key and one time the last row counts") {
  CHECK(kept({{1, "a", 10}, {1, "b", 20}, {1, "c", 20}}).versions == "1|a|10|20 1|c|20|NULL");
  CHECK(kept({{1, "a", 10}, {1, "b", 20}, {1, "a", 20}}).versions == "1|a|10|NULL");
  CHECK(kept({{1, "a", 10}, {1, "", 20, "delete"}, {1, "a", 20}}).versions == "1|a|10|NULL");
  CHECK(kept({{1, "a", 10}, {1, "b", 20}, {1, "", 20, "delete"}}).versions == "1|a|10|20 1|b|20|20");
  CHECK(kept({{1, "a", 10}, {1, "b", 20}, {1, "", 20, "delete"}, {1, "c", 20}}).versions == "1|a|10|20 1|c|20|NULL");
}

TEST_CASE("a row that is older than what is known of its key is rejected, unless the history says the same") {
  const Kept late = kept({{1, "a", 10}, {1, "b", 20}, {1, "c", 15}, {1, "a", 12}, {1, "z", 5}, {1, "", 15, "delete"}});
  CHECK(late.versions == "1|a|10|20 1|b|20|NULL");
  CHECK(late.rejected ==
        "2 older than what is known of its key;4 older than what is known of its key;"
        "5 older than what is known of its key;");
  const Kept gone = kept({{1, "a", 10}, {1, "", 20, "delete"}, {1, "b", 15}, {1, "a", 15}, {1, "", 5, "delete"}});
  CHECK(gone.versions == "1|a|10|20");
  CHECK(gone.rejected == "2 older than what is known of its key;");
}

TEST_CASE("a run has one time, which it keeps when it goes on, and which is behind those of runs before") {
  const Folder folder;
  Load load(history(folder));
  load.all(people(), some_people(1, 2, "first"));
  ask(folder / "out.db", "UPDATE _weir_times SET time = time + 60000000");
  load.all(people(), some_people(2, 2, "second"), 2);
  const std::string ahead = "strftime('%s', valid_from) - strftime('%s', 'now') > 50";
  CHECK(ask(folder / "out.db", "SELECT id, name, " + ahead + " FROM people ORDER BY id, valid_from") ==
        "1|first|0 2|first|0 2|second|1 3|second|1");
  CHECK(ask(folder / "out.db", "SELECT run FROM _weir_times") == "run-1");
  Load next(history(folder));
  next.surroundings.run = "run-2";
  next.all(people(), some_people(1, 3, "third"));
  CHECK(ask(folder / "out.db", "SELECT name, valid_to IS NULL FROM people WHERE id = 1 ORDER BY valid_from") ==
        "first|0 third|1");
  CHECK(ask(folder / "out.db", "SELECT time - lag(time) OVER (ORDER BY id) FROM _weir_times") == "NULL 1");
  CHECK(ask(folder / "out.db",
            "SELECT count(*) FROM people a JOIN people b USING(id) WHERE a.valid_to = b.valid_from") == "4");
}

TEST_CASE("the table lets a key have one current version, and finds it by an index") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE people_current(x)");
  Load load(by_time(folder));
  load.all(changes(), rows({{1, "a", 10}}));
  CHECK(load.receipt.inserted == 1);
  CHECK(ask(folder / "out.db", "SELECT sql FROM sqlite_schema WHERE tbl_name = 'people' AND sql NOT NULL") ==
        "CREATE TABLE \"people\"(\"id\" INTEGER NOT NULL, \"name\" TEXT, \"at\" INTEGER, \"valid_from\" INTEGER NOT "
        "NULL, "
        "\"valid_to\" INTEGER, PRIMARY KEY(\"id\", \"valid_from\")) CREATE UNIQUE INDEX \"people_current2\" ON "
        "\"people\"(\"id\") WHERE \"valid_to\" IS NULL");
  CHECK(ask(folder / "out.db", "INSERT INTO people VALUES (1, 'b', 20, 20, NULL)") ==
        "error: UNIQUE constraint failed: people.id");
  CHECK(ask(folder / "out.db", "EXPLAIN QUERY PLAN SELECT 1 FROM people WHERE id = 1 AND valid_to IS NULL")
            .find("people_current2") != std::string::npos);
}

TEST_CASE("a row that the table refuses leaves the version before as it was") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(id INTEGER, name TEXT CHECK(name <> 'bad'), at, valid_from INTEGER, valid_to INTEGER, "
      "UNIQUE(id, valid_from)); CREATE UNIQUE INDEX now ON people(id) WHERE valid_to IS NULL");
  Load load(by_time(folder));
  load.all(changes(), rows({{1, "a", 10}, {1, "bad", 20}, {1, "bad", 10}, {2, "bad", 10}, {1, "b", 30}}));
  REQUIRE(load.collected.rejected.size() == 3);
  CHECK(load.collected.rejected[0].reason == "violates CHECK");
  CHECK(ask(folder / "out.db", kVersions) == "1|a|10|30 1|b|30|NULL");
  CHECK(load.receipt.rows == 2);
  CHECK(load.receipt.updated == 1);
}

TEST_CASE("columns that are added or widened make versions only where a value is another") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(id INTEGER, name INTEGER, gone TEXT, valid_from INTEGER, valid_to INTEGER, PRIMARY KEY(id, "
      "valid_from)); CREATE UNIQUE INDEX now ON people(id) WHERE valid_to IS NULL; INSERT INTO people VALUES (1, 7, "
      "'x', 5, NULL), (2, 8, 'y', 5, NULL)");
  Load load(by_time(folder).with({"/drift/columns", "evolve"}).with({"/drift/types", "widen"}));
  load.all(changes(), rows({{1, "7", 10}, {2, "eight", 10}}));
  CHECK(ask(folder / "out.db", "SELECT id, name, gone, at, valid_from, valid_to FROM people ORDER BY id, valid_from") ==
        "1|7|x|NULL|5|NULL 2|8|y|NULL|5|10 2|eight|NULL|10|10|NULL");
}

// What is told of options that don't fit `schema`, or a table that is made by `sql`.
std::string problem(testing::Options options, const Schema& schema, const Folder& folder, const std::string& sql = {}) {
  if (!sql.empty()) ask(folder / "out.db", "DROP TABLE IF EXISTS people; " + sql);
  Load load(std::move(options));
  CHECK(load.open(schema) != WEIR_OK);
  return std::string(load.error.option) + " " + load.error.message + "; " + load.error.hint;
}

TEST_CASE("history says what it needs of the options and of the rows") {
  const Folder folder;
  CHECK(problem(into(folder, "history"), people(), folder) ==
        "/mode expected a key for mode history, found none; name the columns that identify a row: key: [id]");
  CHECK(problem(history(folder).with({"/valid_from", "Name"}), people(), folder) ==
        "/valid_from expected an input without the column 'name', which the loader fills itself, found one; give the "
        "loader's another name: valid_from: weir_valid_from, or name the times in the rows by time:");
  CHECK(problem(history(folder).with({"/valid_from", "x"}).with({"/valid_to", "X"}), people(), folder) ==
        "/valid_to expected two columns, for the beginning and the end of a version, found 'X' twice; give one of them "
        "another name");
  CHECK(problem(history(folder).with({"/time", "when"}), people(), folder) ==
        "/time no column 'when' in the input; its columns are 'id', 'name'");
  CHECK(problem(history(folder).with({"/time", "name"}), people(), folder) ==
        "/time expected a column of timestamps, dates or integers for the times, found 'name', string; take another "
        "column, or cast it before");
  CHECK(problem(history(folder).with({"/time", "id"}), people(), folder) ==
        "/time expected a column of times that is not of the key, found 'id'; take another column, or cast it before");
  CHECK(problem(history(folder).with({"/deletes", "soft"}), people(), folder) ==
        "/deletes expected deletes: hard with mode history, found soft; leave it out: a version whose key is deleted "
        "ends, and stays");
  CHECK(
      problem(into(folder).with({"/time", "id"}), people(), folder) ==
      "/time expected mode history or deletes: soft with time:, found neither; leave time: out, or take mode: history");
  CHECK(
      problem(history(folder).with({"/operation", "id"}), people(), folder) ==
      "/operation expected one column of operations, a text, found 'id', int64; name a column that says insert, update "
      "or delete, or leave operation: out");
}

TEST_CASE("history says what it needs of a table that is there") {
  const Folder folder;
  CHECK(problem(by_time(folder), changes(), folder, "CREATE TABLE people(id, name, at)") ==
        "/table table 'people': expected a column 'valid_from', for mode: history, found none; let weir make another "
        "table, or move the rows to one with columns for their times");
  CHECK(
      problem(by_time(folder), changes(), folder,
              "CREATE TABLE people(id, name, at, valid_from TEXT, valid_to TEXT)") ==
      "/table table 'people': expected column 'valid_from' to be INTEGER, as the times are, found TEXT; take times of "
      "one type in all runs: time:");
  CHECK(
      problem(by_time(folder), changes(), folder,
              "CREATE TABLE people(id, name, at, valid_from INTEGER, valid_to INTEGER NOT NULL)") ==
      "/table table 'people': expected column 'valid_to' to take NULL, found a key, NOT NULL, a default or generated; "
      "give the loader a column of its own");
  const std::string table = "CREATE TABLE people(id, name, at, valid_from INTEGER, valid_to INTEGER";
  CHECK(problem(by_time(folder), changes(), folder, table + ")") ==
        "/key table 'people': expected a unique index on exactly the key and the beginning of a version (\"id\", "
        "\"valid_from\"), found none; run: CREATE UNIQUE INDEX \"people_versions\" ON \"people\" (\"id\", "
        "\"valid_from\")");
  CHECK(
      problem(by_time(folder), changes(), folder,
              table + ", PRIMARY KEY(id, valid_from)); CREATE UNIQUE INDEX x ON people(id) WHERE valid_to > 5") ==
      "/key table 'people': expected a unique index on exactly the key of current versions (\"id\"), found none; run: "
      "CREATE UNIQUE INDEX \"people_current\" ON \"people\" (\"id\") WHERE \"valid_to\" IS NULL");
}

TEST_CASE("times that would not sort with those of the table are an error") {
  const Folder folder;
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "id"));
  fields.push_back(Schema::field("tss:", "at"));
  const Schema schema = Schema::rows(std::move(fields));
  NumberBuilder<std::int64_t> ids, times;
  ids.append(1);
  times.append(0);
  std::vector<Array> columns;
  columns.push_back(ids.finish());
  columns.push_back(times.finish());
  Load first(history(folder));
  first.all(people(), some_people(1, 1));
  ask(folder / "out.db", "ALTER TABLE people RENAME COLUMN name TO at");
  Load load(history(folder).with({"/time", "at"}));
  load.surroundings.run = "run-2";
  REQUIRE(load.open(schema) == WEIR_OK);
  CHECK(load.write(rows_of(1, std::move(columns))) == WEIR_FAILED_PRECONDITION);
  CHECK(std::string(load.error.message)
            .starts_with("table 'people': expected times that sort with those of column 'valid_from', found '20"));
  CHECK(std::string(load.error.hint) == "take times of one unit, and with a zone or without, in all runs: time:");
}

}  // namespace
}  // namespace weir::sqlite
