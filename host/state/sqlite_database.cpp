#include "state/sqlite_database.hpp"

namespace weir::state {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

int flags_of(SqliteDatabase::Mode mode) {
  switch (mode) {
    case SqliteDatabase::Mode::read: return SQLITE_OPEN_READONLY;
    case SqliteDatabase::Mode::write: return SQLITE_OPEN_READWRITE;
    case SqliteDatabase::Mode::make: return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return SQLITE_OPEN_READONLY;
}

}  // namespace

void bind_text(const Statement& statement, int index, std::string_view text) {
  sqlite3_bind_text64(statement.get(), index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void bind_blob(const Statement& statement, int index, std::string_view bytes) {
  // A null pointer would be a null.
  sqlite3_bind_blob64(statement.get(), index, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
}

void bind_number(const Statement& statement, int index, std::int64_t number) {
  sqlite3_bind_int64(statement.get(), index, number);
}

std::string_view column_bytes(const Statement& statement, int number) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement.get(), number));
  return {bytes, bytes == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(statement.get(), number))};
}

std::int64_t column_number(const Statement& statement, int number) {
  return sqlite3_column_int64(statement.get(), number);
}

base::Result<SqliteDatabase> SqliteDatabase::open(const std::filesystem::path& file, Mode mode, std::string shown) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags_of(mode), nullptr);
  SqliteDatabase database(std::unique_ptr<sqlite3, Close>(raw), shown.empty() ? file.string() : std::move(shown));
  if (code != SQLITE_OK) {
    return base::unexpected(base::make_error(base::Status::failed_precondition, base::Fault::host, "state.unusable",
                                             "expected to open the state store '" + database.shown_ + "', found: " +
                                                 (raw == nullptr ? "out of memory" : sqlite3_errmsg(raw)))
                                .with_hint("see that the folder can be written, or set XDG_STATE_HOME to another"));
  }
  sqlite3_busy_timeout(raw, kBusyTimeoutMs);
  return database;
}

base::Result<Statement> SqliteDatabase::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle(), sql, -1, &statement, nullptr) != SQLITE_OK) return base::unexpected(failure("read"));
  return Statement(statement);
}

base::Result<void> SqliteDatabase::run(const char* sql, const char* what) {
  if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return base::unexpected(failure(what));
}

base::Result<std::int64_t> SqliteDatabase::number(const char* sql) {
  WEIR_TRY_ASSIGN(const Statement statement, prepare(sql));
  const int code = sqlite3_step(statement.get());
  if (code == SQLITE_DONE) return std::int64_t{0};
  if (code != SQLITE_ROW) return base::unexpected(failure("read"));
  return column_number(statement, 0);
}

base::Result<bool> SqliteDatabase::is_intact() {
  const auto statement = prepare("PRAGMA quick_check(1)");
  const int code = statement ? sqlite3_step(statement->get()) : sqlite3_errcode(handle());
  if (code == SQLITE_ROW) return column_bytes(*statement, 0) == "ok";
  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) return false;
  return base::unexpected(failure("read"));
}

base::Error SqliteDatabase::failure(const char* what) const {
  return base::make_error(base::Status::failed_precondition, base::Fault::host, "state.unusable",
                          "expected to " + std::string(what) + " the state store '" + shown_ +
                              "', found: " + sqlite3_errmsg(handle()))
      .with_hint("see that the folder can be written and has room, or set XDG_STATE_HOME to another");
}

}  // namespace weir::state
