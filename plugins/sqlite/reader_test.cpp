// The extractor through the ABI: which types columns have, which values fit, what one snapshot is, and that nothing is written.
#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <thread>

#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "extract_fixture.hpp"

namespace weir::sqlite {
namespace {

using test::Contains;

// What a table of one column x, so declared, gives for these values: types, rows, and rejects.
std::string read_column(const std::string& declared, const std::string& values) {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(x " + declared + "); INSERT INTO t VALUES " + values);
  Extract extract(table_of(folder));
  if (extract.all() != WEIR_OK) return extract.problem();
  std::string text = extract.types() + ": " + extract.rows();
  for (const auto& reject : extract.collected.rejected) text += " [" + reject.reason + "; " + reject.detail + "]";
  return text;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("declared types are taken") {
  CHECK(read_column("BOOLEAN", "(1), (0), (NULL)") == "x bool: 1 0 null");
  CHECK(read_column("INT", "(-5), (9223372036854775807)") == "x int64: -5 9223372036854775807");
  CHECK(read_column("varchar(20)", "('a'), (7), (NULL)") == "x string: \"a\" \"7\" null");
  CHECK(read_column("BLOB", "(x'00ff'), (x'')") == "x binary: \"AP8=\" \"\"");
  CHECK(read_column("DOUBLE PRECISION", "(0.5), (3)") == "x double: 0.5 3");
  CHECK(read_column("decimal(10, 2)", "(12.5), (7), ('0.25'), (-1e3)") ==
        "x decimal(10,2): \"12.50\" \"7.00\" \"0.25\" \"-1000.00\"");
  CHECK(read_column("DATE", "('2024-02-29'), (NULL)") == "x date: \"2024-02-29\" null");
  CHECK(read_column("TIME", "('23:59:59.5')") == "x time: \"23:59:59.500000\"");
  CHECK(read_column("DATETIME", "('2024-01-01 10:00:00'), ('2024-01-01 10:00:01')") ==
        "x timestamp(us): \"2024-01-01 10:00:00\" \"2024-01-01 10:00:01\"");
  CHECK(read_column("timestamp", "('2024-01-01T10:00:00.123456789Z')") ==
        "x timestamp(ns, UTC): \"2024-01-01T10:00:00.123456789Z\"");
}

TEST_CASE("where nothing is declared, or dates are no texts, the values decide") {
  CHECK(read_column("", "(1), (2)") == "x int64: 1 2");
  CHECK(read_column("NUMERIC", "(1), (2.5)") == "x double: 1 2.5");
  CHECK(read_column("", "('2024-01-01')") == "x string: \"2024-01-01\"");
  CHECK(read_column("", "(x'41')") == "x binary: \"QQ==\"");
  CHECK(read_column("", "(1), ('18446744073709551615')") == "x uint64: 1 \"18446744073709551615\"");
  CHECK(read_column("", "(NULL)") == "x null: null");
  CHECK(read_column("TIMESTAMP", "(1700000000), (1700000001)") == "x int64: 1700000000 1700000001");
  CHECK(read_column("DATE", "('2024-01-01'), ('soon')") == "x string: \"2024-01-01\" \"soon\"");
  CHECK(read_column("TIMESTAMP", "(NULL)") == "x timestamp(us): null");
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(a INTEGER, d DATE)");
  Extract expressions(query_of(folder, "SELECT a + 1 AS n, 'x' AS s, d FROM t UNION ALL SELECT 2, 'y', NULL"));
  REQUIRE(expressions.all() == WEIR_OK);
  CHECK(expressions.rows() == "2|\"y\"|null");
}

TEST_CASE("a value that is not of its column's type rejects its row, and only that") {
  CHECK(read_column("INTEGER", "(1), ('x'), (2), (2.5), (3)") ==
        "x int64: 1 2 3 [not an integer; expected int64, found text \"x\" in row 2]"
        " [not an integer; expected int64, found real 2.5 in row 4]");
  CHECK(read_column("BOOLEAN", "(2)") == "x bool:  [not a boolean (0 or 1); expected bool, found integer 2 in row 1]");
  CHECK(read_column("REAL", "('x')") == "x double:  [not a number; expected double, found text \"x\" in row 1]");
  CHECK(read_column("UNSIGNED_BLOB", "(1), ('18446744073709551615'), (-1), (x'41')") ==
        "x uint64: 1 \"18446744073709551615\""
        " [not an integer of 64 bits without sign; expected uint64, found integer -1 in row 3]"
        " [not an integer of 64 bits without sign; expected uint64, found 1 bytes in row 4]");
  CHECK(read_column("TEXT", "(x'41')") == "x string:  [not text; expected string, found 1 bytes in row 1]");
  CHECK(read_column("TEXT", "(CAST(x'ff' AS TEXT))").starts_with("x string:  [not UTF-8; "));
  CHECK(read_column("BLOB", "('a')") == "x binary:  [not bytes; expected binary, found text \"a\" in row 1]");
  CHECK_THAT(read_column("DECIMAL(4,2)", "(123.45), ('1.234')"),
             Contains("found real 123.45 in row 1") && Contains("found real 1.234 in row 2"));
}

TEST_CASE("rows that are rejected leave those beside them whole") {
  const Folder folder;
  ask(folder / "in.db",
      "CREATE TABLE t(a TEXT, b INTEGER, c TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
      "i < 2000) INSERT INTO t SELECT 'a' || i, CASE WHEN i % 7 = 0 THEN 'bad' ELSE i END, CASE WHEN i % 5 = 0 THEN "
      "NULL "
      "ELSE 'c' || i END FROM n");
  Extract extract(table_of(folder));
  REQUIRE(extract.all() == WEIR_OK);
  CHECK(extract.collected.rejected.size() == 285);
  std::string expected;
  for (int i = 1; i <= 2000; ++i) {
    const std::string number = std::to_string(i);
    if (i % 7 == 0) continue;
    expected +=
        (expected.empty() ? "\"a" : " \"a") + number + "\"|" + number + (i % 5 == 0 ? "|null" : "|\"c" + number + '"');
  }
  CHECK(extract.rows() == expected);
}

TEST_CASE("a type that the first rows have is kept to, and what comes later is rejected") {
  const Folder folder;
  ask(folder / "in.db",
      "CREATE TABLE t(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
      "INSERT INTO t SELECT i FROM n; INSERT INTO t VALUES ('late')");
  Extract extract(table_of(folder));
  REQUIRE(extract.all() == WEIR_OK);
  CHECK(extract.types() == "x int64");
  REQUIRE(extract.collected.rejected.size() == 1);
  CHECK(extract.collected.rejected[0].detail == "expected int64, found text \"late\" in row 1501");
  CHECK(extract.collected.pushed.at(0).rows->length == 1500);
}

TEST_CASE("rows come in batches of 65,536, or of 4 MiB") {
  const Folder folder;
  ask(folder / "in.db",
      "CREATE TABLE t(i INTEGER PRIMARY KEY); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
      "i < 150000) INSERT INTO t SELECT i FROM n; CREATE TABLE big(x TEXT); INSERT INTO big SELECT "
      "hex(zeroblob(500000)) FROM t WHERE i <= 10");
  Extract many(query_of(folder, "SELECT * FROM t"));
  REQUIRE(many.all() == WEIR_OK);
  std::vector<std::int64_t> lengths, bases;
  for (const auto& pushed : many.collected.pushed) {
    lengths.push_back(pushed.rows->length);
    bases.push_back(pushed.base);
  }
  CHECK(lengths == std::vector<std::int64_t>{65536, 65536, 18928});
  CHECK(bases == std::vector<std::int64_t>{0, 65536, 131072});
  Extract big(table_of(folder, "big"));
  REQUIRE(big.all() == WEIR_OK);
  REQUIRE(big.collected.pushed.size() == 2);
  CHECK(big.collected.pushed[0].rows->length == 5);
}

TEST_CASE("what can be selected from can be read") {
  const Folder folder;
  ask(folder / "in.db",
      "CREATE TABLE \"a \"\"b\"\"\"(id INTEGER PRIMARY KEY, n INTEGER, twice AS (n * 2)); INSERT INTO \"a "
      "\"\"b\"\"\"(n) "
      "VALUES (3); CREATE VIEW v AS SELECT n, n * 2 AS m FROM \"a \"\"b\"\"\"; CREATE TABLE w(k TEXT PRIMARY KEY, v "
      "REAL) "
      "WITHOUT ROWID; INSERT INTO w VALUES ('b', 1), ('a', 2); CREATE TABLE none(x INTEGER)");
  const auto rows = [&](const char* table) {
    Extract extract(table_of(folder, table));
    CHECK(extract.all() == WEIR_OK);
    return extract.types() + ": " + extract.rows();
  };
  CHECK(rows("A \"B\"") == "id int64, n int64, twice int64: 1|3|6");
  CHECK(rows("v") == "n int64, m int64: 3|6");
  CHECK(rows("w") == "k string, v double: \"a\"|2 \"b\"|1");
  CHECK(rows("none") == "x int64: ");
  CHECK(rows("sqlite_schema").find("none") != std::string::npos);
  Extract query(query_of(folder, " -- all\nSELECT k FROM w ORDER BY v ; -- of them\n"));
  REQUIRE(query.all() == WEIR_OK);
  CHECK(query.rows() == "\"b\" \"a\"");
}

TEST_CASE("a read sees one snapshot and writes nothing, with a log and without") {
  for (const char* mode : {"DELETE", "WAL"}) {
    const Folder folder;
    ask(folder / "in.db", std::string("PRAGMA journal_mode=") + mode +
                              "; CREATE TABLE t(x INTEGER); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                              "FROM n WHERE i < 100000) INSERT INTO t SELECT i FROM n");
    const std::string before = bytes_of(folder / "in.db");
    {
      Extract extract(table_of(folder));
      REQUIRE(extract.plan() == WEIR_OK);
      REQUIRE(extract.open() == WEIR_OK);
      REQUIRE(extract.read() == WEIR_OK);
      if (std::string(mode) == "WAL") ask(folder / "in.db", "INSERT INTO t SELECT x FROM t");
      REQUIRE(extract.read() == WEIR_OK);
      CHECK(extract.outcome == WEIR_READ_END);
      CHECK(extract.collected.pushed.at(1).rows->length == 100000 - 65536);
    }
    if (std::string(mode) == "DELETE") CHECK(bytes_of(folder / "in.db") == before);
    CHECK(folder.files() == std::vector<std::string>{"in.db"});
    Extract again(table_of(folder));
    const std::string there = bytes_of(folder / "in.db");
    REQUIRE(again.all() == WEIR_OK);
    CHECK(bytes_of(folder / "in.db") == there);
    CHECK(folder.files() == std::vector<std::string>{"in.db"});
  }
}

TEST_CASE("a log that a killed writer left is read, and stays") {
  const Folder folder;
  ask(folder / "in.db", "PRAGMA journal_mode=WAL; CREATE TABLE t(x INTEGER)");
  Holder writer(folder / "in.db", "INSERT INTO t VALUES (1), (2)");
  std::filesystem::create_directory(folder / "copy");
  for (const char* name : {"in.db", "in.db-wal"})
    std::filesystem::copy_file(folder / name, folder / (std::string("copy/") + name));
  writer.release();
  const std::string log = bytes_of(folder / "copy/in.db-wal"), main = bytes_of(folder / "copy/in.db");
  Extract extract({{"/database", folder / "copy/in.db"}, {"/table", "t"}});
  REQUIRE(extract.all() == WEIR_OK);
  CHECK(extract.rows() == "1 2");
  CHECK(bytes_of(folder / "copy/in.db-wal") == log);
  CHECK(bytes_of(folder / "copy/in.db") == main);
}

TEST_CASE("the token of the split changes when the database does") {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(x)");
  const auto token = [&] {
    Extract extract(table_of(folder));
    REQUIRE(extract.plan() == WEIR_OK);
    REQUIRE(extract.splits.kept.size() == 1);
    CHECK(extract.splits.kept[0].id == "in.db table t");
    return extract.splits.kept[0].token;
  };
  const std::string first = token();
  CHECK(token() == first);
  ask(folder / "in.db", "INSERT INTO t SELECT hex(zeroblob(5000))");
  CHECK(token() != first);
}

TEST_CASE("a database that another program has locked is waited for, and may be tried again") {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (1)");
  Extract extract(table_of(folder));
  extract.surroundings.tick = 20'000'000'000;
  Holder holder(folder / "in.db", "BEGIN EXCLUSIVE");
  CHECK(extract.open() == WEIR_UNAVAILABLE);
  CHECK(extract.error.fault == WEIR_FAULT_SOURCE);
  CHECK_THAT(extract.error.message, Contains("expected to read the database within 60 s, found it locked"));
  holder.release();
  CHECK(extract.all() == WEIR_OK);
  CHECK(extract.rows() == "1");
}

TEST_CASE("cancel ends a query that would never end, in open() and in read()") {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(x INTEGER)");
  const std::string endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) ";
  Extract opening(query_of(folder, endless + "SELECT count(*) AS c FROM n"));
  std::thread host([&] { opening.surroundings.cancel = true; });
  CHECK(opening.open() == WEIR_CANCELLED);
  host.join();
  // Types are known without a row, so that open() does not step.
  Extract reading(query_of(folder, "SELECT x FROM t WHERE x > (" + endless + "SELECT count(*) FROM n)"));
  ask(folder / "in.db", "INSERT INTO t VALUES (1)");
  REQUIRE(reading.open() == WEIR_OK);
  std::thread other([&] { reading.cancel(); });
  CHECK(reading.read() == WEIR_CANCELLED);
  other.join();
}

TEST_CASE("every message of the extractor is what its golden file says") {
  const Folder folder;
  ask(folder / "in.db",
      "CREATE TABLE orders(id INTEGER, total REAL); CREATE TABLE mixed(x); INSERT INTO mixed VALUES (1), ('a'), "
      "(x'00');"
      "CREATE TABLE wide(x NUMERIC); INSERT INTO wide VALUES (0.5), (9007199254740993); CREATE TABLE _weir_tokens(x)");
  std::ofstream(folder / "text.db") << std::string(4000, 'x');
  std::filesystem::create_directory(folder / "folder");
  test::Golden golden(WEIR_GOLDEN "/messages.txt");
  golden.hide(folder / "", "FOLDER/");
  const auto tell = [&golden](const std::string& title, testing::Options options) {
    Extract extract(std::move(options));
    CHECK(extract.all() != WEIR_OK);
    golden.tell(title, extract.problem());
  };
  const auto query = [&](const std::string& title, const std::string& sql) { tell(title, query_of(folder, sql)); };
  tell("neither table nor query", {{"/database", folder / "in.db"}});
  tell("both table and query", table_of(folder, "orders").with({"/query", "SELECT 1"}));
  tell("no file", {{"/database", folder / "no.db"}, {"/table", "t"}});
  tell("a folder", {{"/database", folder / "folder"}, {"/table", "t"}});
  tell("no database", {{"/database", folder / "text.db"}, {"/table", "t"}});
  tell("a misspelt table", table_of(folder, "ordrs"));
  tell("an unknown table", table_of(folder, "zebra"));
  tell("a zero byte", query_of(folder, std::string("SELECT 1\0", 9)));
  query("bad syntax", "SELECT id FORM orders");
  query("unfinished", "SELECT (id FROM");
  query("an unknown table in a query", "SELECT * FROM ordrs");
  query("an unknown column in a query", "SELECT id, totl FROM orders");
  query("an unknown function in a query", "SELECT sume(id) FROM orders");
  query("a function with too many arguments", "SELECT abs(1, 2)");
  query("blanks", " -- nothing\n ");
  query("a statement that writes", "DELETE FROM orders");
  query("a statement without rows", "ATTACH 'x.db' AS x");
  query("two statements", "SELECT 1; SELECT 2");
  query("a statement and rubbish", "SELECT 1; rubbish");
  query("a parameter", "SELECT * FROM orders WHERE id = :id");
  query("one name twice", "SELECT id, id FROM orders");
  query("an overflow", "SELECT abs(-9223372036854775808) AS x");
  tell("values of several types", table_of(folder, "mixed"));
  tell("integers that doubles round", table_of(folder, "wide"));
  golden.end();
}

// Loads a column of a type, and reads it back.
struct Returned {
  std::string type, before, after;
};
Returned return_trip(Schema field, Array column) {
  const Folder folder;
  const std::int64_t length = column->length;
  Column original(field.get());
  original.attach(column.get(), 0);
  Returned returned;
  for (std::int64_t row = 0; row < length; ++row) {
    if (row > 0) returned.before += ' ';
    append_json_value(returned.before, original.at(row));
  }
  std::vector<Schema> fields;
  fields.push_back(Schema::copy_of(field.get()));
  std::vector<Array> columns;
  columns.push_back(std::move(column));
  Load load({{"/database", folder / "in.db"}, {"/table", "t"}, {"/mode", "append"}});
  load.all(Schema::rows(std::move(fields)), rows_of(length, std::move(columns)));
  Extract extract(table_of(folder));
  const weir_status status = extract.all();
  INFO(extract.problem());
  REQUIRE(status == WEIR_OK);
  returned.type = extract.types();
  returned.after = extract.rows();
  CHECK(extract.collected.rejected.empty());
  return returned;
}

template <class T>
void check_numbers(const char* format, const std::string& type, std::initializer_list<T> values,
                   Metadata metadata = {}) {
  NumberBuilder<T> builder;
  for (const T value : values) builder.append(value);
  builder.append_null();
  const Returned returned = return_trip(Schema::field(format, "x", true, std::move(metadata)), builder.finish());
  CHECK(returned.type == "x " + type);
  CHECK(returned.after == returned.before);
}

TEST_CASE("what the loader stores comes back: numbers") {
  check_numbers<std::int8_t>("c", "int64", {-128, 127});
  check_numbers<std::uint32_t>("I", "int64", {UINT32_MAX});
  check_numbers<std::int64_t>("l", "int64", {INT64_MIN, 0, INT64_MAX});
  check_numbers<std::uint64_t>("L", "uint64", {1, UINT64_MAX, INT64_MAX});
  check_numbers<std::uint64_t>("L", "uint64", {1, 2});  // also where the values don't show it
  check_numbers<float>("f", "double", {0.5F, -3.0F, 1e30F});
  check_numbers<double>("g", "double", {0.1, -1e308, 5e-324, 3.0});
  check_numbers<std::int64_t>("tDm", "int64", {-5});
  check_numbers<Int128>("d:38,2", "decimal(38,2)",
                        {-1250, 5, static_cast<Int128>(1234567890123456789) * 10000000000000000 + 7});
  check_numbers<Int128>("d:5,0", "decimal(5,0)", {0, 99999});
}

TEST_CASE("what the loader stores comes back: dates and times") {
  check_numbers<std::int32_t>("tdD", "date", {0, -1, 2932896});
  check_numbers<std::int64_t>("ttu", "time", {0, 86399999999});
  check_numbers<std::int64_t>("ttn", "time", {1, 86399999999999});
  check_numbers<std::int64_t>("tsu:", "timestamp(us)", {-1, 0, 1700000000000000});
  check_numbers<std::int64_t>("tss:", "timestamp(us)", {1, 1700000000});
  check_numbers<std::int64_t>("tsn:", "timestamp(ns)", {1, 1700000000000000001});
  check_numbers<std::int64_t>("tsu:UTC", "timestamp(us, UTC)", {1});
  check_numbers<std::int64_t>("tsu:+02:00", "timestamp(us, +02:00)", {1, 5});
  check_numbers<std::int64_t>("tsu:+02:00", "timestamp(us, +02:00)", {0, 5000000},
                              {{std::string(kSpellingKey), " 0+02:00"}});
}

TEST_CASE("what the loader stores comes back: JSON, and what is no JSON is rejected") {
  std::vector<Schema> item;
  item.push_back(Schema::field("l", "item"));
  NumberBuilder<std::int64_t> items;
  items.append(1);
  items.append_null();
  const std::int32_t ends[] = {0, 2, 2};
  std::vector<Buffer> buffers(2);
  buffers[1].append(ends, sizeof ends);
  std::vector<Array> children;
  children.push_back(items.finish());
  const Returned lists = return_trip(Schema::field("+l", "x", true, {}, std::move(item)),
                                     make_array(2, 0, std::move(buffers), std::move(children)));
  CHECK(lists.after == R"("[1,null]" "[]")");
  const Folder folder;
  ask(folder / "in.db", R"(CREATE TABLE t(x JSON_TEXT); INSERT INTO t VALUES ('{"a":1}'), ('{a'), (NULL), (5))");
  Extract extract(table_of(folder));
  REQUIRE(extract.all() == WEIR_OK);
  CHECK(metadata_value(*extract.schemas.kept.at(0)->children[0], kExtensionKey) == "arrow.json");
  CHECK(extract.rows() == R"("{\"a\":1}" null "5")");
  REQUIRE(extract.collected.rejected.size() == 1);
  CHECK(extract.collected.rejected[0].reason == "not JSON");
}

TEST_CASE("what the loader stores comes back: texts, bytes, booleans, nulls") {
  TextBuilder texts;
  for (const std::string_view text : {std::string_view("007"), std::string_view(""), std::string_view("a\0b", 3),
                                      std::string_view("ü'\n"), std::string_view("2024-01-01")})
    texts.append(text);
  texts.append_null();
  const Returned text = return_trip(Schema::field("u", "x"), texts.finish());
  CHECK(text.type == "x string");
  CHECK(text.after == text.before);
  LargeTextBuilder bytes;
  bytes.append("");
  bytes.append(std::string_view("\0\xFF", 2));
  bytes.append_null();
  const Returned blob = return_trip(Schema::field("Z", "x"), bytes.finish());
  CHECK(blob.type == "x binary");
  CHECK(blob.after == blob.before);
  BooleanBuilder booleans;
  booleans.append(true);
  booleans.append_null();
  booleans.append(false);
  const Returned boolean = return_trip(Schema::field("b", "x"), booleans.finish());
  CHECK(boolean.type == "x bool");
  CHECK(boolean.after == boolean.before);
  const Returned nulls = return_trip(Schema::field("n", "x"), make_array(2, 2, {}));
  CHECK(nulls.type == "x null");
  CHECK(nulls.after == "null null");
}

}  // namespace
}  // namespace weir::sqlite
