// The store's schema: one of an older weir becomes today's, in one step, and one of a newer weir is left alone.
#include "state/sqlite_schema.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <vector>
#include <weir_catch.hpp>
#include <weir_test_folder.hpp>

#include "state/store.hpp"

namespace weir::state {
namespace {

using test::Folder;

// As the first weirs made it.
constexpr const char* kFirst =
    "PRAGMA journal_mode=WAL;"
    "CREATE TABLE IF NOT EXISTS entries(key TEXT PRIMARY KEY, value BLOB NOT NULL, version INTEGER NOT NULL) WITHOUT "
    "ROWID;"
    "INSERT INTO entries VALUES('run/p', CAST('{}' AS BLOB), 7), ('empty', CAST('' AS BLOB), 1)";

void tell(const std::filesystem::path& file, const char* sql) {
  auto database = SqliteDatabase::open(file, SqliteDatabase::Mode::make);
  REQUIRE(database);
  REQUIRE(database->run(sql, "write"));
}

std::int64_t asked(const std::filesystem::path& file, const char* sql) {
  auto database = SqliteDatabase::open(file, SqliteDatabase::Mode::read);
  REQUIRE(database);
  const auto number = database->number(sql);
  REQUIRE(number);
  return *number;
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a store of an older weir is brought to today's schema with all that it holds") {
  const Folder folder;
  const auto file = folder.path() / "state.db";
  tell(file, kFirst);
  {
    const auto store = open_sqlite_store(file);
    REQUIRE(store);
    CHECK((*(*store)->get("run/p"))->version == 7);
    CHECK((*(*store)->get("run/p"))->value == "{}");
    CHECK((*(*store)->get("empty"))->value.empty());
    CHECK(**(*store)->put("run/p", "x", 7) == 8);
    REQUIRE((*store)->put("soon", "gone", 0, 1));
    CHECK_FALSE((*(*store)->get("soon")).has_value());
  }
  CHECK(asked(file, "PRAGMA user_version") == kStoreSchema);
  CHECK(asked(file, "SELECT count(*) FROM entries") == 3);
}

TEST_CASE("a store that can't be brought to today's schema stays what it was") {
  const Folder folder;
  const auto file = folder.path() / "state.db";
  tell(file, kFirst);
  tell(file, "CREATE TABLE removed(mine)");  // so that the last step but two fails
  CHECK_FALSE(open_sqlite_store(file));
  CHECK(asked(file, "PRAGMA user_version") == 0);
  CHECK(asked(file, "SELECT count(*) FROM pragma_table_info('entries')") == 3);
  tell(file, "DROP TABLE removed");
  CHECK(open_sqlite_store(file));
}

TEST_CASE("a store of a newer weir is refused, and not touched") {
  const Folder folder;
  const auto file = folder.path() / "state.db";
  tell(file, "CREATE TABLE entries(other); PRAGMA user_version = 3");
  const std::string before = bytes_of(file);
  const auto store = open_sqlite_store(file);
  REQUIRE_FALSE(store);
  CHECK(store.error().code == "state.newer");
  CHECK(bytes_of(file) == before);
}

TEST_CASE("many who open an older store at once bring it on once") {
  const Folder folder;
  const auto file = folder.path() / "state.db";
  tell(file, kFirst);
  constexpr int kProcesses = 8;
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      const auto store = open_sqlite_store(file);
      _exit(store && (*(*store)->get("run/p"))->version == 7 ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int how = 0;
    REQUIRE(waitpid(child, &how, 0) == child);
    CHECK(how == 0);
  }
  CHECK(asked(file, "SELECT count(*) FROM removed") == 1);
}

}  // namespace weir::state
