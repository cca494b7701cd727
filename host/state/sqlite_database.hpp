// SqliteDatabase: one SQLite file in the state folder, what is asked of it, and what it says of a failure.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace weir::state {

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

// Bound values are lent until the statement was stepped.
void bind_text(const Statement& statement, int index, std::string_view text);
void bind_blob(const Statement& statement, int index, std::string_view bytes);
void bind_number(const Statement& statement, int index, std::int64_t number);
// Of the row that was stepped to, and lent until the next step.
std::string_view column_bytes(const Statement& statement, int number);
std::int64_t column_number(const Statement& statement, int number);

// Errors of all that it does: state.unusable. Move only. Threads: one caller at a time.
class SqliteDatabase {
 public:
  enum class Mode { read, write, make };  // `make`: the file needs not be there

  // Opens `file`, which errors call `shown`, or by its own name. Another process's lock is waited for, 10 s.
  static base::Result<SqliteDatabase> open(const std::filesystem::path& file, Mode mode, std::string shown = {});

  sqlite3* handle() const { return database_.get(); }
  const std::string& shown() const { return shown_; }

  base::Result<Statement> prepare(const char* sql);
  // Runs statements that give no rows; `what` they are for, as an error says it: "write".
  base::Result<void> run(const char* sql, const char* what);
  // What the one row of a query has as its number; 0 where there is none.
  base::Result<std::int64_t> number(const char* sql);
  // Whether all of its pages are those of a database. Errors: it can't be looked at.
  base::Result<bool> is_intact();

  // The error of what failed last.
  base::Error failure(const char* what) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  SqliteDatabase(std::unique_ptr<sqlite3, Close> database, std::string shown)
      : database_(std::move(database)), shown_(std::move(shown)) {}

  std::unique_ptr<sqlite3, Close> database_;
  std::string shown_;
};

}  // namespace weir::state
