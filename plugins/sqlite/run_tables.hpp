// RunTables: tables that a run fills, epoch by epoch, beside those that it loads, until it is complete or given up.
//
//   RECORD(id INTEGER PRIMARY KEY, run, link, target TEXT, written INTEGER, UNIQUE(run, link, target))
//
// A row of the record stands for a table RECORD_ID_RUN; `written` is when rows were last committed to it, in seconds since 1970.
// The record is made in the transaction of the first rows, and is gone when it has none left.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "database.hpp"

namespace weir::sqlite {

struct RunTable {
  std::int64_t id = 0;
  std::string name, target;
};

// All such tables of a database that have one purpose. Threads: as a value.
class RunTables {
 public:
  // `record`: of names that begin with _weir_.
  explicit RunTables(const char* record) : record_(record) {}

  // Those that context's run and link fill.
  std::vector<RunTable> of_run(const Database& database, const Context& context) const;
  // The one of them for `target`; an empty name: there is none.
  RunTable find(const Database& database, const Context& context, const std::string& target) const;
  // Gives one a name, and notes it; the caller makes it. Precondition: a transaction is open, find() gave none.
  RunTable begin(Database& database, const Context& context, const std::string& target) const;
  // Notes that rows are written to them now: a run that goes on is not taken for one that was left.
  void touch(Database& database, const Context& context) const;
  // Does something about each that the run has filled, in one transaction, and forgets them: their tables are gone, if there is
  // still one of that name. With them go those that other runs filled for the same targets and left more than a week ago. Writes
  // nothing if there is none, so it can be repeated.
  void end(Database& database, const Context& context, const std::function<void(const RunTable&)>& step) const;
  // Throws away what the run has filled.
  void drop(Database& database, const Context& context) const;

 private:
  bool has_record(const Database& database) const;
  std::vector<RunTable> rows_of(Statement select) const;
  std::vector<RunTable> left_for(const Database& database, const RunTable& table) const;
  void drop_table(Database& database, const RunTable& table) const;
  void forget(Database& database, const RunTable& table) const;

  std::string record_;
};

}  // namespace weir::sqlite
