// A condition on the rows of a table that is read: which come, in one split and in many, and what SQLite minds.
#include <weir_catch.hpp>

#include "extract_fixture.hpp"

namespace weir::sqlite {
namespace {

using test::Contains;

std::string read_where(const Folder& folder, const char* where) {
  Extract extract(table_of(folder).with({"/where", where}));
  return extract.all() == WEIR_OK ? extract.rows() : extract.problem();
}

TEST_CASE("only the rows that a condition allows are read") {
  const Folder folder;
  ask(folder / "in.db",
      "CREATE TABLE t(x INTEGER, y TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, NULL)");
  CHECK(read_where(folder, "x >= 2 AND x < 4") == "2|\"b\" 3|\"c\"");
  CHECK(read_where(folder, "y IS NULL OR x = 1") == "1|\"a\" 4|null");
  CHECK(read_where(folder, "x = 3 -- of all") == "3|\"c\"");
  CHECK(read_where(folder, "x > 100").empty());
}

TEST_CASE("a condition that is none, or more than one, is told at its place") {
  const Folder folder;
  ask(folder / "in.db", "CREATE TABLE t(x INTEGER)");
  CHECK_THAT(read_where(folder, "z = 1"), Contains("no such column: z"));
  CHECK_THAT(read_where(folder, "x >"), Contains("expected a condition that SQLite takes"));
  CHECK_THAT(read_where(folder, "x = ?"), Contains("expected one condition without parameters"));
  CHECK_THAT(read_where(folder, "1); DELETE FROM t WHERE (1"), Contains("expected one condition"));
  Extract query(query_of(folder, "SELECT x FROM t").with({"/where", "x = 1"}));
  CHECK(query.all() == WEIR_INVALID_ARGUMENT);
  CHECK_THAT(query.problem(), Contains("expected where beside a table, found it beside a query"));
}

}  // namespace
}  // namespace weir::sqlite
