// Database and Statement: one connection to a SQLite file and what runs on it, with errors as Failures that name the
// file, whose fault is the destination's or, of a connection that reads, the source's. A connection waits for locks of
// others for as long as the option `wait` says, and no longer than until it is cancelled; it logs that it waits, and for whom.
#pragma once

#include <sqlite3.h>
#include <weir/weir.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "value.hpp"

namespace weir::sqlite {

inline constexpr std::int64_t kLockWaitNs = 60'000'000'000;  // without option `wait`

// An identifier in quotes, whatever it holds.
std::string quote_identifier(std::string_view identifier);
// A text as a literal of SQL. Precondition: it has no zero byte.
std::string quote_text(std::string_view text);

enum class Access : std::int32_t { write, read };

// One connection. Threads: one caller at a time, but cancel().
class Database {
 public:
  // Opens the file, which must exist. Writes nothing (but lets SQLite roll back what a killed writer left). With
  // Access::read nothing can be written at all, a write-ahead log stays as it was found, and what runs long ends once the
  // host says that the call is cancelled. One with a write-ahead log whose folder can't be written is read as it stands,
  // without locks, if its log is empty: SQLite knows no other way.
  Database(const Context& context, std::string path, Access access = Access::write);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  // Runs a statement without parameters or rows.
  void run(const std::string& sql);
  // Runs `steps` in a transaction that holds the write lock from its beginning; if they or the commit fail, none of it is done.
  void transact(const std::function<void()>& steps);
  // Throws the Failure for a result code of SQLite. UNAVAILABLE only where no transaction is open or `repeatable` says
  // that the call can be made again; a transaction that died makes it ABORTED.
  [[noreturn]] void fail(int code, bool repeatable = false) const;
  bool in_transaction() const { return sqlite3_get_autocommit(raw_) == 0; }
  // Throws CANCELLED after cancel().
  void check_cancelled() const;
  // Writes an event to the host's log, with texts by their keys.
  void tell(std::int32_t level, std::string_view event,
            std::initializer_list<std::pair<const char*, std::string>> texts) const;
  // Ends what runs, and all that would run later. [any]
  void cancel() noexcept;
  // From now on `context` tells the time and when to stop, and so does `cancelled`, which is lent until the next serve(): of a
  // connection that several readers use by turns, each its own.
  void serve(const Context& context, const std::atomic<bool>& cancelled);
  // Whether it waits for locks of others at all; as made, it does.
  void wait_for_locks(bool wait) { waits_ = wait; }
  // Whether it is read as a file that nobody changes.
  bool unchanging() const { return unchanging_; }
  sqlite3* raw() const { return raw_; }
  const std::string& path() const { return path_; }

 private:
  static int wait_for_lock(void* self, int attempt);
  static int should_stop(void* self);
  void open(const std::string& name, int flags);
  void set_up();
  void tell_waiting() const;
  std::string explained(int primary, const char* message) const;
  void make_sure_it_reads();
  bool stopped() const;
  Failure failure(int code, bool repeatable) const;

  Context context_;
  std::string path_;
  Access access_;
  sqlite3* raw_ = nullptr;
  std::int64_t wait_ns_;
  std::int64_t waiting_since_ = 0;
  bool told_waiting_ = false;  // since waiting_since_
  std::atomic<bool> cancelled_{false};
  const std::atomic<bool>* user_cancelled_ = nullptr;
  bool waits_ = true;
  bool unchanging_ = false;
};

// A prepared statement; parameters count from 1. Must go before its database.
class Statement {
 public:
  Statement() = default;
  Statement(const Database& database, const std::string& sql);
  // Takes what sqlite3_prepare gave.
  Statement(const Database& database, sqlite3_stmt* raw) : database_(&database), raw_(raw) {}
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(raw_); }

  // Binds without copying: what a value points to must stay until the step. Gives SQLite's result code.
  int bind(int parameter, const Value& value);
  Statement& with(int parameter, std::string_view text);
  Statement& with(int parameter, std::int64_t number);
  // Steps to the next row: true if there is one. Throws.
  bool next();
  // Steps a statement that gives no rows, and resets it: SQLITE_DONE, or the extended code of what went wrong.
  int execute();
  std::int64_t integer(int column) const { return sqlite3_column_int64(raw_, column); }
  std::string text(int column) const;
  // What stands in a column of the row, lent until the next step.
  Value value(int column) const;
  bool empty() const { return raw_ == nullptr; }
  sqlite3_stmt* raw() const { return raw_; }

 private:
  const Database* database_ = nullptr;
  sqlite3_stmt* raw_ = nullptr;
};

}  // namespace weir::sqlite
