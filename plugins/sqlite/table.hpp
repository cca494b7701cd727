// Table: the destination's table, as it is and as it will be: what can be known before a row is written, and the
// statements for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "affinity.hpp"
#include "database.hpp"
#include "drift.hpp"
#include "settings.hpp"

namespace weir::sqlite {

// What a look at the database says of the table.
struct Table {
  bool exists = false;
  bool without_rowid = false;
  std::vector<Affinity> affinities;             // of each of layout.columns, by what the table declares or will declare
  std::vector<std::optional<Declared>> judged;  // of each: what its values are to be, where not all are
  std::vector<std::size_t> left_out;            // places in layout.columns: the table lacks them, and goes on doing so
  std::vector<Change> changes;                  // to be made first, as the options allow
  std::vector<std::string> losses;              // what is lost by it, in words, as the options allow
};

// Looks at the table and checks that the input fits; gives the layout the names of its columns. Writes nothing. `first` says that no epoch of this run was written
// before. Of a table that is to be replaced, and has no place of its own yet, a new one is told, whatever stands there. Throws for a view, a NOT NULL column that the input lacks, a
// key without unique index, and, but for what the options let drift, a missing column and a type that does not fit.
Table look_at_table(const Database& database, const Settings& settings, const ArrowSchema& input, Layout& layout,
                    bool first);

// What look_at_table() gives for a table that is yet to be made.
Table new_table(const ArrowSchema& input, const Layout& layout);

// The table's name in SQL; the condition that a row has the key of the insert's parameters; a list of names in SQL.
std::string full_name(const Settings& settings);
std::string key_condition(const Layout& layout);
std::string list_of_names(const std::vector<std::string>& names);
// Whether a table has a unique index, or a primary key, on exactly these columns.
bool has_unique_index(const Database& database, const Settings& settings, const std::vector<Existing>& columns,
                      const std::vector<std::string>& wanted);
// The names of the unique indexes on exactly these columns that hold a part of the rows (partial) or all.
std::vector<std::string> unique_indexes(const Database& database, const Settings& settings,
                                        const std::vector<std::string>& wanted, bool partial);

std::string create_statement(const Settings& settings, const ArrowSchema& input, const Layout& layout);
std::string insert_statement(const Settings& settings, const Layout& layout);
// Deletes the row of a key, or marks it; the parameters are those of the insert, of which it uses the key's, and the time.
std::string delete_statement(const Settings& settings, const Layout& layout);

}  // namespace weir::sqlite
