// Staged: the tables that a run fills, epoch by epoch, and puts in the place of those that they replace when it is complete.
// Until then readers see the old ones.
//
//   _weir_staged(id INTEGER PRIMARY KEY, run, link, target TEXT, written INTEGER, UNIQUE(run, link, target))
//
// The staged table is called _weir_staged_ID_RUN; `written` is when rows were last committed to it, in seconds since 1970. Both
// tables are made in the transaction of the rows, and are gone when there is nothing left to put in place.
#pragma once

#include <string>

#include "database.hpp"

namespace weir::sqlite {

// The name of the table that context's run and link fill in the place of `target`; empty: there is none.
std::string find_staged(const Database& database, const Context& context, const std::string& target);
// Gives one a name, and remembers it; the caller makes it. Precondition: a transaction is open, find_staged() gave none.
std::string begin_staged(Database& database, const Context& context, const std::string& target);
// Notes that rows are written to them now: a run that goes on is not taken for one that was left.
void touch_staged(Database& database, const Context& context);

// Puts all that the run and link have staged in place, in one transaction, whichever lane filled them; and throws away what
// other runs staged for these tables and left more than a week ago. Writes nothing if there is nothing, so it can be repeated.
void put_staged_in_place(Database& database, const Context& context);
// Throws away what the run and link have staged.
void drop_staged(Database& database, const Context& context);

}  // namespace weir::sqlite
