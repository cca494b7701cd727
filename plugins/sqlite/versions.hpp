// Versions: the statements by which a table keeps the history of its rows. Each row of it is a version of its key, from
// valid_from until before valid_to; the current one has NULL there.
//
// 1. A key has one current version at most (a unique index), and its versions don't overlap.
// 2. Of the rows of one key and one time the last counts: what the others did is undone first.
// 3. A row that is older than what is known of its key changes nothing, for unchanged rows have left no trace between which
//    it could be put.
#pragma once

#include <string>
#include <vector>

#include "database.hpp"
#include "drift.hpp"
#include "settings.hpp"

namespace weir::sqlite {

// All statements take the parameters of the insert: the columns, and behind them the time; each uses some. Threads: as a value.
struct Versions {
  Versions() = default;
  // Precondition: the table is as it will be.
  Versions(const Database& database, const Settings& settings, const Layout& layout);

  // What is known of a row's key, beside the row.
  struct Found {
    bool open = false;  // there is a current version
    bool same = false;  // and it has the row's values
    int order =
        1;  // the row's time: 1 is later than the newest version's beginning (or, if it has ended, its end), 0 the same
  };
  static Found find(Statement& statement);
  // Whether a statement that gives one number gave another one than 0.
  static bool says_yes(Statement& statement);

  Statement seek, seek_key;    // Found, of a row with all its values, or of its key alone
  Statement was, was_not;      // does the history say the same of that time: these values; nothing
  Statement insert, end;       // a version that is current; its end
  Statement remove, reopen;    // together undo what was done at the time
  Statement mark, keep, undo;  // a savepoint around what one row does
};

// Makes the index that lets a key have one current version. Its name is one that nothing of the database has.
void make_current_index(Database& database, const Settings& settings, const Layout& layout);
// The statement for it, with a name that nothing of the database, if there is one, has.
std::string current_index_statement(const Database* database, const Settings& settings, const Layout& layout);

// Throws if a table that is there lets a key have two current versions, or two that begin at one time.
void check_versions(const Database& database, const Settings& settings, const Layout& layout,
                    const std::vector<Existing>& columns);

}  // namespace weir::sqlite
