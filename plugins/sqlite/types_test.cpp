// Every type into a table and back by plain SQL: the value that was there, or a reject that says why not.
#include <limits>

#include "affinity.hpp"
#include "column.hpp"
#include "json.hpp"
#include "loader_fixture.hpp"
#include "text.hpp"
#include "weir_catch.hpp"

namespace weir::sqlite {
namespace {

// One column of rows, loaded into a table of its own.
struct Loaded {
  std::string cells;  // typeof(x)|quote(x) of each row
  std::vector<std::string> reasons;
  std::string declared;
};

Loaded load_column(Schema field, Array column, const std::string& create = {}) {
  const Folder folder;
  if (!create.empty()) ask(folder / "out.db", create);
  const std::int64_t length = column->length;
  std::vector<Schema> fields;
  fields.push_back(std::move(field));
  std::vector<Array> columns;
  columns.push_back(std::move(column));
  Load load(into(folder));
  load.all(Schema::rows(std::move(fields)), rows_of(length, std::move(columns)));
  Loaded loaded;
  loaded.cells = ask(folder / "out.db", "SELECT typeof(x), quote(x) FROM people ORDER BY rowid");
  loaded.declared = ask(folder / "out.db", "SELECT type FROM pragma_table_info('people')");
  for (const auto& reject : load.collected.rejected) loaded.reasons.push_back(reject.column + ": " + reject.reason);
  CHECK(load.receipt.rows == length - static_cast<std::int64_t>(loaded.reasons.size()));
  return loaded;
}

template <class T>
Array numbers(std::initializer_list<T> values, bool with_null = true) {
  NumberBuilder<T> builder;
  for (const T value : values) builder.append(value);
  if (with_null) builder.append_null();
  return builder.finish();
}

template <class T>
std::string cells_of(const char* format, std::initializer_list<T> values) {
  return load_column(Schema::field(format, "x"), numbers(values)).cells;
}

TEST_CASE("integers of every width come back as themselves") {
  CHECK(cells_of<std::int8_t>("c", {-128, 127}) == "integer|-128 integer|127 null|NULL");
  CHECK(cells_of<std::uint8_t>("C", {0, 255}) == "integer|0 integer|255 null|NULL");
  CHECK(cells_of<std::int16_t>("s", {-32768, 32767}) == "integer|-32768 integer|32767 null|NULL");
  CHECK(cells_of<std::uint16_t>("S", {65535}) == "integer|65535 null|NULL");
  CHECK(cells_of<std::int32_t>("i", {INT32_MIN, INT32_MAX}) == "integer|-2147483648 integer|2147483647 null|NULL");
  CHECK(cells_of<std::uint32_t>("I", {UINT32_MAX}) == "integer|4294967295 null|NULL");
  CHECK(cells_of<std::int64_t>("l", {INT64_MIN, INT64_MAX}) ==
        "integer|-9223372036854775808 integer|9223372036854775807 null|NULL");
  CHECK(cells_of<std::uint64_t>("L", {1, 9223372036854775807U, 9223372036854775808U, UINT64_MAX}) ==
        "integer|1 integer|9223372036854775807 text|'9223372036854775808' text|'18446744073709551615' null|NULL");
  CHECK(cells_of<std::int64_t>("tDm", {-5}) == "integer|-5 null|NULL");
}

TEST_CASE("floating point comes back exactly, infinities too, and NaN is rejected") {
  const double values[] = {
      0.1, -1e308, 5e-324, std::nextafter(1.0, 2.0), std::numeric_limits<double>::infinity(), 12345678901234567.0};
  const Folder folder;
  NumberBuilder<double> builder;
  for (const double value : values) builder.append(value);
  builder.append(std::numeric_limits<double>::quiet_NaN());
  std::vector<Schema> fields;
  fields.push_back(Schema::field("g", "x"));
  std::vector<Array> columns;
  columns.push_back(builder.finish());
  Load load(into(folder));
  load.all(Schema::rows(std::move(fields)), rows_of(7, std::move(columns)));
  REQUIRE(load.collected.rejected.size() == 1);
  CHECK(load.collected.rejected[0].row == 6);
  CHECK(load.collected.rejected[0].reason == "NaN, for which SQLite keeps NULL");
  sqlite3* raw = nullptr;
  sqlite3_stmt* statement = nullptr;
  REQUIRE(sqlite3_open((folder / "out.db").c_str(), &raw) == SQLITE_OK);
  REQUIRE(sqlite3_prepare_v2(raw, "SELECT x FROM people ORDER BY rowid", -1, &statement, nullptr) == SQLITE_OK);
  for (const double value : values) {
    REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
    CHECK(sqlite3_column_type(statement, 0) == SQLITE_FLOAT);
    CHECK(std::equal_to<>()(sqlite3_column_double(statement, 0), value));
  }
  sqlite3_finalize(statement);
  sqlite3_close(raw);
  CHECK(cells_of<float>("f", {0.5F, 3.0F}) == "real|0.5 real|3.0 null|NULL");
  // SQLite keeps whole numbers as integers, which have no negative zero.
  CHECK(cells_of<double>("g", {-0.0, 0.0, -1e-300}) == "real|0.0 real|0.0 real|-1.0e-300 null|NULL");
}

TEST_CASE("texts and bytes come back byte for byte, with zero bytes and empty ones") {
  TextBuilder texts;
  for (const std::string_view text :
       {std::string_view("007"), std::string_view(""), std::string_view("a\0b", 3), std::string_view("ü'\n")})
    texts.append(text);
  texts.append_null();
  const auto loaded = load_column(Schema::field("u", "x"), texts.finish(), "");
  CHECK(loaded.declared == "TEXT");
  CHECK(loaded.cells == "text|'007' text|'' text|'a' text|'ü''\n' null|NULL");
  LargeTextBuilder bytes;
  bytes.append("");
  bytes.append(std::string_view("\0\xFF", 2));
  bytes.append_null();
  const auto blobs = load_column(Schema::field("Z", "x"), bytes.finish());
  CHECK(blobs.cells == "blob|X'' blob|X'00FF' null|NULL");
}

TEST_CASE("a text keeps what is behind its zero byte, and may be of many megabytes") {
  const Folder folder;
  Load load(into(folder));
  const std::string huge(20'000'000, 'x');
  load.all(people(), some_people(1, 1, std::string("a\0bc", 4)));
  load.all(people(), some_people(2, 1, huge), 2);
  CHECK(ask(folder / "out.db", "SELECT length(CAST(name AS BLOB)) FROM people") == "4 20000000");
}

TEST_CASE("booleans are 0 and 1") {
  BooleanBuilder builder;
  builder.append(true);
  builder.append(false);
  builder.append_null();
  const auto loaded = load_column(Schema::field("b", "x"), builder.finish());
  CHECK(loaded.declared == "BOOLEAN");
  CHECK(loaded.cells == "integer|1 integer|0 null|NULL");
}

TEST_CASE("dates, times and timestamps are ISO 8601, and stay text") {
  CHECK(cells_of<std::int32_t>("tdD", {0, -1, 19723, 2932896}) ==
        "text|'1970-01-01' text|'1969-12-31' text|'2024-01-01' text|'9999-12-31' null|NULL");
  CHECK(cells_of<std::int64_t>("tdm", {86400000}) == "text|'1970-01-02' null|NULL");
  CHECK(cells_of<std::int32_t>("tts", {86399}) == "text|'23:59:59' null|NULL");
  CHECK(cells_of<std::int64_t>("ttu", {1}) == "text|'00:00:00.000001' null|NULL");
  CHECK(cells_of<std::int64_t>("tss:", {1}) == "text|'1970-01-01T00:00:01' null|NULL");
  CHECK(cells_of<std::int64_t>("tsu:", {-1, 0}) ==
        "text|'1969-12-31T23:59:59.999999' text|'1970-01-01T00:00:00.000000' null|NULL");
  CHECK(cells_of<std::int64_t>("tsm:UTC", {1}) == "text|'1970-01-01T00:00:00.001Z' null|NULL");
  const auto spelled = load_column(Schema::field("tsu:UTC", "x", true, {{std::string(kSpellingKey), " 0+02:00"}}),
                                   numbers<std::int64_t>({0, 5}));
  CHECK(spelled.cells == "text|'1970-01-01 02:00:00+02:00' text|'1970-01-01 02:00:00.000005+02:00' null|NULL");
  const auto beyond = load_column(Schema::field("tdD", "x"), numbers<std::int32_t>({2932897}));
  CHECK(beyond.reasons ==
        std::vector<std::string>{"x: a date or time outside the years 0001 to 9999, or outside the day"});
}

TEST_CASE("decimals keep all their digits") {
  NumberBuilder<Int128> builder;
  builder.append(static_cast<Int128>(-1250));
  builder.append(static_cast<Int128>(5));
  builder.append(static_cast<Int128>(1234567890123456789) * 10000000000000000 + 7);
  const auto loaded = load_column(Schema::field("d:38,2", "x"), builder.finish());
  CHECK(loaded.declared == "DECIMAL_TEXT(38,2)");
  CHECK(loaded.cells == "text|'-12.50' text|'0.05' text|'123456789012345678900000000000000.07'");
}

TEST_CASE("decimals of 256 bits and intervals have a text of their own") {
  char text[kMaxText];
  const auto decimal = [&](std::int64_t low, std::int64_t high, int scale) {
    const std::int64_t limbs[4] = {low, high, high < 0 ? -1 : 0, high < 0 ? -1 : 0};
    return std::string(text, write_decimal256(text, limbs, scale));
  };
  CHECK(decimal(0, 0, 0) == "0");
  CHECK(decimal(0, 0, 3) == "0.000");
  CHECK(decimal(12345, 0, 2) == "123.45");
  CHECK(decimal(-5, -1, 3) == "-0.005");
  CHECK(decimal(7, 0, -3) == "7000");
  CHECK(decimal(0, 1, 0) == "18446744073709551616");
  const std::int64_t least[4] = {0, 0, 0, INT64_MIN};
  CHECK(std::string(text, write_decimal256(text, least, 0)) ==
        "-57896044618658097711785492504343953926634992332820282019728792003956564819968");
  const auto interval = [&](std::int64_t months, std::int64_t days, std::int64_t nanos) {
    return std::string(text, write_interval(text, months, days, nanos));
  };
  CHECK(interval(0, 0, 0) == "PT0S");
  CHECK(interval(14, 3, 1500000000) == "P14M3DT1.5S");
  CHECK(interval(-1, 0, -1) == "P-1MT-0.000000001S");
  CHECK(interval(0, 1, 0) == "P1D");
}

Array list_of(Array items, std::initializer_list<std::int32_t> ends) {
  std::vector<Buffer> buffers(2);
  const std::int32_t zero = 0;
  buffers[1].append(&zero, 4);
  for (const std::int32_t end : ends) buffers[1].append(&end, 4);
  std::vector<Array> children;
  children.push_back(std::move(items));
  return make_array(static_cast<std::int64_t>(ends.size()), 0, std::move(buffers), std::move(children));
}

TEST_CASE("lists, structs and maps are JSON") {
  std::vector<Schema> item;
  item.push_back(Schema::field("l", "item"));
  const auto lists = load_column(Schema::field("+l", "x", true, {}, std::move(item)),
                                 list_of(numbers<std::int64_t>({1, 2}), {2, 2, 3}));
  CHECK(lists.declared == "JSON_TEXT");
  CHECK(lists.cells == "text|'[1,2]' text|'[]' text|'[null]'");

  std::vector<Schema> parts;
  parts.push_back(Schema::field("u", "a\"b"));
  parts.push_back(Schema::field("g", "n"));
  parts.push_back(Schema::field("z", "raw"));
  TextBuilder texts, raws;
  texts.append("x\n\x01");
  raws.append("Ma");
  std::vector<Array> columns;
  columns.push_back(texts.finish());
  columns.push_back(numbers<double>({0.5}, false));
  columns.push_back(raws.finish());
  const auto structs =
      load_column(Schema::field("+s", "x", true, {}, std::move(parts)), rows_of(1, std::move(columns)));
  CHECK(structs.cells == R"(text|'{"a\"b":"x\n\u0001","n":0.5,"raw":"TWE="}')");

  std::vector<Schema> nan;
  nan.push_back(Schema::field("g", "item"));
  const auto refused = load_column(Schema::field("+l", "x", true, {}, std::move(nan)),
                                   list_of(numbers<double>({std::nan("")}, false), {1}));
  CHECK(refused.reasons == std::vector<std::string>{"x: a number that JSON can't say (NaN or infinite)"});
}

TEST_CASE("a map is an object if its keys are texts, else a list of pairs") {
  const auto cells = [](bool texts) {
    std::vector<Schema> pair, entries;
    pair.push_back(Schema::field(texts ? "u" : "l", "key", false));
    pair.push_back(Schema::field("b", "value"));
    entries.push_back(Schema::field("+s", "entries", false, {}, std::move(pair)));
    TextBuilder keys;
    keys.append("k");
    BooleanBuilder values;
    values.append(true);
    std::vector<Array> columns;
    columns.push_back(texts ? keys.finish() : numbers<std::int64_t>({7}, false));
    columns.push_back(values.finish());
    return load_column(Schema::field("+m", "x", true, {}, std::move(entries)),
                       list_of(rows_of(1, std::move(columns)), {1}))
        .cells;
  };
  CHECK(cells(true) == R"(text|'{"k":true}')");
  CHECK(cells(false) == "text|'[[7,true]]'");
}

TEST_CASE("a slice loads its own rows alone") {
  const Folder folder;
  Load load(into(folder));
  Array rows = some_people(1, 10);
  rows.address()->offset = 4;
  rows.address()->length = 3;
  load.all(people(), std::move(rows));
  CHECK(ask(folder / "out.db", "SELECT * FROM people") == "5|n5 6|n6 7|n7");
}

TEST_CASE("integers without sign get a column that changes no value and says what they are") {
  const Loaded loaded = load_column(Schema::field("L", "x"), numbers<std::uint64_t>({1, UINT64_MAX}, false));
  CHECK(loaded.cells == "integer|1 text|'18446744073709551615'");
  CHECK(loaded.declared == "UNSIGNED_BLOB");
  CHECK(affinity_of(loaded.declared) == Affinity::none);
}

TEST_CASE("a column of nulls has no declared type") {
  std::vector<Buffer> none;
  const auto loaded = load_column(Schema::field("n", "x"), make_array(2, 2, std::move(none)));
  CHECK(loaded.cells == "null|NULL null|NULL");
  CHECK(loaded.declared.empty());
}

TEST_CASE("a dictionary is decoded") {
  Schema values = Schema::field("u", "");
  ArrowSchema dictionary = values.release();
  Schema field = Schema::field("c", "x");
  field.address()->dictionary = &dictionary;
  TextBuilder words;
  words.append("red");
  words.append("green");
  ArrowArray held = words.finish().release();
  Array column = numbers<std::int8_t>({1, 0, 1});
  column.address()->dictionary = &held;
  const Schema copy = Schema::copy_of(field.get());
  field.address()->dictionary = nullptr;
  Column reader(*&copy.get());
  reader.attach(column.get(), 0);
  CHECK(reader.at(0).bytes == "green");
  CHECK(reader.at(1).bytes == "red");
  CHECK(reader.at(3).kind == Value::Kind::null);
  CHECK(declared_type(copy.get()) == "TEXT");
  column.address()->dictionary = nullptr;
  held.release(&held);
  dictionary.release(&dictionary);
}

TEST_CASE("an existing column that would change a value gets the row rejected, not the value changed") {
  const auto texts = [](std::initializer_list<std::string_view> values) {
    TextBuilder builder;
    for (const auto value : values) builder.append(value);
    return builder.finish();
  };
  const auto numeric =
      load_column(Schema::field("u", "x"),
                  texts({"007", "12", "a", "1.5", "+1", " 1", "1e5", "9223372036854775808", "-0", "2024-01-01"}),
                  "CREATE TABLE people(x NUMERIC)");
  CHECK(numeric.cells == "integer|12 text|'a' real|1.5 text|'2024-01-01'");
  CHECK(numeric.reasons.size() == 6);
  const auto real = load_column(Schema::field("l", "x"), numbers<std::int64_t>({5, (1LL << 53) + 1}, false),
                                "CREATE TABLE people(x DOUBLE)");
  CHECK(real.cells == "real|5.0");
  CHECK(real.reasons == std::vector<std::string>{"x: an integer that a REAL column would round"});
  const auto text =
      load_column(Schema::field("g", "x"), numbers<double>({0.1 + 0.2}, false), "CREATE TABLE people(x TEXT)");
  CHECK(text.cells == "text|'0.30000000000000004'");
  const auto strict = load_column(Schema::field("u", "x"), texts({"a"}), "CREATE TABLE people(x INTEGER) STRICT");
  CHECK(strict.reasons == std::vector<std::string>{": violates the type of a STRICT table"});
  const auto primary = load_column(Schema::field("u", "x"), texts({"a"}), "CREATE TABLE people(x INTEGER PRIMARY KEY)");
  CHECK(primary.reasons == std::vector<std::string>{": not an integer, as the INTEGER PRIMARY KEY must be"});
}

TEST_CASE("affinities follow SQLite's rules") {
  CHECK(affinity_of("UNSIGNED BIG INT") == Affinity::integer);
  CHECK(affinity_of("varchar(20)") == Affinity::text);
  CHECK(affinity_of("") == Affinity::none);
  CHECK(affinity_of("double precision") == Affinity::real);
  CHECK(affinity_of("CHARINT") == Affinity::integer);
  CHECK(affinity_of("DECIMAL(10,2)") == Affinity::numeric);
  CHECK(affinity_of("DATE") == Affinity::numeric);
}

}  // namespace
}  // namespace weir::sqlite
