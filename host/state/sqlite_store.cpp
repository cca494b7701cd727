// The SQLite store: one table, one short transaction a call. In a log (WAL) a transaction is durable by one sync, and who
// closes the store last takes the log away, also that of a process that was killed.
#include <sqlite3.h>

#include <functional>
#include <mutex>

#include "state/store.hpp"

namespace weir::state {
namespace {

using base::Fault;
using base::Result;
using base::Status;
using base::unexpected;

constexpr int kBusyTimeoutMs = 10'000;
// EXTRA is for a file system without shared memory, where the mode stays what it was: a journal's removal is synced too.
constexpr const char* kDurable = "PRAGMA synchronous=EXTRA; PRAGMA journal_mode=WAL";
constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS entries(key TEXT PRIMARY KEY, value BLOB NOT NULL, version INTEGER NOT NULL) WITHOUT "
    "ROWID";

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

class SqliteStore final : public Store {
 public:
  SqliteStore(std::unique_ptr<sqlite3, CloseDatabase> database, std::string file)
      : database_(std::move(database)), file_(std::move(file)) {}

  Result<void> begin() {
    // It may stay in the mode that it has while another process is in it.
    const int durable = sqlite3_exec(database_.get(), kDurable, nullptr, nullptr, nullptr);
    if (durable != SQLITE_OK && durable != SQLITE_BUSY) return unexpected(failure("open"));
    if (sqlite3_exec(database_.get(), kSchema, nullptr, nullptr, nullptr) != SQLITE_OK)
      return unexpected(failure("open"));
    return {};
  }

  Result<std::optional<Entry>> get(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    WEIR_TRY_ASSIGN(Statement statement, prepare("SELECT value, version FROM entries WHERE key = ?1"));
    bind(statement, 1, key);
    const int code = sqlite3_step(statement.get());
    if (code == SQLITE_DONE) return std::optional<Entry>();
    if (code != SQLITE_ROW) return unexpected(failure("read"));
    Entry entry;
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement.get(), 0));
    if (bytes != nullptr) entry.value.assign(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement.get(), 0)));
    entry.version = static_cast<std::uint64_t>(sqlite3_column_int64(statement.get(), 1));
    return std::optional<Entry>(std::move(entry));
  }

  Result<std::optional<std::uint64_t>> put(std::string_view key, std::string_view value,
                                           std::uint64_t expected) override {
    const std::lock_guard lock(mutex_);
    // One statement is one transaction: the compare and the set can't be torn apart.
    const char* sql = expected == 0
                          ? "INSERT INTO entries(key, value, version) VALUES(?1, ?2, 1) ON CONFLICT DO NOTHING"
                          : "UPDATE entries SET value = ?2, version = version + 1 WHERE key = ?1 AND version = ?3";
    WEIR_TRY_ASSIGN(Statement statement, prepare(sql));
    bind(statement, 1, key);
    sqlite3_bind_blob64(statement.get(), 2, value.data(), value.size(), SQLITE_STATIC);
    if (expected != 0) sqlite3_bind_int64(statement.get(), 3, static_cast<sqlite3_int64>(expected));
    if (sqlite3_step(statement.get()) != SQLITE_DONE) return unexpected(failure("write"));
    if (sqlite3_changes(database_.get()) == 0) return std::optional<std::uint64_t>();
    return std::optional<std::uint64_t>(expected + 1);
  }

  Result<void> remove(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    WEIR_TRY_ASSIGN(Statement statement, prepare("DELETE FROM entries WHERE key = ?1"));
    bind(statement, 1, key);
    if (sqlite3_step(statement.get()) != SQLITE_DONE) return unexpected(failure("write"));
    return {};
  }

  Result<bool> apply(const std::vector<Change>& changes, std::string_view guard, std::uint64_t version) override {
    const std::lock_guard lock(mutex_);
    WEIR_TRY(run("BEGIN IMMEDIATE"));
    auto applied = apply_within(changes, guard, version);
    if (applied && *applied) {
      auto committed = run("COMMIT");
      if (committed) return true;
      applied = unexpected(std::move(committed).error());
    }
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
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
    // Keys are ASCII, so the last character of Unicode is behind all that follow a prefix.
    WEIR_TRY_ASSIGN(
        Statement statement,
        prepare("SELECT key, value FROM entries WHERE key >= ?1 AND key < ?1 || char(0x10FFFF) ORDER BY key"));
    bind(statement, 1, prefix);
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) take(column(statement, 0), column(statement, 1));
    if (code != SQLITE_DONE) return unexpected(failure("read"));
    return {};
  }

 private:
  Result<bool> apply_within(const std::vector<Change>& changes, std::string_view guard, std::uint64_t version) {
    WEIR_TRY_ASSIGN(Statement found, prepare("SELECT 1 FROM entries WHERE key = ?1 AND version = ?2"));
    bind(found, 1, guard);
    sqlite3_bind_int64(found.get(), 2, static_cast<sqlite3_int64>(version));
    const int code = sqlite3_step(found.get());
    if (code == SQLITE_DONE) return false;
    if (code != SQLITE_ROW) return unexpected(failure("read"));
    WEIR_TRY_ASSIGN(
        Statement put,
        prepare("INSERT INTO entries(key, value, version) VALUES(?1, ?2, 1) ON CONFLICT DO UPDATE SET value "
                "= excluded.value, version = version + 1"));
    WEIR_TRY_ASSIGN(Statement remove, prepare("DELETE FROM entries WHERE key = ?1"));
    for (const Change& change : changes) {
      const Statement& statement = change.value ? put : remove;
      bind(statement, 1, change.key);
      if (change.value)
        sqlite3_bind_blob64(statement.get(), 2, change.value->data(), change.value->size(), SQLITE_STATIC);
      if (sqlite3_step(statement.get()) != SQLITE_DONE) return unexpected(failure("write"));
      sqlite3_reset(statement.get());
    }
    return true;
  }

  Result<void> run(const char* sql) {
    if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return unexpected(failure("write"));
  }

  static std::string_view column(const Statement& statement, int number) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement.get(), number));
    return {bytes, bytes == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(statement.get(), number))};
  }

  Result<Statement> prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database_.get(), sql, -1, &statement, nullptr) != SQLITE_OK)
      return unexpected(failure("read"));
    return Statement(statement);
  }

  static void bind(const Statement& statement, int index, std::string_view text) {
    sqlite3_bind_text64(statement.get(), index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }

  base::Error failure(const char* what) const {
    return base::make_error(Status::failed_precondition, Fault::host, "state.unusable",
                            "expected to " + std::string(what) + " the state store '" + file_ +
                                "', found: " + sqlite3_errmsg(database_.get()))
        .with_hint("see that the folder can be written and has room, or set XDG_STATE_HOME to another");
  }

  std::mutex mutex_;
  std::unique_ptr<sqlite3, CloseDatabase> database_;
  std::string file_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  std::unique_ptr<sqlite3, CloseDatabase> database(raw);
  if (code != SQLITE_OK) {
    return unexpected(base::make_error(Status::failed_precondition, Fault::host, "state.unusable",
                                       "expected to open the state store '" + file.string() +
                                           "', found: " + (raw == nullptr ? "out of memory" : sqlite3_errmsg(raw)))
                          .with_hint("see that the folder can be written, or set XDG_STATE_HOME to another"));
  }
  sqlite3_busy_timeout(raw, kBusyTimeoutMs);
  auto store = std::make_unique<SqliteStore>(std::move(database), file.string());
  WEIR_TRY(store->begin());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace weir::state
