#include "staged.hpp"

namespace weir::sqlite {

void put_staged_in_place(Database& database, const Context& context) {
  if (staged_tables().of_run(database, context).empty()) return;
  // Else SQLite would refuse to rename where a view is made of the table that has just gone.
  sqlite3_db_config(database.raw(), SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 1, nullptr);
  staged_tables().end(database, context, [&database](const RunTable& staged) {
    const std::string target = quote_identifier(staged.target);
    database.run("DROP TABLE IF EXISTS main." + target);
    database.run("ALTER TABLE main." + quote_identifier(staged.name) + " RENAME TO " + target);
  });
}

}  // namespace weir::sqlite
