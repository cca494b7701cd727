// Tables that lack columns of the input, or have them in other types.
#include "extract_fixture.hpp"
#include "weir_catch.hpp"

namespace weir::sqlite {
namespace {

// Loads one value of a type into column x of a table that is made by `sql` and holds rows already.
struct Widened {
  std::string problem, declared, rows, type, back;
};
Widened widened(const std::string& sql, Schema field, Array column, const char* types = "widen") {
  const Folder folder;
  ask(folder / "out.db", sql);
  std::vector<Schema> fields;
  fields.push_back(std::move(field));
  std::vector<Array> columns;
  const std::int64_t length = column->length;
  columns.push_back(std::move(column));
  Widened result;
  const Schema schema = Schema::rows(std::move(fields));
  Load load({{"/database", folder / "out.db"}, {"/table", "t"}, {"/mode", "append"}, {"/drift/types", types}});
  const auto told = [&](weir_status status) {
    if (status != WEIR_OK) result.problem = std::string(load.error.message) + "; " + load.error.hint;
    return status != WEIR_OK;
  };
  if (told(load.open(schema)) || told(load.write(rows_of(length, std::move(columns)))) || told(load.prepare()) ||
      told(load.commit()))
    return result;
  load.close();
  result.declared = ask(folder / "out.db", "SELECT type FROM pragma_table_info('t') WHERE name = 'x'");
  result.rows = ask(folder / "out.db", "SELECT quote(x) FROM t");
  Extract extract({{"/database", folder / "out.db"}, {"/table", "t"}});
  CHECK(extract.all() == WEIR_OK);
  CHECK(extract.collected.rejected.empty());
  result.type = extract.types();
  result.back = extract.rows();
  return result;
}

template <class T>
Array one(T value) {
  NumberBuilder<T> builder;
  builder.append(value);
  return builder.finish();
}
Array one_text(const char* value) {
  TextBuilder builder;
  builder.append(value);
  return builder.finish();
}

TEST_CASE("types are widened, and what was there is kept") {
  const Widened real =
      widened("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (7), (NULL)", Schema::field("g", "x"), one(2.5));
  CHECK(real.problem.empty());
  CHECK(real.declared == "REAL");
  CHECK(real.rows == "7.0 NULL 2.5");
  CHECK(real.type == "x double");
  const Widened decimal =
      widened("CREATE TABLE t(x INT); INSERT INTO t VALUES (-7)", Schema::field("d:10,2", "x"), one<Int128>(1250));
  CHECK(decimal.problem.empty());
  CHECK(decimal.declared == "DECIMAL_TEXT(21,2)");
  CHECK(decimal.type == "x decimal(21,2)");
  CHECK(decimal.back == "\"-7.00\" \"12.50\"");
  const Widened digits = widened("CREATE TABLE t(x DECIMAL_TEXT(5,1)); INSERT INTO t VALUES ('1234.5')",
                                 Schema::field("d:6,4", "x"), one<Int128>(123456));
  CHECK(digits.declared == "DECIMAL_TEXT(8,4)");
  CHECK(digits.back == "\"1234.5000\" \"12.3456\"");
  const Widened plain = widened("CREATE TABLE t(x UNSIGNED_BLOB); INSERT INTO t VALUES (7), ('18446744073709551615')",
                                Schema::field("l", "x"), one<std::int64_t>(-5));
  CHECK(plain.declared == "DECIMAL_TEXT(20,0)");
  CHECK(plain.back == "\"7\" \"18446744073709551615\" \"-5\"");
  const Widened text =
      widened("CREATE TABLE t(x REAL); INSERT INTO t VALUES (0.5), (3)", Schema::field("u", "x"), one_text("007"));
  CHECK(text.declared == "TEXT");
  CHECK(text.rows == "'0.5' '3.0' '007'");
  const Widened whole =
      widened("CREATE TABLE t(x BOOLEAN); INSERT INTO t VALUES (1)", Schema::field("l", "x"), one<std::int64_t>(5));
  CHECK(whole.declared == "INTEGER");
  CHECK(whole.back == "1 5");
  const Widened words = widened("CREATE TABLE t(x BOOLEAN); INSERT INTO t VALUES (1), (0), (NULL)",
                                Schema::field("u", "x"), one_text("maybe"));
  CHECK(words.declared == "TEXT");
  CHECK(words.rows == "'true' 'false' NULL 'maybe'");
}

TEST_CASE("a column that holds what comes is left as it is") {
  CHECK(widened("CREATE TABLE t(x REAL)", Schema::field("l", "x"), one<std::int64_t>(5)).declared == "REAL");
  CHECK(widened("CREATE TABLE t(x varchar(9))", Schema::field("l", "x"), one<std::int64_t>(5)).declared ==
        "varchar(9)");
  CHECK(widened("CREATE TABLE t(x DECIMAL_TEXT(10,2))", Schema::field("d:5,2", "x"), one<Int128>(5)).declared ==
        "DECIMAL_TEXT(10,2)");
  CHECK(widened("CREATE TABLE t(x)", Schema::field("u", "x"), one_text("a")).declared.empty());
  CHECK(widened("CREATE TABLE t(x INTEGER)", Schema::field("L", "x"), one<std::uint64_t>(5)).declared == "INTEGER");
}

TEST_CASE("what can't be widened without a loss is an error, and nothing is changed") {
  const auto problem = [](const std::string& sql, Schema field, Array column) {
    return widened(sql, std::move(field), std::move(column)).problem;
  };
  CHECK(problem("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (9007199254740993)", Schema::field("g", "x"),
                one(0.5)) ==
        "table 't': expected values of column 'x' that REAL keeps, found 9007199254740993; change the column by hand, "
        "cast what comes, or allow the loss with --allow-loss");
  CHECK(problem("CREATE TABLE t(x REAL); INSERT INTO t VALUES (0.1 + 0.2)", Schema::field("u", "x"), one_text("a")) ==
        "table 't': expected values of column 'x' that TEXT keeps, found 0.30000000000000004; change the column by "
        "hand, cast what comes, or allow the loss with --allow-loss");
  CHECK(problem("CREATE TABLE t(x DATE)", Schema::field("b", "x"), make_array(0, 0, {})).substr(0, 94) ==
        "table 't': expected columns that can be made wide enough, found that 'x' is DATE and gets bool");
  CHECK(problem("CREATE TABLE t(x INTEGER NOT NULL)", Schema::field("g", "x"), one(0.5)) ==
        "table 't': expected columns that can be made wide enough, found that 'x' is INTEGER and gets double, and is a "
        "key, NOT "
        "NULL or has a default; cast the column before, or change the table");
  CHECK(problem("CREATE TABLE t(x INTEGER); CREATE TRIGGER seen AFTER UPDATE ON t BEGIN SELECT 1; END",
                Schema::field("g", "x"), one(0.5)) ==
        "table 't': expected a table without triggers, to make column 'x' REAL, found the trigger 'seen'; change the "
        "column by hand: the trigger would see each row change");
  CHECK(problem("CREATE TABLE t(x INTEGER); CREATE INDEX by_x ON t(x)", Schema::field("g", "x"), one(0.5))
            .starts_with("table 't': expected to make column 'x' REAL, found: error in index by_x after drop column"));
}

TEST_CASE("frozen types are an error that names the columns; without a word a row is rejected") {
  CHECK(widened("CREATE TABLE t(x INTEGER)", Schema::field("g", "x"), one(0.5), "freeze").problem ==
        "table 't': expected columns of the input's types, found that 'x' is INTEGER and gets double; cast them "
        "before, or let "
        "weir widen with drift: { types: widen }");
  CHECK(widened("CREATE TABLE t(x REAL)", Schema::field("l", "x"), one<std::int64_t>(1), "freeze").problem.empty());
}

Schema towns() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "id"));
  fields.push_back(Schema::field("u", "name"));
  fields.push_back(Schema::field("u", "town"));
  fields.push_back(Schema::field("L", "size"));
  return Schema::rows(std::move(fields));
}
Array a_town() {
  std::vector<Array> columns;
  columns.push_back(one<std::int64_t>(2));
  columns.push_back(one_text("b"));
  columns.push_back(one_text("Oslo"));
  columns.push_back(one<std::uint64_t>(700));
  return rows_of(1, std::move(columns));
}

TEST_CASE("columns that the table lacks are added in the transaction of the rows") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE people(id INTEGER, name TEXT); INSERT INTO people VALUES (1, 'a')");
  const std::string before = ask(folder / "out.db", "SELECT sql FROM sqlite_schema");
  Load load(into(folder).with({"/drift/columns", "evolve"}));
  REQUIRE(load.open(towns()) == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT sql FROM sqlite_schema") == before);
  REQUIRE(load.write(a_town()) == WEIR_OK);
  REQUIRE(load.prepare() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT sql FROM sqlite_schema") == before);
  REQUIRE(load.commit() == WEIR_OK);
  CHECK(ask(folder / "out.db", "SELECT * FROM people") == "1|a|NULL|NULL 2|b|Oslo|700");
  CHECK(ask(folder / "out.db", "SELECT type FROM pragma_table_info('people')") == "INTEGER TEXT TEXT UNSIGNED_BLOB");
}

TEST_CASE("an epoch that is given up leaves the table's columns as they were") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE people(id INTEGER, name TEXT)");
  {
    Load load(into(folder).with({"/drift/columns", "evolve"}));
    REQUIRE(load.open(towns()) == WEIR_OK);
    REQUIRE(load.write(a_town()) == WEIR_OK);
  }
  CHECK(ask(folder / "out.db", "SELECT name FROM pragma_table_info('people')") == "id name");
}

TEST_CASE("a frozen table names all the columns that it lacks") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE people(id INTEGER, name TEXT)");
  for (const char* word : {"", "freeze"}) {
    Load load(into(folder).with({"/drift/columns", word}));
    CHECK(load.open(towns()) == WEIR_FAILED_PRECONDITION);
    CHECK(std::string(load.error.message) ==
          "table 'people': expected the columns 'town', 'size', as the input has, found none of them");
    CHECK(std::string(load.error.hint) == "let weir add them with drift: { columns: evolve }, or leave them out");
  }
}

TEST_CASE("rows with a value for a column that the table lacks are rejected, or it is left out where loss is allowed") {
  const Folder folder;
  ask(folder / "out.db", "CREATE TABLE people(id INTEGER, name TEXT)");
  Load rejecting(into(folder).with({"/drift/columns", "reject"}));
  rejecting.all(towns(), a_town());
  CHECK(ask(folder / "out.db", "SELECT count(*) FROM people") == "0");
  REQUIRE(rejecting.collected.rejected.size() == 1);
  Load asking(into(folder).with({"/drift/columns", "ignore"}));
  CHECK(asking.open(towns()) == WEIR_FAILED_PRECONDITION);
  CHECK(std::string(asking.error.message) ==
        "table 'people': expected a change that loses no data, found one that loses the values of column 'town', which "
        "is left out, and the values of column 'size', which is left out");
  Load ignoring(into(folder).with({"/drift/columns", "ignore"}).with({"/drift/loss", "allow"}));
  ignoring.surroundings.run = "run-2";
  ignoring.all(towns(), a_town());
  CHECK(ask(folder / "out.db", "SELECT * FROM people") == "2|b");
}

TEST_CASE("a value that is not of its column's type is rejected, or left out where loss is allowed") {
  const std::string sql = "CREATE TABLE t(x DATE)";
  CHECK(widened(sql, Schema::field("u", "x"), one_text("2026-02-29"), "reject").rows.empty());
  CHECK(widened(sql, Schema::field("u", "x"), one_text("2024-02-29"), "reject").rows == "'2024-02-29'");
  CHECK(widened(sql, Schema::field("u", "x"), one_text("2024-02-29"), "ignore")
            .problem.starts_with("table 't': expected a change that loses no data, found one that loses those values "
                                 "of column 'x' that DATE can't "
                                 "hold"));
  CHECK(widened("CREATE TABLE t(x DECIMAL(4,2))", Schema::field("d:8,2", "x"), one<Int128>(12345), "reject")
            .rows.empty());
  CHECK(widened("CREATE TABLE t(x JSON_TEXT)", Schema::field("u", "x"), one_text("{}"), "reject")
            .problem.starts_with("table 't': expected columns of the input's types, found that 'x' is JSON_TEXT"));
}

TEST_CASE("names that differ by case alone have columns of their own, and keep them") {
  const auto of = [](const char* first, const char* second) {
    std::vector<Schema> fields;
    fields.push_back(Schema::field("l", first));
    fields.push_back(Schema::field("l", second));
    return Schema::rows(std::move(fields));
  };
  const auto values = [](std::int64_t first, std::int64_t second) {
    std::vector<Array> columns;
    columns.push_back(one(first));
    columns.push_back(one(second));
    return rows_of(1, std::move(columns));
  };
  const Folder folder;
  Load(into(folder)).all(of("id", "ID"), values(1, 10));
  const std::string names = ask(folder / "out.db", "SELECT name FROM pragma_table_info('people')");
  Load again(into(folder));
  again.surroundings.run = "run-2";
  again.all(of("ID", "id"), values(20, 2));
  CHECK(ask(folder / "out.db", "SELECT * FROM people") == "1|10 2|20");
  CHECK(ask(folder / "out.db", "SELECT name FROM pragma_table_info('people')") == names);
  CHECK("id " + ask(folder / "out.db", "SELECT held FROM _weir_names WHERE name = 'ID'") == names);
}

}  // namespace
}  // namespace weir::sqlite
