// The streams of the extractor: which tables there are, what is told of them, and that one of them is read by its stream's name.
#include <weir_catch.hpp>

#include "extract_fixture.hpp"

namespace weir::sqlite {
namespace {

using test::Contains;

// What the component lists, a line a stream: name, columns, keys, cursors, rows.
class Listing {
 public:
  explicit Listing(const std::string& database, testing::Options more = {}) : surroundings_(with(database, more)) {
    const auto* component = testing::component_of(weir_plugin_v1(), "sqlite", WEIR_KIND_EXTRACTOR);
    const auto* discover = static_cast<const weir_discover*>(component->extension(to_weir(WEIR_DISCOVER)));
    table_ = {{sizeof(weir_stream_sink), put}, this};
    status = discover->streams(surroundings_.context(), &table_.raw, &error);
  }
  weir_status status = WEIR_OK;
  weir_error error = testing::no_error();
  std::string text;

 private:
  struct Table {
    weir_stream_sink raw{};
    Listing* self = nullptr;
  };
  static testing::Options with(const std::string& database, testing::Options more) {
    more.with({"/database", database});
    return more;
  }
  static weir_status put(const weir_stream_sink* raw, const weir_stream* stream, ArrowSchema* schema) {
    auto& text = reinterpret_cast<const Table*>(raw)->self->text;
    text += std::string(to_view(stream->name)) + ":";
    const Schema taken = schema == nullptr ? Schema() : Schema(schema);
    for (std::int64_t i = 0; schema != nullptr && i < taken->n_children; ++i)
      text += " " + std::string(taken->children[i]->name) + " " + type_name(*taken->children[i]);
    text += "; " + std::string(to_view(stream->keys)) + "; " + std::string(to_view(stream->cursors)) + "; " +
            std::to_string(stream->rows) + "\n";
    return WEIR_OK;
  }
  testing::Surroundings surroundings_;
  Table table_;
};

TEST_CASE("tables are listed with their columns, keys, cursors and about how many rows they have") {
  const Folder folder;
  ask(folder / "in.db",
      "CREATE TABLE orders(id INTEGER PRIMARY KEY AUTOINCREMENT, total DECIMAL(10,2), at TIMESTAMP);"
      "INSERT INTO orders(total) VALUES (1), (2), (3);"
      "CREATE TABLE \"Item s\"(b TEXT, a INT, x, PRIMARY KEY(a, b)) WITHOUT ROWID;"
      "CREATE TABLE bare(x REAL, y INT GENERATED ALWAYS AS (x * 2));"
      "CREATE VIEW totals AS SELECT sum(total) FROM orders;"
      "CREATE TABLE _weir_tokens(x); CREATE INDEX by_total ON orders(total);");
  const Listing listing(folder / "in.db");
  CHECK(listing.text ==
        "Item s: b string a int64 x string; [\"a\",\"b\"]; ; -1\n"
        "bare: x double y int64; ; ; 0\n"
        "orders: id int64 total decimal(10,2) at timestamp(us); [\"id\"]; [\"id\"]; 3\n");
}

TEST_CASE("a name with a dot or a quote is written so that it stays one part, and read by that") {
  const Folder folder;
  ask(folder / "in.db",
      "CREATE TABLE \"a.b\"(x INT); INSERT INTO \"a.b\" VALUES (7); CREATE TABLE \"say \"\"hi\"\"\"(x INT);"
      "CREATE TABLE \"gar\u00e7on\"(x INT);");
  const Listing listing(folder / "in.db");
  CHECK(listing.text == "\"a.b\": x int64; ; ; 1\n\"say \"\"hi\"\"\": x int64; ; ; 0\ngar\u00e7on: x int64; ; ; 0\n");
  Extract extract({{"/database", folder / "in.db"}});
  extract.surroundings.stream = "\"a.b\"";
  REQUIRE(extract.all() == WEIR_OK);
  CHECK(extract.rows() == "7");
  CHECK(extract.splits.kept.at(0).id == "in.db table a.b");
}

TEST_CASE("names of streams are taken apart as they are put together") {
  CHECK(stream_name({"public", "orders"}) == "public.orders");
  CHECK(stream_name({"public", "a.\"b"}) == "public.\"a.\"\"b\"");
  CHECK(stream_name({""}) == "\"\"");
  const auto there_and_back = [](const std::vector<std::string>& parts) {
    return stream_parts(stream_name({parts.begin(), parts.end()})) == parts;
  };
  for (const std::string part : {"a", "", ".", "\"", "a\"b", "\".\"", "\"\"", "a b"}) {
    CHECK(there_and_back({part}));
    CHECK(there_and_back({part, "orders"}));
    CHECK(there_and_back({"shop", part}));
  }
  for (const std::string text : {"\"open", "a\"b", "\"a\"b", "\"a\"\""})
    CHECK(stream_parts(text) == std::vector<std::string>{text});
}

TEST_CASE("who picks streams says no table and no query beside them") {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(x)");
  const Listing listing(folder / "in.db", {{"/table", "t"}});
  CHECK(listing.status == WEIR_INVALID_ARGUMENT);
  CHECK(std::string(listing.error.message) == "expected either streams or table, found both");
  CHECK(std::string(listing.error.option) == "/table");
  Extract extract(query_of(folder, "SELECT 1"));
  extract.surroundings.stream = "t";
  CHECK(extract.plan() == WEIR_INVALID_ARGUMENT);
  CHECK_THAT(extract.problem(), Contains("expected either streams or query, found both"));
  Extract gone({{"/database", folder / "in.db"}});
  gone.surroundings.stream = "u";
  CHECK(gone.all() == WEIR_NOT_FOUND);
  CHECK_THAT(gone.problem(), Contains("no table 'u' in"));
}

TEST_CASE("a database that is not there has no streams") {
  const Folder folder;
  const Listing listing(folder / "none.db");
  CHECK(listing.status == WEIR_NOT_FOUND);
  CHECK_THAT(listing.error.message, Contains("expected a database, found none"));
}

}  // namespace
}  // namespace weir::sqlite
