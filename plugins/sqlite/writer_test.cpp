// The writer and the committer through the ABI: transactions, tokens, modes, refusals, what stays behind.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <random>
#include <thread>

#include "loader_fixture.hpp"
#include "weir_catch.hpp"

namespace weir::sqlite {
namespace {

TEST_CASE("a committed epoch leaves its rows, its token, and no file but the database") {
  const Folder folder;
  Load load(into(folder));
  load.all(people(), some_people(1, 1000));
  CHECK(people_in(folder) == "1000|500500");
  CHECK(load.receipt.rows == 1000);
  CHECK(load.receipt.inserted == 1000);
  CHECK(ask(folder / "out.db", "SELECT run, link, lane, epoch, fence FROM _weir_tokens") == "run-1|link|lane|1|1");
  CHECK(folder.files() == std::vector<std::string>{"out.db"});
}

TEST_CASE("opening a writer changes nothing, not even a missing file") {
  const Folder folder;
  Load load(into(folder));
  REQUIRE(load.open(people()) == WEIR_OK);
  CHECK(folder.files().empty());
  load.close();
  CHECK(folder.files().empty());
}

TEST_CASE("rows that were not committed go with the writer, and so does the file that it made") {
  const Folder folder;
  Load load(into(folder));
  REQUIRE(load.open(people()) == WEIR_OK);
  // Beyond the page cache, so that pages of the transaction are in the file already.
  const std::string name(300, 'n');
  for (std::int64_t i = 0; i < 20; ++i) REQUIRE(load.write(some_people(i * 10000, 10000, name)) == WEIR_OK);
  REQUIRE(std::filesystem::file_size(folder / "out.db") > 1'000'000);
  REQUIRE(load.prepare() == WEIR_OK);
  load.close();
  CHECK(folder.files().empty());
}

TEST_CASE("missing folders are made with the first row, and go again with rows that were not committed") {
  const Folder folder;
  const auto deep = into(folder).with({"/database", folder / "new/folders/out.db"});
  {
    Load load(deep);
    REQUIRE(load.open(people()) == WEIR_OK);
    CHECK(folder.files().empty());
    REQUIRE(load.write(some_people(1, 10)) == WEIR_OK);
    CHECK(std::filesystem::exists(folder / "new/folders/out.db"));
  }
  CHECK(folder.files().empty());
  Load load(deep);
  load.all(people(), some_people(1, 10));
  CHECK(ask(folder / "new/folders/out.db", "SELECT count(*) FROM people") == "10");
}

TEST_CASE("an epoch without rows commits its token, and makes the table") {
  const Folder folder;
  Load load(into(folder));
  REQUIRE(load.open(people()) == WEIR_OK);
  REQUIRE(load.prepare(1) == WEIR_OK);
  REQUIRE(load.commit(1) == WEIR_OK);
  REQUIRE(load.prepare(2) == WEIR_OK);
  REQUIRE(load.commit(2) == WEIR_OK);
  CHECK(load.receipt.rows == 0);
  CHECK(Publish(load).last_committed() == 2);
  CHECK(people_in(folder) == "0|NULL");
}

TEST_CASE("several epochs follow each other in one writer") {
  const Folder folder;
  Load load(into(folder));
  REQUIRE(load.open(people()) == WEIR_OK);
  for (std::uint64_t epoch = 1; epoch <= 5; ++epoch) {
    REQUIRE(load.write(some_people(static_cast<std::int64_t>(epoch) * 10, 10)) == WEIR_OK);
    REQUIRE(load.prepare(epoch) == WEIR_OK);
    CHECK(load.receipt.rows == 10);
    REQUIRE(load.commit(epoch) == WEIR_OK);
    CHECK(Publish(load).last_committed() == static_cast<std::int64_t>(epoch));
  }
  CHECK(people_in(folder) == "50|1725");
}

TEST_CASE("asking a database that does not exist gives 0 and makes none") {
  const Folder folder;
  Load load(into(folder));
  CHECK(Publish(load).last_committed() == 0);
  CHECK(folder.files().empty());
  ask(folder / "out.db", "CREATE TABLE other(x)");
  CHECK(Publish(load).last_committed() == 0);
  CHECK(ask(folder / "out.db", "SELECT name FROM sqlite_master") == "other");
}

TEST_CASE("a writer of a lower fence is refused once a committer opened with a higher one") {
  const Folder folder;
  Load zombie(into(folder));
  zombie.surroundings.fence = 3;
  REQUIRE(zombie.open(people()) == WEIR_OK);
  REQUIRE(zombie.write(some_people(1, 10)) == WEIR_OK);
  REQUIRE(zombie.prepare(1) == WEIR_OK);
  REQUIRE(zombie.commit(1) == WEIR_OK);
  Load heir(into(folder));
  heir.surroundings.fence = 4;
  heir.surroundings.epoch = 2;
  {
    Publish publish(heir);
    REQUIRE(publish.status == WEIR_OK);
    CHECK(publish.last_committed() == 1);
  }
  CHECK(zombie.write(some_people(11, 10)) == WEIR_ABORTED);
  CHECK(zombie.prepare(2) == WEIR_ABORTED);
  CHECK(Publish(zombie).status == WEIR_ABORTED);
  heir.all(people(), some_people(100, 5), 2);
  CHECK(people_in(folder) == "15|565");
}

TEST_CASE("a lower fence is shut out of the first epoch too, and of asking") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE other(x)");
  Load zombie(into(folder)), heir(into(folder));
  REQUIRE(zombie.open(people()) == WEIR_OK);
  Publish asking(zombie);
  heir.surroundings.fence = 2;
  CHECK(Publish(heir).last_committed() == 0);
  REQUIRE(zombie.write(some_people(1, 10)) == WEIR_ABORTED);
  CHECK(asking.last_committed() == -WEIR_ABORTED);
  heir.all(people(), some_people(100, 5), 1);
  CHECK(people_in(folder) == "5|510");
}

TEST_CASE("an epoch that somebody else committed meanwhile is not written again") {
  const Folder folder;
  Load late(into(folder)), quick(into(folder));
  late.surroundings.fence = 2;
  REQUIRE(late.open(people()) == WEIR_OK);
  quick.all(people(), some_people(1, 10));
  CHECK(late.write(some_people(1, 10)) == WEIR_ABORTED);
  CHECK(people_in(folder) == "10|55");
}

TEST_CASE("a commit that was not prepared is refused") {
  const Folder folder;
  Load load(into(folder));
  REQUIRE(load.open(people()) == WEIR_OK);
  CHECK(load.commit(1) == WEIR_FAILED_PRECONDITION);
  CHECK(load.prepare(2) == WEIR_INTERNAL);
}

TEST_CASE("upsert adds what is new and updates what is there, the last row of a key winning") {
  const Folder folder;
  auto options = into(folder, "upsert").with({"/key/0", "id"});
  Load load(options);
  REQUIRE(load.open(people()) == WEIR_OK);
  REQUIRE(load.write(some_people(1, 3, "first")) == WEIR_OK);
  REQUIRE(load.write(some_people(2, 3, "second")) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  CHECK(load.receipt.rows == 6);
  CHECK(load.receipt.inserted == 4);
  CHECK(load.receipt.updated == 2);
  REQUIRE(load.commit() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT * FROM people ORDER BY id") == "1|first 2|second 3|second 4|second");
}

TEST_CASE("upsert into a table without an index on the key says which one to make") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE people(id INTEGER, name TEXT); CREATE UNIQUE INDEX both ON people(id, name)");
  Load load(into(folder, "upsert").with({"/key/0", "id"}));
  CHECK(load.open(people()) == WEIR_FAILED_PRECONDITION);
  CHECK(std::string(load.error.hint) == R"(run: CREATE UNIQUE INDEX "people_id" ON "people" ("id"))");
  ask(folder / "out.db", std::string(load.error.hint).substr(5));
  CHECK(load.open(people()) == WEIR_OK);
}

Array keyed(const std::vector<std::int64_t>& ids, const std::vector<int>& operations, const std::string& name) {
  NumberBuilder<std::int64_t> keys;
  TextBuilder names;
  NumberBuilder<std::int8_t> codes;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] < 0)
      keys.append_null();
    else
      keys.append(ids[i]);
    names.append(name);
    codes.append(static_cast<std::int8_t>(operations[i]));
  }
  std::vector<Array> columns;
  columns.push_back(keys.finish());
  columns.push_back(names.finish());
  columns.push_back(codes.finish());
  return rows_of(static_cast<std::int64_t>(ids.size()), std::move(columns));
}

Schema operations_of() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "id"));
  fields.push_back(Schema::field("u", "name"));
  fields.push_back(Schema::field("c", "what", false, {{std::string(kRoleKey), "operation"}}));
  return Schema::rows(std::move(fields));
}

TEST_CASE("change rows insert, update and delete by key, and need one") {
  const Folder folder;
  Load keyless(into(folder));
  CHECK(keyless.open(operations_of()) == WEIR_INVALID_ARGUMENT);
  Load load(into(folder).with({"/key/0", "id"}));
  REQUIRE(load.open(operations_of()) == WEIR_OK);
  REQUIRE(load.write(keyed({1, 2, 3, 4}, {0, 0, 0, 0}, "a")) == WEIR_OK);
  REQUIRE(load.write(keyed({2, 2, 3, 9, -1, 1}, {3, 1, 2, 2, 2, 7}, "b")) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  REQUIRE(load.commit() == WEIR_OK);
  CHECK(load.receipt.rows == 8);
  CHECK(load.receipt.deleted == 1);
  CHECK(load.receipt.inserted == 4);
  CHECK(load.receipt.updated == 1);
  REQUIRE(load.collected.rejected.size() == 2);
  CHECK(load.collected.rejected[0].reason == "null in the key");
  CHECK(load.collected.rejected[1].reason == "not an operation");
  CHECK(ask(folder / "out.db", "SELECT * FROM people ORDER BY id") == "1|a 2|b 4|a");
}

TEST_CASE("a row that a constraint refuses is rejected, and the others of its batch stay") {
  const Folder folder;
  ask(folder / "out.db",
      "CREATE TABLE people(id INTEGER UNIQUE CHECK(id <> 5), name TEXT NOT NULL, \"when\" TEXT DEFAULT 'now');"
      "INSERT INTO people VALUES(3, 'x', 'y'); CREATE TRIGGER no BEFORE INSERT ON people WHEN new.id = 7 BEGIN SELECT "
      "raise(ABORT, 'not seven'); END;"
      "CREATE TRIGGER skip BEFORE INSERT ON people WHEN new.id = 8 BEGIN SELECT raise(IGNORE); END;");
  Load load(into(folder));
  REQUIRE(load.open(people()) == WEIR_OK);
  REQUIRE(load.write(some_people(1, 10)) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  REQUIRE(load.commit() == WEIR_OK);
  CHECK(load.receipt.rows == 6);
  std::vector<std::string> told;
  for (const auto& reject : load.collected.rejected)
    told.push_back(std::to_string(reject.row) + " " + reject.column + ": " + reject.reason);
  CHECK(told == std::vector<std::string>{"2 id: violates UNIQUE", "4 : violates CHECK", "6 : refused by a trigger",
                                         "7 : ignored by a trigger or by ON CONFLICT IGNORE"});
  CHECK(load.collected.rejected[2].detail == "not seven");
  CHECK(ask(folder / "out.db",
            "SELECT group_concat(id) FROM (SELECT id FROM people WHERE name LIKE 'n%' ORDER BY id)") == "1,2,4,6,9,10");
}

TEST_CASE("what does not fit an existing table is said when the writer opens") {
  const Folder folder;
  const std::string database = folder / "out.db";
  const auto opening = [&](const std::string& sql) {
    ask(database, "DROP TABLE IF EXISTS people; DROP VIEW IF EXISTS people");
    ask(database, sql);
    Load load(into(folder));
    const weir_status status = load.open(people());
    ask(database, "DROP VIEW IF EXISTS people");
    return status == WEIR_OK ? std::string("fits") : std::string(load.error.message) + "; " + load.error.hint;
  };
  CHECK(opening("CREATE TABLE people(ID INTEGER, Name TEXT, more TEXT)") == "fits");
  CHECK(opening("CREATE TABLE people(name TEXT, k INTEGER PRIMARY KEY NOT NULL, id INT)") == "fits");
  CHECK(opening("CREATE TABLE people(id INTEGER)") ==
        "table 'people': expected a column 'name', as the input has, found none; "
        "let weir add it with drift: { columns: evolve }, leave it out, or run: ALTER TABLE \"people\" ADD COLUMN "
        "\"name\" "
        "TEXT");
  CHECK(opening("CREATE TABLE people(id INTEGER, name TEXT, town TEXT NOT NULL)") ==
        "table 'people': column 'town' is NOT NULL without a default: expected it in the input, found no such column; "
        "give it a value "
        "before, or a default in the table");
  CHECK(opening("CREATE TABLE people(id INTEGER, name TEXT AS (id || 'x'))") ==
        "table 'people': column 'name' is generated: expected an input without it; ");
  CHECK(opening("CREATE VIEW people AS SELECT 1 AS id, 2 AS name") ==
        "table 'people': expected a table, found a view; ");
}

TEST_CASE("options that can't be meant are refused with their place") {
  const Folder folder;
  const auto opening = [&](testing::Options options) {
    Load load(std::move(options));
    CHECK(load.open(people()) != WEIR_OK);
    return std::string(load.error.option) + " " + load.error.message;
  };
  CHECK(opening(into(folder, "upsert")) == "/mode expected a key for mode upsert, found none");
  CHECK(opening(into(folder).with({"/key/0", "nam"})) == "/key/0 no column 'nam' in the input");
  CHECK(opening(into(folder).with({"/table", "sqlite_x"})) ==
        "/table expected a table of your own, found 'sqlite_x', which is kept for SQLite or weir itself");
  CHECK(opening(into(folder).with({"/create", false})) ==
        "/database '" + (folder / "out.db") + "': expected a database, found none");
  std::ofstream(folder / "file") << "x";
  CHECK(opening(into(folder).with({"/database", folder / "file/in/out.db"})) ==
        "/database '" + (folder / "file/in/out.db") + "': expected '" + (folder / "file") +
            "' to be a folder, found another kind of file");
  CHECK(opening(into(folder).with({"/database", folder / "."})).find("found a folder") != std::string::npos);
  std::ofstream(folder / "text.db") << std::string(4000, 'x');
  CHECK(opening(into(folder).with({"/database", folder / "text.db"})) ==
        "/database '" + (folder / "text.db") + "': expected a SQLite database, found another kind of file");
}

TEST_CASE("names of any text are quoted rightly") {
  const Folder folder;
  const std::string table = "a \"table\"; DROP TABLE x --ü", column = "select \"me\" '?1";
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", column));
  fields.push_back(Schema::field("u", ""));
  const Schema schema = Schema::rows(std::move(fields));
  Load load(into(folder, "upsert").with({"/table", table}).with({"/key/0", column}));
  load.all(schema, some_people(1, 2));
  load.all(schema, some_people(2, 2, "two"), 2);
  CHECK(ask(folder / "out.db", "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> '_weir_tokens'") ==
        table);
  CHECK(ask(folder / "out.db", "SELECT \"\" FROM \"a \"\"table\"\"; DROP TABLE x --ü\"") == "n1 two two");
}

TEST_CASE("a reader sees the rows of committed epochs alone, while the next is being written") {
  const Folder folder;
  Load load(into(folder));
  REQUIRE(load.open(people()) == WEIR_OK);
  REQUIRE(load.write(some_people(1, 100)) == WEIR_OK);
  REQUIRE(load.prepare(1) == WEIR_OK);
  REQUIRE(load.commit(1) == WEIR_OK);
  REQUIRE(load.write(some_people(101, 100)) == WEIR_OK);
  CHECK(people_in(folder) == "100|5050");
  REQUIRE(load.prepare(2) == WEIR_OK);
  CHECK(people_in(folder) == "100|5050");
  REQUIRE(load.commit(2) == WEIR_OK);
  CHECK(people_in(folder) == "200|20100");
}

TEST_CASE("an existing database keeps its journal mode, and no file is left beside it") {
  const Folder folder;
  ask(folder / "out.db", "PRAGMA journal_mode=WAL; CREATE TABLE other(x)");
  Load load(into(folder));
  load.all(people(), some_people(1, 10));
  CHECK(folder.files() == std::vector<std::string>{"out.db"});
  CHECK(ask(folder / "out.db", "PRAGMA journal_mode") == "wal");
}

TEST_CASE("a database that another program holds beyond the wait is UNAVAILABLE, and the same call works later") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE other(x)");
  Load load(into(folder).with({"/wait", INT64_C(10'000'000'000)}));
  load.surroundings.tick = 4'000'000'000;
  REQUIRE(load.open(people()) == WEIR_OK);
  Holder holder(folder / "out.db", "BEGIN IMMEDIATE");
  CHECK(load.write(some_people(1, 10)) == WEIR_UNAVAILABLE);
  CHECK(load.error.native_code == SQLITE_BUSY);
  CHECK(std::string(load.error.message).find("expected to write to the database within 10 s, found it locked by") !=
        std::string::npos);
  CHECK(load.error.fault == WEIR_FAULT_DESTINATION);
  holder.release();
  REQUIRE(load.write(some_people(1, 10)) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  Holder reader(folder / "out.db", "BEGIN; SELECT * FROM other");
  CHECK(load.commit() == WEIR_UNAVAILABLE);
  reader.release();
  REQUIRE(load.commit() == WEIR_OK);
  CHECK(people_in(folder) == "10|55");
}

TEST_CASE("cancel ends a wait for a lock") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE other(x)");
  Load load(into(folder));
  REQUIRE(load.open(people()) == WEIR_OK);
  Holder holder(folder / "out.db", "BEGIN IMMEDIATE");
  std::thread other([&] { load.cancel(); });
  CHECK(load.write(some_people(1, 10)) == WEIR_CANCELLED);
  other.join();
  CHECK(load.write(some_people(1, 10)) == WEIR_CANCELLED);
}

TEST_CASE("a read-only database is refused when the writer opens") {
  if (::geteuid() == 0) return;  // root may write anything
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE other(x)");
  std::filesystem::permissions(folder / "out.db", std::filesystem::perms::owner_read);
  Load load(into(folder));
  CHECK(load.open(people()) == WEIR_PERMISSION_DENIED);
}

TEST_CASE("tokens of runs long gone are forgotten, and the last thousand kept") {
  const Folder folder;
  Load load(into(folder));
  load.all(people(), some_people(1, 1));
  ask(folder / "out.db",
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
      "INSERT INTO _weir_tokens(run, link, lane, epoch, fence) SELECT 'old-' || i, 'link', 'lane', 1, 1 FROM n");
  load.surroundings.lane = "";
  REQUIRE(Publish(load).finish() == WEIR_OK);
  REQUIRE(Publish(load).finish() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT count(*) FROM _weir_tokens WHERE run LIKE 'old-%'") == "1000");
  load.surroundings.lane = "lane";
  CHECK(Publish(load).last_committed() == 1);
}

TEST_CASE("a full database ends in a named error and keeps what was committed") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE people(id INTEGER, name TEXT)");
  Load load(into(folder));
  load.all(people(), some_people(1, 10));
  // A limit on the process's files is what a full disk is to SQLite: a write that ends early.
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit small{256 * 1024, 256 * 1024};
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &small);
    Load full(into(folder));
    full.surroundings.epoch = 2;
    if (full.open(people()) != WEIR_OK) ::_exit(1);
    weir_status status = WEIR_OK;
    for (std::int64_t i = 0; i < 300 && status == WEIR_OK; ++i)
      status = full.write(some_people(i * 1000, 1000, std::string(200, 'x')));
    if (status == WEIR_OK) status = full.prepare(2);
    if (status == WEIR_OK) status = full.commit(2);
    const bool named =
        std::string(full.error.message).find("out.db") != std::string::npos && full.error.native_code != 0;
    full.close();
    ::_exit(status != WEIR_OK && status != WEIR_UNAVAILABLE && named ? 0 : 2);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(people_in(folder) == "10|55");
  CHECK(folder.files() == std::vector<std::string>{"out.db"});
}

}  // namespace
}  // namespace weir::sqlite
