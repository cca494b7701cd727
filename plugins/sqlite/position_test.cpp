// A reader that goes on where another stood: no row is missing or twice, and what has changed is not read on.
#include <weir_catch.hpp>

#include "extract_fixture.hpp"

namespace weir::sqlite {
namespace {

constexpr std::int64_t kCount = 100000;
constexpr std::int64_t kBatch = 65536;

// `table` of 100,000 rows; n is three times the row's number.
void make_numbers(const Folder& folder, const std::string& table = "t(n INTEGER PRIMARY KEY)") {
  ask(folder / "in.db",
      "CREATE TABLE " + table +
          "; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO t(n) "
          "SELECT i * 3 FROM n");
}

// Count, least and greatest of column 0 of what was pushed.
std::string pushed(const Extract& reader) {
  std::int64_t count = 0, least = INT64_MAX, greatest = INT64_MIN;
  for (const auto& batch : reader.collected.pushed) {
    const NumberColumn<std::int64_t> numbers(*batch.rows->children[0], batch.rows->offset);
    count += batch.rows->length;
    for (std::int64_t row = 0; row < batch.rows->length; ++row) {
      least = std::min(least, numbers[row]);
      greatest = std::max(greatest, numbers[row]);
    }
  }
  return std::to_string(count) + " rows, " + std::to_string(least) + " to " + std::to_string(greatest);
}

// Plans, opens and reads one batch; gives the position behind it.
std::string begin(Extract& reader) {
  REQUIRE(reader.plan() == WEIR_OK);
  REQUIRE(reader.open() == WEIR_OK);
  REQUIRE(reader.read() == WEIR_OK);
  std::string position = reader.position();
  reader.close();
  return position;
}

std::int32_t replay_of(const Folder& folder, const std::string& query) {
  testing::Surroundings surroundings(query_of(folder, query));
  weir_traits traits{};
  traits.size = sizeof traits;
  weir_error error = testing::no_error();
  REQUIRE(extractor().traits(surroundings.context()->config, &traits, &error) == WEIR_OK);
  return traits.replay;
}

TEST_CASE("a reader goes on behind the last row that another read, by its rowid or by the count of rows") {
  const Folder folder;
  const std::string table =
      GENERATE("t(n INTEGER PRIMARY KEY)", "t(n)", "t(n, rowid)", "t(n PRIMARY KEY) WITHOUT ROWID");
  const std::string what = GENERATE("t", "v", "SELECT n FROM t ORDER BY n");
  INFO(what << " of " << table);
  make_numbers(folder, table);
  ask(folder / "in.db", "CREATE VIEW v AS SELECT n FROM t WHERE n > 0");
  const auto options = what.size() > 1 ? query_of(folder, what) : table_of(folder, what.c_str());
  Extract first(options);
  Extract second(options);
  second.from = begin(first);
  INFO("position " << second.from);
  REQUIRE(second.plan() == WEIR_OK);
  REQUIRE(second.open() == WEIR_OK);
  while (second.outcome == WEIR_READ_MORE) REQUIRE(second.read() == WEIR_OK);
  REQUIRE_FALSE(second.collected.pushed.empty());
  CHECK(second.collected.pushed.front().base == kBatch);
  CHECK(pushed(first) == "65536 rows, 3 to 196608");
  CHECK(pushed(second) == "34464 rows, 196611 to 300000");
}

TEST_CASE("a reader of some rowids goes on within them") {
  const Folder folder;
  ask(folder / "in.db",
      "CREATE TABLE t(n INTEGER PRIMARY KEY, x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
      "i < "
      "300000) INSERT INTO t SELECT i, hex(zeroblob(12)) FROM n");
  Extract all(table_of(folder));
  REQUIRE(all.plan() == WEIR_OK);
  REQUIRE(all.splits.kept.size() > 1);
  Extract second(table_of(folder));
  second.from = begin(all);
  REQUIRE(second.plan() == WEIR_OK);
  REQUIRE(second.splits.kept[0].token == all.splits.kept[0].token);
  REQUIRE(second.open() == WEIR_OK);
  while (second.outcome == WEIR_READ_MORE) REQUIRE(second.read() == WEIR_OK);
  second.close();
  second.from.clear();
  for (std::size_t split = 1; split < second.splits.kept.size(); ++split) {
    REQUIRE(second.open(split) == WEIR_OK);
    second.outcome = WEIR_READ_MORE;
    while (second.outcome == WEIR_READ_MORE) REQUIRE(second.read() == WEIR_OK);
    second.close();
  }
  const std::int64_t before = all.collected.pushed[0].rows->length;
  CHECK(pushed(second) == std::to_string(300000 - before) + " rows, " + std::to_string(before + 1) + " to 300000");
}

TEST_CASE("a database that was written to meanwhile has another version, and is not read on") {
  const Folder folder;
  const std::string mode = GENERATE("DELETE", "WAL");
  INFO(mode);
  ask(folder / "in.db", "PRAGMA journal_mode=" + mode);
  make_numbers(folder);
  const Holder open(folder / "in.db", "SELECT 1");  // keeps the log
  Extract first(table_of(folder));
  const std::string position = begin(first);
  Extract second(table_of(folder));
  second.from = position;
  REQUIRE(second.plan() == WEIR_OK);
  CHECK(second.splits.kept[0].token == first.splits.kept[0].token);
  ask(folder / "in.db", "UPDATE t SET n = 1 WHERE n = 3");
  CHECK(second.open() == WEIR_FAILED_PRECONDITION);
  CHECK(second.problem() == "/database '" + (folder / "in.db") +
                                "': expected the database as it was when its reading was planned, found it "
                                "changed\nhint: run again");
  Extract third(table_of(folder));
  REQUIRE(third.plan() == WEIR_OK);
  CHECK(third.splits.kept[0].token != first.splits.kept[0].token);
}

TEST_CASE("what changes by itself is not gone on with") {
  const Folder folder;
  make_numbers(folder);
  CHECK(replay_of(folder, "SELECT n, random_id FROM t ORDER BY n") == WEIR_REPLAY_EXACT);
  CHECK(replay_of(folder, "SELECT n, date(n) FROM t") == WEIR_REPLAY_EXACT);
  for (const char* query : {"SELECT n FROM t ORDER BY Random()", "SELECT n FROM t WHERE n < unixepoch('NOW')",
                            "SELECT CURRENT_DATE", "SELECT date ( )", "SELECT changes()"}) {
    INFO(query);
    CHECK(replay_of(folder, query) == WEIR_REPLAY_REDELIVERY);
  }
  ask(folder / "in.db", "CREATE VIEW dice AS SELECT n FROM t ORDER BY random(); CREATE VIEW v AS SELECT n FROM dice");
  Extract first(table_of(folder, "v"));
  Extract second(table_of(folder, "v"));
  second.from = begin(first);
  REQUIRE(second.plan() == WEIR_OK);
  CHECK(second.open() == WEIR_FAILED_PRECONDITION);
  CHECK(second.problem() ==
        "/table view 'dice': expected one that gives the same rows again, found one that asks for the time or for "
        "chance\nhint: look at what has been loaded, then run with --fresh, and with checkpoint: { every: 1d } to have "
        "one "
        "epoch");
}

TEST_CASE("a position is understood by the library that told it, and nothing else is one") {
  const Folder folder;
  make_numbers(folder);
  Extract reader(query_of(folder, "SELECT n FROM t"));
  REQUIRE(reader.plan() == WEIR_OK);
  reader.from = "5 3.0.1";
  CHECK(reader.open() == WEIR_FAILED_PRECONDITION);
  CHECK(reader.problem() == "/query '" + (folder / "in.db") +
                                "': expected SQLite 3.0.1, by which the rows before were read, found " +
                                sqlite3_libversion() +
                                ", which may give them in another order\nhint: look at what has been "
                                "loaded, then run with --fresh");
  for (const char* other : {"x", "5", "-1 rowid 3", "five rowid 5"}) {
    INFO(other);
    reader.from = other;
    CHECK(reader.open() == WEIR_INTERNAL);
  }
  reader.from = std::to_string(kCount + 1) + " " + sqlite3_libversion();
  CHECK(reader.open() == WEIR_FAILED_PRECONDITION);
}

}  // namespace
}  // namespace weir::sqlite
