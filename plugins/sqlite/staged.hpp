// Staged: the tables that a run fills and puts in the place of those that they replace when it is complete. Until then readers see
// the old ones. See RunTables; the record is _weir_staged.
#pragma once

#include <string>

#include "database.hpp"
#include "run_tables.hpp"

namespace weir::sqlite {

inline const RunTables& staged_tables() {
  static const RunTables tables("_weir_staged");
  return tables;
}

// Puts all that the run and link have staged in place, in one transaction, whichever lane filled them. Can be repeated.
void put_staged_in_place(Database& database, const Context& context);

}  // namespace weir::sqlite
