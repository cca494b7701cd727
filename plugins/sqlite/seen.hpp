// Seen: the keys that a run has brought, of a table from which rows that did not come are to be deleted (delete_missing). When
// the run is complete the table is held against them, in one transaction. See RunTables; the record is _weir_seen.
//
// A table of keys has the columns of the target's key, by their names and with the collations of its index, and, where rows are
// not taken away but marked, or their versions ended, one of the name of the column for that time, which may be NULL. Keys are appended
// as they come, some more than once; their index is made at the end, in one sort, which costs less than to keep it up.
#pragma once

#include <string>

#include "database.hpp"
#include "run_tables.hpp"
#include "settings.hpp"

namespace weir::sqlite {

inline const RunTables& seen_tables() {
  static const RunTables tables("_weir_seen");
  return tables;
}

// Finds or makes the table of keys; gives the statement that adds the key of a row, which uses the insert's parameters.
// `first`: no epoch of the run was written before. Precondition: a transaction is open, the target is as it will be.
Statement remember_keys(Database& database, const Context& context, const Settings& settings, const Layout& layout,
                        bool first);

// Deletes, marks or ends what the run has not brought, of all tables that it and the link have loaded so; tells how many. Can be
// repeated.
void delete_missing(Database& database, const Context& context);

}  // namespace weir::sqlite
