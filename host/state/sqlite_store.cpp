// The SQLite store: one table, one short transaction a call. In a log (WAL) a transaction is durable by one sync, and who
// closes the store last takes the log away, also that of a process that was killed.
#include <functional>
#include <mutex>

#include "state/sqlite_database.hpp"
#include "state/sqlite_schema.hpp"
#include "state/store.hpp"

namespace weir::state {
namespace {

using base::Result;
using base::unexpected;

// EXTRA is for a file system without shared memory, where the mode stays what it was: a journal's removal is synced too.
constexpr const char* kDurable = "PRAGMA synchronous=EXTRA; PRAGMA journal_mode=WAL";

// Of each statement: ?1 the key, ?2 the value, ?3 the version, ?4 when it expires, ?5 the time.
constexpr const char* kGet =
    "SELECT value, version, expires_ns FROM entries WHERE key = ?1 AND (expires_ns IS NULL OR expires_ns > ?5)";
constexpr const char* kInsert =
    "INSERT INTO entries(key, value, version, expires_ns) VALUES(?1, ?2, (SELECT floor + 1 FROM removed), ?4)"
    " ON CONFLICT DO UPDATE SET value = excluded.value, version = version + 1, expires_ns = excluded.expires_ns"
    " WHERE expires_ns <= ?5 RETURNING version";
constexpr const char* kUpdate =
    "UPDATE entries SET value = ?2, version = version + 1, expires_ns = ?4"
    " WHERE key = ?1 AND version = ?3 AND (expires_ns IS NULL OR expires_ns > ?5) RETURNING version";
constexpr const char* kGuard =
    "SELECT 1 FROM entries WHERE key = ?1 AND version = ?3 AND (expires_ns IS NULL OR expires_ns > ?5)";
constexpr const char* kSet =
    "INSERT INTO entries(key, value, version) VALUES(?1, ?2, (SELECT floor + 1 FROM removed))"
    " ON CONFLICT DO UPDATE SET value = excluded.value, version = version + 1, expires_ns = NULL";
constexpr const char* kRemove = "DELETE FROM entries WHERE key = ?1";
// Keys are ASCII, so the last character of Unicode is behind all that follow a prefix.
constexpr const char* kEach =
    "SELECT key, value FROM entries WHERE key >= ?1 AND key < ?1 || char(0x10FFFF)"
    " AND (expires_ns IS NULL OR expires_ns > ?5) ORDER BY key";

constexpr int kKey = 1, kValue = 2, kVersion = 3, kExpires = 4, kNow = 5;

class SqliteStore final : public Store {
 public:
  SqliteStore(SqliteDatabase database, Clock clock) : database_(std::move(database)), clock_(std::move(clock)) {}

  Result<void> begin() {
    WEIR_TRY(migrate(database_));
    WEIR_TRY_ASSIGN(const Statement late, prepare("SELECT 1 FROM entries WHERE expires_ns <= ?5 LIMIT 1"));
    const int code = sqlite3_step(late.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) return unexpected(database_.failure("read"));
    if (code == SQLITE_DONE) return {};
    sqlite3_reset(late.get());
    WEIR_TRY_ASSIGN(const Statement sweep, prepare("DELETE FROM entries WHERE expires_ns <= ?5"));
    return finish(sweep);
  }

  Result<std::optional<Entry>> get(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    WEIR_TRY_ASSIGN(const Statement statement, prepare(kGet));
    bind_text(statement, kKey, key);
    const int code = sqlite3_step(statement.get());
    if (code == SQLITE_DONE) return std::optional<Entry>();
    if (code != SQLITE_ROW) return unexpected(database_.failure("read"));
    return std::optional<Entry>({std::string(column_bytes(statement, 0)),
                                 static_cast<std::uint64_t>(column_number(statement, 1)), column_number(statement, 2)});
  }

  Result<std::optional<std::uint64_t>> put(std::string_view key, std::string_view value, std::uint64_t expected,
                                           std::int64_t expires_ns) override {
    const std::lock_guard lock(mutex_);
    // One statement is one transaction: the compare and the set can't be torn apart.
    WEIR_TRY_ASSIGN(const Statement statement, prepare(expected == 0 ? kInsert : kUpdate));
    bind_text(statement, kKey, key);
    bind_blob(statement, kValue, value);
    if (expected != 0) bind_number(statement, kVersion, static_cast<std::int64_t>(expected));
    if (expires_ns != kNever) bind_number(statement, kExpires, expires_ns);
    std::optional<std::uint64_t> version;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement.get())) == SQLITE_ROW)
      version = static_cast<std::uint64_t>(column_number(statement, 0));
    if (code != SQLITE_DONE) return unexpected(database_.failure("write"));
    return version;
  }

  Result<void> remove(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    WEIR_TRY_ASSIGN(const Statement statement, prepare(kRemove));
    bind_text(statement, kKey, key);
    return finish(statement);
  }

  Result<bool> apply(const std::vector<Change>& changes, std::string_view guard, std::uint64_t version) override {
    const std::lock_guard lock(mutex_);
    WEIR_TRY(database_.run("BEGIN IMMEDIATE", "write"));
    auto applied = apply_within(changes, guard, version);
    if (applied && *applied) {
      auto committed = database_.run("COMMIT", "write");
      if (committed) return true;
      applied = unexpected(std::move(committed).error());
    }
    sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    return applied;
  }

  Result<std::vector<std::string>> list(std::string_view prefix) override {
    std::vector<std::string> keys;
    WEIR_TRY(each(prefix, [&keys](std::string_view key, std::string_view) { keys.emplace_back(key); }));
    return keys;
  }

  Result<void> each(std::string_view prefix,
                    const std::function<void(std::string_view key, std::string_view value)>& take) override {
    const std::lock_guard lock(mutex_);
    WEIR_TRY_ASSIGN(const Statement statement, prepare(kEach));
    bind_text(statement, kKey, prefix);
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement.get())) == SQLITE_ROW)
      take(column_bytes(statement, 0), column_bytes(statement, 1));
    if (code != SQLITE_DONE) return unexpected(database_.failure("read"));
    return {};
  }

 private:
  Result<bool> apply_within(const std::vector<Change>& changes, std::string_view guard, std::uint64_t version) {
    WEIR_TRY_ASSIGN(const Statement found, prepare(kGuard));
    bind_text(found, kKey, guard);
    bind_number(found, kVersion, static_cast<std::int64_t>(version));
    const int code = sqlite3_step(found.get());
    if (code == SQLITE_DONE) return false;
    if (code != SQLITE_ROW) return unexpected(database_.failure("read"));
    WEIR_TRY_ASSIGN(const Statement set, prepare(kSet));
    WEIR_TRY_ASSIGN(const Statement remove, prepare(kRemove));
    for (const Change& change : changes) {
      const Statement& statement = change.value ? set : remove;
      bind_text(statement, kKey, change.key);
      if (change.value) bind_blob(statement, kValue, *change.value);
      WEIR_TRY(finish(statement));
      sqlite3_reset(statement.get());
    }
    return true;
  }

  // With the time, where it asks for that.
  Result<Statement> prepare(const char* sql) {
    WEIR_TRY_ASSIGN(Statement statement, database_.prepare(sql));
    if (sqlite3_bind_parameter_count(statement.get()) >= kNow) bind_number(statement, kNow, clock_());
    return statement;
  }

  Result<void> finish(const Statement& statement) {
    if (sqlite3_step(statement.get()) == SQLITE_DONE) return {};
    return unexpected(database_.failure("write"));
  }

  std::mutex mutex_;
  SqliteDatabase database_;
  Clock clock_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file, Clock clock) {
  WEIR_TRY_ASSIGN(SqliteDatabase database, SqliteDatabase::open(file, SqliteDatabase::Mode::make));
  WEIR_TRY(schema_of(database));  // before anything of a newer one is changed
  // It may stay in the mode that it has while another process is in it.
  const int durable = sqlite3_exec(database.handle(), kDurable, nullptr, nullptr, nullptr);
  if (durable != SQLITE_OK && durable != SQLITE_BUSY) return unexpected(database.failure("open"));
  auto store = std::make_unique<SqliteStore>(std::move(database), std::move(clock));
  WEIR_TRY(store->begin());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace weir::state
