// Query: the one statement that the extractor runs, made of its options, with mistakes in their place in the manifest.
#pragma once

#include <string>
#include <vector>

#include "database.hpp"

namespace weir::sqlite {

// What to read: a table (or view), or what a SELECT gives.
struct Wanted {
  std::string database;
  std::string table;
  std::string query;

  // The option that says what to read.
  const char* option() const { return table.empty() ? "/query" : "/table"; }
};

// Reads the options. Throws unless exactly one of table and query is there.
Wanted read_wanted(const Config& config);

// Prepares the statement, of all columns. Throws a Failure of the manifest, with the option and, where SQLite tells it, the offset in it:
// for a table that is not there (with the nearest name), for SQL that SQLite does not take, for more than one statement, for
// one that gives no rows or might write, and for parameters, which nobody could bind.
Statement prepare(const Database& database, const Wanted& wanted);

// A SELECT of `columns` of the table, of the rows whose rowids `condition` allows (empty: all), in the order of rowids.
// `rowid` is the name of the table's.
std::string select_columns(const Wanted& wanted, const std::vector<std::string>& columns, const std::string& rowid,
                           const std::string& condition);

}  // namespace weir::sqlite
