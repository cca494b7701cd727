#include "state/sqlite_schema.hpp"

#include <array>

namespace weir::state {
namespace {

// The step at place n leads from version n to n + 1. A trigger keeps the floor, so that whoever removes an entry does.
constexpr std::array<const char*, kStoreSchema> kSteps{
    "CREATE TABLE entries(key TEXT PRIMARY KEY, value BLOB NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID",
    "ALTER TABLE entries ADD COLUMN expires_ns INTEGER;"
    "CREATE INDEX expiring ON entries(expires_ns) WHERE expires_ns IS NOT NULL;"
    "CREATE TABLE removed(floor INTEGER NOT NULL);"
    "INSERT INTO removed VALUES(0);"
    "CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN"
    " UPDATE removed SET floor = OLD.version WHERE floor < OLD.version; END",
};

}  // namespace

base::Result<std::int64_t> schema_of(SqliteDatabase& database) {
  WEIR_TRY_ASSIGN(const std::int64_t said, database.number("PRAGMA user_version"));
  if (said == 0) return database.number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'entries'");
  if (said <= kStoreSchema) return said;
  return base::unexpected(base::make_error(base::Status::failed_precondition, base::Fault::host, "state.newer",
                                           "expected the state store '" + database.shown() +
                                               "' to have schema version " + std::to_string(kStoreSchema) +
                                               " or an older one, found " + std::to_string(said) +
                                               ": a newer weir has written it")
                              .with_hint("run that weir, or give this one another state folder with XDG_STATE_HOME"));
}

base::Result<void> migrate(SqliteDatabase& database) {
  WEIR_TRY_ASSIGN(const std::int64_t before, schema_of(database));
  if (before == kStoreSchema) return {};
  WEIR_TRY(database.run("BEGIN IMMEDIATE", "open"));
  auto made = [&]() -> base::Result<void> {
    WEIR_TRY_ASSIGN(const std::int64_t held, schema_of(database));  // another process may have been faster
    for (std::int64_t version = held; version < kStoreSchema; ++version)
      WEIR_TRY(database.run(kSteps.at(static_cast<std::size_t>(version)), "open"));
    WEIR_TRY(database.run(("PRAGMA user_version = " + std::to_string(kStoreSchema)).c_str(), "open"));
    return database.run("COMMIT", "open");
  }();
  if (!made) sqlite3_exec(database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  return made;
}

}  // namespace weir::state
