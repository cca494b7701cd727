// The tables of the SQLite store, by versions of their schema, which SQLite's user_version says; and the way from each to the next.
#pragma once

#include "state/sqlite_database.hpp"

namespace weir::state {

//   1  entries(key, value, version); user_version is 0, for it was not written then
//   2  entries has expires_ns; removed.floor is the highest version of all entries that were removed
constexpr std::int64_t kStoreSchema = 2;

// The version of what is there; 0: nothing is. Errors: state.newer, of one that only a newer weir can read.
base::Result<std::int64_t> schema_of(SqliteDatabase& database);

// Brings what is there to kStoreSchema, or makes it, in one transaction. Errors: as schema_of(), with nothing changed.
base::Result<void> migrate(SqliteDatabase& database);

}  // namespace weir::state
