// Query: the one statement that the extractor runs, made of its options, with mistakes in their place in the manifest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cursor_value.hpp"
#include "database.hpp"

namespace weir::sqlite {

// What to read: a table (or view), or what a SELECT gives.
struct Wanted {
  std::string database;
  std::string table;
  std::string query;
  std::string where = {};  // a condition on the table's rows; empty: all of them

  std::optional<CursorWanted> cursor = {};  // none: all rows are read

  bool is_stream = false;  // the table is one of the streams that the manifest picks

  // The option that says what to read.
  const char* option() const { return is_stream ? "" : table.empty() ? "/query" : "/table"; }
};

// Reads the options. Throws unless exactly one of table, query and a stream is there.
Wanted read_wanted(const Context& context);

// Throws if there is no such file, or if it is a folder.
void check_file(const std::string& path);

// Throws where the options say themselves what to read: then there is nothing to pick.
void check_picks(const Config& config);

// Prepares the statement, of all columns. Throws a Failure of the manifest, with the option and, where SQLite tells it, the offset in it:
// for a table that is not there (with the nearest name), for SQL that SQLite does not take, for more than one statement, for
// one that gives no rows or might write, and for parameters, which nobody could bind.
Statement prepare(const Database& database, const Wanted& wanted);

// What stands behind FROM to read it, whose rows are those of `where`.
std::string source_of(const Wanted& wanted);

// A SELECT of `columns` of the table, of the rows whose rowids `condition` allows (empty: all), in the order of rowids.
// `rowid` is the name of the table's.
std::string select_columns(const Wanted& wanted, const std::vector<std::string>& columns, const std::string& rowid,
                           const std::string& condition);

}  // namespace weir::sqlite
