// SQLite as an oracle: random, well-typed conditions over random tables with nulls pick the same rows there and here. The
// seed is printed; WEIR_SEED repeats it. What differs by design is not generated: SQLite rounds int64 and double to one type,
// knows no decimals, and gives null for a division by zero (here the row is rejected, so no row of either counts).
#include <cstdlib>
#include <random>

#include <sqlite3.h>

#include <weir_catch.hpp>
#include <weir_fake_host.hpp>

#include "filter.hpp"

namespace {

using namespace weir;
using Rows = std::vector<std::uint32_t>;

constexpr int kOracleRows = 1500;
constexpr int kExpressions = 1500;

// A table with columns of every type that both know, there and here.
struct Table {
  std::vector<std::optional<std::int64_t>> a, b, small;
  std::vector<std::optional<double>> x, y;
  std::vector<std::optional<std::string>> s, t;
  std::vector<std::optional<bool>> p, q;
};

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  int below(int count) { return static_cast<int>(engine_() % static_cast<std::uint32_t>(count)); }
  bool chance(int percent) { return below(100) < percent; }
  template <class T>
  const T& one_of(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(below(static_cast<int>(list.size())))];
  }

 private:
  std::mt19937 engine_;
};

template <class T, class Make>
std::vector<std::optional<T>> column(Random& random, int nulls, Make make) {
  std::vector<std::optional<T>> values;
  for (int i = 0; i < kOracleRows; ++i)
    values.push_back(random.chance(nulls) ? std::optional<T>() : std::optional<T>(make()));
  return values;
}

Table table_of(Random& random) {
  const std::vector<std::string> words = {"",    "a",  "A",  "ab",  "abc",         "b",
                                          "US",  "DE", "FR", "usa", "hello world", "a%b",
                                          "a_b", "ä",  "äb", "1",   "12345678",    "123456789"};
  const auto integer = [&] { return std::int64_t{random.below(21)} - 10; };
  const auto real = [&] { return (random.below(81) - 40) / 4.0; };
  const auto word = [&] { return random.one_of(words); };
  const auto flag = [&] { return random.chance(50); };
  return {column<std::int64_t>(random, 15, integer),
          column<std::int64_t>(random, 0, integer),
          column<std::int64_t>(random, 10, integer),
          column<double>(random, 15, real),
          column<double>(random, 0, real),
          column<std::string>(random, 15, word),
          column<std::string>(random, 0, word),
          column<bool>(random, 15, flag),
          column<bool>(random, 0, flag)};
}

// Writes conditions that mean the same in both languages.
class Conditions {
 public:
  explicit Conditions(Random& random) : random_(random) {}

  std::string condition(int depth) {
    if (depth <= 0) return random_.chance(70) ? comparison(0) : flag();
    switch (random_.below(12)) {
      case 0:
      case 1: return "(" + condition(depth - 1) + " and " + condition(depth - 1) + ")";
      case 2:
      case 3: return "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
      case 4: return "not (" + condition(depth - 1) + ")";
      case 5: return "(" + value(depth - 1) + " is " + (random_.chance(50) ? "not null)" : "null)");
      case 6:
        return "(case when " + condition(depth - 1) + " then " + condition(depth - 1) + " else " +
               condition(depth - 1) + " end)";
      case 7: return "(" + condition(depth - 1) + " and " + condition(depth - 1) + " and " + condition(depth - 1) + ")";
      default: return comparison(depth);
    }
  }

 private:
  std::string value(int depth) {
    switch (random_.below(4)) {
      case 0: return integer(depth);
      case 1: return real(depth);
      case 2: return text(depth);
      default: return condition(depth);
    }
  }
  std::string comparison(int depth) {
    switch (random_.below(10)) {
      case 0: return "(" + integer(depth) + op() + integer(depth) + ")";
      case 1: return "(" + real(depth) + op() + real(depth) + ")";
      case 2: return "(" + integer(depth) + op() + real(depth) + ")";
      case 3: return "(" + real(depth) + op() + integer(depth) + ")";
      case 4: return "(" + text(depth) + op() + text(depth) + ")";
      case 5: return "(" + integer(depth) + no() + "between " + integer(depth) + " and " + integer(depth) + ")";
      case 6: return "(" + integer(depth) + no() + "in (" + list([&] { return integer(0); }) + "))";
      case 7: return "(" + text(depth) + no() + "in (" + list([&] { return text(0); }) + "))";
      case 8: return "(" + text(depth) + no() + "like " + random_.one_of(patterns_) + ")";
      default: return "(" + text(depth) + no() + "like 'a!" + (random_.chance(50) ? "%" : "_") + "%' escape '!')";
    }
  }
  std::string flag() {
    return random_.chance(50) ? "p" : random_.chance(80) ? "q" : random_.chance(50) ? "true" : "null";
  }
  std::string op() { return " " + random_.one_of(operators_) + " "; }
  std::string no() { return random_.chance(30) ? " not " : " "; }

  template <class Item>
  std::string list(Item item) {
    std::string out = item();
    for (int i = random_.below(12); i > 0; --i) out += ", " + (random_.chance(8) ? std::string("null") : item());
    return out;
  }

  std::string integer(int depth) {
    if (depth <= 0 || random_.chance(30))
      return random_.chance(70) ? random_.one_of(integers_) : std::to_string(random_.below(13) - 6);
    switch (random_.below(8)) {
      case 0: return "(" + integer(depth - 1) + " + " + integer(depth - 1) + ")";
      case 1: return "(" + integer(depth - 1) + " - " + integer(depth - 1) + ")";
      case 2: return "(" + integer(0) + " * " + integer(0) + ")";
      case 3: return "(" + integer(depth - 1) + " / " + std::to_string(1 + random_.below(4)) + ")";
      case 4: return "(" + integer(depth - 1) + " % " + std::to_string(1 + random_.below(4)) + ")";
      case 5: return "coalesce(" + integer(depth - 1) + ", " + integer(depth - 1) + ")";
      case 6: return "length(" + text(depth - 1) + ")";
      default:
        return "(case when " + condition(depth - 1) + " then " + integer(depth - 1) + " when " + condition(0) +
               " then " + integer(0) + " end)";
    }
  }
  std::string real(int depth) {
    if (depth <= 0 || random_.chance(30))
      return random_.chance(70) ? random_.one_of(reals_) : std::to_string(random_.below(40) - 20) + ".25e0";
    switch (random_.below(5)) {
      case 0: return "(" + real(depth - 1) + " + " + real(depth - 1) + ")";
      case 1: return "(" + real(depth - 1) + " - " + integer(depth - 1) + ")";
      case 2: return "(" + real(0) + " * " + real(0) + ")";
      case 3: return "abs(" + real(depth - 1) + ")";
      default: return "coalesce(" + real(depth - 1) + ", " + real(depth - 1) + ")";
    }
  }
  std::string text(int depth) {
    if (depth <= 0 || random_.chance(40))
      return random_.chance(70) ? random_.one_of(texts_) : random_.one_of(literals_);
    switch (random_.below(6)) {
      case 0: return "(" + text(depth - 1) + " || " + text(depth - 1) + ")";
      case 1: return "upper(" + random_.one_of(std::vector<std::string>{"'abc'", "'x Y'"}) + ")";
      case 2:
        return "substr(" + text(depth - 1) + ", " + std::to_string(1 + random_.below(4)) + ", " +
               std::to_string(random_.below(4)) + ")";
      case 3: return "replace(" + text(depth - 1) + ", 'a', 'xy')";
      case 4: return "coalesce(" + text(depth - 1) + ", " + text(depth - 1) + ")";
      default: return "nullif(" + text(depth - 1) + ", " + text(0) + ")";
    }
  }

  Random& random_;
  const std::vector<std::string> operators_ = {"=", "==", "<>", "!=", "<", "<=", ">", ">="};
  const std::vector<std::string> integers_ = {"a", "b", "small"};
  const std::vector<std::string> reals_ = {"x", "y"};
  const std::vector<std::string> texts_ = {"s", "t"};
  const std::vector<std::string> literals_ = {"''",         "'a'",           "'ab'", "'US'",   "'DE'",
                                              "'12345678'", "'hello world'", "'ä'",  "'it''s'"};
  const std::vector<std::string> patterns_ = {"'a%'",  "'%b'", "'%b%'", "'a_b'",   "'_'", "'%'",
                                              "'a%b'", "''",   "'_%_'", "'%l%o%'", "'ab'"};
};

template <class Builder, class T>
Array built(const std::vector<std::optional<T>>& values) {
  Builder builder;
  for (const auto& value : values) {
    if (value) {
      builder.append(*value);
    } else {
      builder.append_null();
    }
  }
  return builder.finish();
}

std::vector<std::optional<std::int16_t>> narrow(const std::vector<std::optional<std::int64_t>>& values) {
  std::vector<std::optional<std::int16_t>> out;
  for (const auto& value : values)
    out.push_back(value ? std::optional<std::int16_t>(static_cast<std::int16_t>(*value)) : std::nullopt);
  return out;
}

Array array_of(const Table& table) {
  std::vector<Array> columns;
  columns.push_back(built<NumberBuilder<std::int64_t>>(table.a));
  columns.push_back(built<NumberBuilder<std::int64_t>>(table.b));
  columns.push_back(built<NumberBuilder<std::int16_t>>(narrow(table.small)));
  columns.push_back(built<NumberBuilder<double>>(table.x));
  columns.push_back(built<NumberBuilder<double>>(table.y));
  columns.push_back(built<TextBuilder>(table.s));
  columns.push_back(built<LargeTextBuilder>(table.t));
  columns.push_back(built<BooleanBuilder>(table.p));
  columns.push_back(built<BooleanBuilder>(table.q));
  return rows_of(kOracleRows, std::move(columns));
}

Schema schema_of_table() {
  std::vector<Schema> fields;
  const std::pair<const char*, const char*> columns[] = {{"a", "l"}, {"b", "l"}, {"small", "s"}, {"x", "g"}, {"y", "g"},
                                                         {"s", "u"}, {"t", "U"}, {"p", "b"},     {"q", "b"}};
  for (const auto& [name, format] : columns) fields.push_back(Schema::field(format, name));
  return Schema::rows(std::move(fields));
}

class Oracle {
 public:
  explicit Oracle(const Table& table) {
    REQUIRE(sqlite3_open(":memory:", &database_) == SQLITE_OK);
    run("pragma case_sensitive_like = true");
    run("create table r (a integer, b integer, small integer, x real, y real, s text, t text, p integer, q integer)");
    run("begin");
    sqlite3_stmt* insert = prepared("insert into r values (?,?,?,?,?,?,?,?,?)");
    for (std::size_t i = 0; i < kOracleRows; ++i) {
      int at = 1;
      for (const auto* column : {&table.a, &table.b, &table.small})
        (*column)[i] ? sqlite3_bind_int64(insert, at++, *(*column)[i]) : sqlite3_bind_null(insert, at++);
      for (const auto* column : {&table.x, &table.y})
        (*column)[i] ? sqlite3_bind_double(insert, at++, *(*column)[i]) : sqlite3_bind_null(insert, at++);
      for (const auto* column : {&table.s, &table.t}) {
        if ((*column)[i]) {
          sqlite3_bind_text(insert, at++, (*column)[i]->c_str(), -1, SQLITE_TRANSIENT);
        } else {
          sqlite3_bind_null(insert, at++);
        }
      }
      for (const auto* column : {&table.p, &table.q})
        (*column)[i] ? sqlite3_bind_int(insert, at++, *(*column)[i] ? 1 : 0) : sqlite3_bind_null(insert, at++);
      REQUIRE(sqlite3_step(insert) == SQLITE_DONE);
      sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    run("commit");
  }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;
  ~Oracle() { sqlite3_close(database_); }

  Rows rows(const std::string& condition) {
    sqlite3_stmt* query = prepared("select rowid from r where " + condition + " order by rowid");
    Rows found;
    while (sqlite3_step(query) == SQLITE_ROW)
      found.push_back(static_cast<std::uint32_t>(sqlite3_column_int64(query, 0) - 1));
    sqlite3_finalize(query);
    return found;
  }

 private:
  void run(const std::string& sql) {
    REQUIRE(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  sqlite3_stmt* prepared(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    INFO(sql << ": " << sqlite3_errmsg(database_));
    REQUIRE(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    return statement;
  }
  sqlite3* database_ = nullptr;
};

}  // namespace

TEST_CASE("filter picks the rows that SQLite picks") {
  const char* given = std::getenv("WEIR_SEED");
  const auto seed =
      given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
  Catch::cout() << "seed " << seed << ": repeat with WEIR_SEED=" << seed << "\n";
  Random random(seed);
  const Table table = table_of(random);
  const Array rows = array_of(table);
  const Schema schema = schema_of_table();
  Oracle oracle(table);
  Conditions writer(random);
  int picking = 0;
  for (int i = 0; i < kExpressions; ++i) {
    const std::string condition = writer.condition(random.below(5));
    if (condition.size() > 60'000) continue;
    INFO("seed " << seed << "\n" << condition);
    test::FakeHost host({.texts = {{"/where", condition}}});
    const weir_status status = host.create<expr::Filter>(schema.get());
    INFO(host.error.message);
    REQUIRE(status == WEIR_OK);
    const auto outcome = host.process(rows.get());
    REQUIRE(outcome.rejected.empty());
    const Rows expected = oracle.rows(condition);
    REQUIRE(outcome.selected == expected);
    picking += !expected.empty() && expected.size() < kOracleRows ? 1 : 0;
  }
  CHECK(picking > kExpressions / 3);  // or the conditions say too little
}
