// A table read in several splits, and what its readers share: one state of the database, and no column that nobody wants.
#include <sqlite3.h>

#include <algorithm>
#include <thread>

#include <weir_catch.hpp>

#include "extract_fixture.hpp"

namespace weir::sqlite {
namespace {

using test::Contains;

constexpr std::int64_t kSum = INT64_C(200000) * 200001 / 2;
constexpr const char* kNumbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) ";

// A table of 200,000 rows, i and text, in 8 MiB.
void make_large(const Folder& folder, const std::string& mode) {
  ask(folder / "in.db", "PRAGMA journal_mode=" + mode + "; CREATE TABLE t(i INTEGER, x TEXT); " + kNumbers +
                            "INSERT INTO t SELECT i, hex(zeroblob(16)) FROM n");
}

// Readers of the splits of one plan, which stay open side by side.
class Side {
 public:
  explicit Side(const testing::Options& options) : first_(options), options_(options) {
    REQUIRE(first_.plan() == WEIR_OK);
  }
  std::size_t count() const { return first_.splits.kept.size(); }
  const std::string& id(std::size_t split) const { return first_.splits.kept[split].id; }
  Extract& open(std::size_t split, const weir_wanted* wanted = nullptr) {
    auto& reader = *readers_.emplace_back(std::make_unique<Extract>(options_));
    reader.splits.kept = first_.splits.kept;
    const weir_status status = reader.open(split, wanted);
    INFO(reader.problem());
    REQUIRE(status == WEIR_OK);
    return reader;
  }

 private:
  Extract first_;
  testing::Options options_;
  std::vector<std::unique_ptr<Extract>> readers_;
};

void read_all(Extract& reader) {
  while (reader.outcome == WEIR_READ_MORE) {
    const weir_status status = reader.read();
    INFO(reader.problem());
    REQUIRE(status == WEIR_OK);
  }
  reader.close();
}

// Sum and count of column 0 of what was pushed.
std::pair<std::int64_t, std::int64_t> sum_of(const Extract& reader) {
  std::int64_t count = 0, sum = 0;
  for (const auto& pushed : reader.collected.pushed) {
    const NumberColumn<std::int64_t> numbers(*pushed.rows->children[0], pushed.rows->offset);
    for (std::int64_t row = 0; row < pushed.rows->length; ++row, ++count) sum += numbers[row];
  }
  return {count, sum};
}

TEST_CASE("a large table is read in splits that hold each row once, as it was when they were planned") {
  for (const char* mode : {"WAL", "DELETE"}) {
    const Folder folder;
    make_large(folder, mode);
    Side side(table_of(folder));
    REQUIRE(side.count() == 3);
    CHECK(side.id(0) == "in.db table t rowid 1..66666");
    CHECK(side.id(2) == "in.db table t rowid 133333..200000");
    const bool log = std::string(mode) == "WAL";
    // In a log others write what no split sees; with a journal they can't commit before all is read.
    const std::string change = "PRAGMA busy_timeout=0; UPDATE t SET i = 0; INSERT INTO t VALUES (7, 'new')";
    std::int64_t count = 0, sum = 0;
    for (std::size_t split = 0; split < 3; ++split) {
      const std::string said = ask(folder / "in.db", change);
      CHECK((said.find("locked") == std::string::npos) == log);
      Extract& reader = side.open(split);
      while (reader.outcome == WEIR_READ_MORE) REQUIRE(reader.read() == WEIR_OK);  // and is not closed
      const auto [rows, total] = sum_of(reader);
      count += rows;
      sum += total;
    }
    CHECK(count == 200000);
    CHECK(sum == kSum);
    CHECK(ask(folder / "in.db", change).find("locked") == std::string::npos);
  }
}

TEST_CASE("readers side by side on many threads see one state, though others commit all the time") {
  const Folder folder;
  make_large(folder, "WAL");
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 0; !done; ++i)
      ask(folder / "in.db",
          "PRAGMA busy_timeout=10000; UPDATE t SET i = i + 1 WHERE rowid = 1; UPDATE t SET i = i - 1 "
          "WHERE rowid = 200000; INSERT INTO t VALUES (0, '')");
  });
  for (int round = 0; round < 3; ++round) {
    Side side(table_of(folder));
    std::vector<Extract*> readers;
    for (std::size_t split = 0; split < side.count(); ++split) readers.push_back(&side.open(split));
    std::vector<std::thread> threads;
    std::vector<weir_status> statuses(readers.size(), WEIR_OK);
    for (std::size_t i = 0; i < readers.size(); ++i) {
      threads.emplace_back([&, i] {
        while (statuses[i] == WEIR_OK && readers[i]->outcome == WEIR_READ_MORE) statuses[i] = readers[i]->read();
      });
    }
    for (auto& thread : threads) thread.join();
    CHECK(statuses == std::vector<weir_status>(readers.size(), WEIR_OK));
    // The writer takes from the last row what it gives the first, and adds rows of 0.
    std::int64_t sum = 0;
    for (const auto* reader : readers) sum += sum_of(*reader).second;
    CHECK((sum == kSum || sum == kSum + 1));
  }
  done = true;
  writer.join();
}

TEST_CASE("a table whose rowids can't be named, or is small, or is no table, is one split") {
  const Folder folder;
  make_large(folder, "DELETE");
  ask(folder / "in.db",
      std::string("CREATE TABLE named(rowid INTEGER, oid INTEGER, _ROWID_ INTEGER); ") + kNumbers +
          "INSERT INTO named SELECT i, i, i FROM n; CREATE TABLE w(i INTEGER PRIMARY KEY, x) WITHOUT ROWID; " +
          kNumbers +
          "INSERT INTO w SELECT i, i FROM n; CREATE VIEW v AS SELECT * FROM t; CREATE TABLE few(i); "
          "INSERT INTO few VALUES (1); CREATE TABLE none(i); CREATE TABLE half(rowid TEXT, i INTEGER); " +
          kNumbers + "INSERT INTO half SELECT 'r', i FROM n");
  for (const char* table : {"named", "w", "v", "few", "none"}) CHECK(Side(table_of(folder, table)).count() == 1);
  CHECK(Side(query_of(folder, "SELECT * FROM t")).count() == 1);
  Side half(table_of(folder, "half"));
  REQUIRE(half.count() == 3);
  Extract& reader = half.open(1);
  CHECK(reader.types() == "rowid string, i int64");
  read_all(reader);
  CHECK(reader.collected.pushed.at(0).rows->length > 60000);
}

TEST_CASE("rowids may be as far apart as numbers go") {
  const Folder folder;
  make_large(folder, "DELETE");
  ask(folder / "in.db",
      "UPDATE t SET rowid = -9223372036854775807 - 1 WHERE rowid = 1; UPDATE t SET rowid = "
      "9223372036854775807 WHERE rowid = 200000");
  Side side(table_of(folder));
  REQUIRE(side.count() > 1);
  std::int64_t count = 0;
  for (std::size_t split = 0; split < side.count(); ++split) {
    Extract& reader = side.open(split);
    read_all(reader);
    count += sum_of(reader).first;
  }
  CHECK(count == 200000);
}

TEST_CASE("each split has the types that the table's first rows have, and names a bad row by its rowid") {
  const Folder folder;
  ask(folder / "in.db",
      std::string("CREATE TABLE t(x, pad TEXT); ") + kNumbers +
          "INSERT INTO t SELECT CASE WHEN i < 150000 THEN i ELSE 'late' END, hex(zeroblob(16)) FROM n");
  Side side(table_of(folder));
  REQUIRE(side.count() == 3);
  Extract& last = side.open(2);
  CHECK(last.types() == "x int64, pad string");
  read_all(last);
  REQUIRE(last.collected.rejected.size() == 50001);
  CHECK(last.collected.rejected[0].detail == "expected int64, found text \"late\" in rowid 150000");
}

TEST_CASE("a database that changed after the plan, whose snapshot nobody held, is not read in parts") {
  const Folder folder;
  make_large(folder, "DELETE");
  Extract plan(table_of(folder));
  REQUIRE(plan.plan() == WEIR_OK);
  Extract other(table_of(folder));
  other.surroundings.run = "another";  // as a process that did not plan it
  other.splits.kept = plan.splits.kept;
  CHECK(other.open(1) == WEIR_OK);
  other.close();
  // Ends the plan's own hold.
  for (std::size_t split = 0; split < plan.splits.kept.size(); ++split) {
    Extract reader(table_of(folder));
    reader.splits.kept = plan.splits.kept;
    REQUIRE(reader.open(split) == WEIR_OK);
    read_all(reader);
  }
  ask(folder / "in.db", "INSERT INTO t SELECT i, hex(zeroblob(5000)) FROM t LIMIT 10");
  CHECK(other.open(1) == WEIR_FAILED_PRECONDITION);
  CHECK_THAT(other.error.message,
             Contains("expected the database as it was when its reading was planned, found it changed"));
}

// The one wanted column.
class WantedColumn {
 public:
  explicit WantedColumn(const char* name) : name_(weir_text(name)) {
    wanted_.size = sizeof wanted_;
    wanted_.columns = &name_;
    wanted_.column_count = 1;
  }
  const weir_wanted* get() const { return &wanted_; }

 private:
  weir_string name_;
  weir_wanted wanted_{};
};

TEST_CASE("columns that nobody wants are not computed") {
  const Folder folder;
  ask(folder / "in.db",
      "CREATE TABLE t(a INTEGER, b TEXT); CREATE INDEX by_b ON t(b); INSERT INTO t VALUES (1, 'z'), (2, "
      "'y'), (3, 'x'); ALTER TABLE t ADD COLUMN bad AS (abs(-9223372036854775807 - a))");
  const WantedColumn b("b");
  Extract all(table_of(folder));
  CHECK(all.all() == WEIR_FAILED_PRECONDITION);
  Extract narrow(table_of(folder));
  REQUIRE(narrow.open(0, b.get()) == WEIR_OK);
  CHECK(narrow.types() == "b string");
  read_all(narrow);
  CHECK(narrow.rows() == "\"z\" \"y\" \"x\"");  // in the order of the table, not of the index
  Extract query(query_of(folder, "SELECT a, b FROM t ORDER BY b"));
  REQUIRE(query.open(0, b.get()) == WEIR_OK);
  CHECK(query.types() == "b string");
  read_all(query);
  CHECK(query.rows() == "\"x\" \"y\" \"z\"");
}

TEST_CASE("columns are left out of views and of tables without rowid, too") {
  const Folder folder;
  ask(folder / "in.db",
      "CREATE TABLE w(a INTEGER PRIMARY KEY, b TEXT) WITHOUT ROWID; INSERT INTO w VALUES (1, 'x'), (2, "
      "'y'); CREATE VIEW v AS SELECT * FROM w");
  const WantedColumn b("b");
  for (const char* table : {"w", "v"}) {
    Extract narrow(table_of(folder, table));
    REQUIRE(narrow.open(0, b.get()) == WEIR_OK);
    read_all(narrow);
    CHECK(narrow.types() + ": " + narrow.rows() == "b string: \"x\" \"y\"");
  }
}

TEST_CASE("a database with a write-ahead log is read where nothing can be written beside it") {
  const Folder folder;
  make_large(folder, "WAL");
  // SQLite needs a file of that name beside the database; a folder there stands for one that can't be made or written.
  std::filesystem::create_directory(folder / "in.db-shm");
  Extract extract(table_of(folder));
  const weir_status status = extract.all();
  INFO(extract.problem());
  REQUIRE(status == WEIR_OK);
  CHECK(sum_of(extract).second == kSum);
}

}  // namespace
}  // namespace weir::sqlite
