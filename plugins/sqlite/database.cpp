#include "database.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include <weir/cpp/quoted.hpp>

#include "lock_holder.hpp"

namespace weir::sqlite {
namespace {

constexpr int kLongestSleepMs = 50;
constexpr std::int64_t kTellAfterNs = 1'000'000'000;
constexpr int kCachePages = -32768;         // KiB, negative as SQLite wants it
constexpr int kStepsBetweenLooks = 100000;  // of SQLite's machine: some milliseconds

// What the person can do about a code; empty if it depends.
const char* cure(int primary, Access access) {
  if (access == Access::read) {
    switch (primary) {
      case SQLITE_NOTADB: return "give the path of a SQLite database";
      case SQLITE_READONLY: return "open it once where it can be written: sqlite3 FILE 'pragma quick_check'";
      case SQLITE_PERM: return "make the file readable for the user who runs weir";
      default: break;
    }
  }
  switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "end the program that holds it, run again later, or wait longer with wait: 5m";
    case SQLITE_FULL: return "free space on the disk, then run again: it goes on where it stopped";
    case SQLITE_CORRUPT: return "check it with: sqlite3 FILE 'pragma integrity_check'";
    case SQLITE_NOTADB: return "give the path of a SQLite database, or of a file that does not exist yet";
    case SQLITE_READONLY:
    case SQLITE_PERM: return "make the file and its folder writable for the user who runs weir";
    default: return "";
  }
}

weir_status status_of(int primary) {
  switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return WEIR_UNAVAILABLE;
    case SQLITE_INTERRUPT: return WEIR_CANCELLED;
    case SQLITE_CORRUPT: return WEIR_DATA_LOSS;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return WEIR_PERMISSION_DENIED;
    case SQLITE_CANTOPEN: return errno == ENOENT ? WEIR_NOT_FOUND : WEIR_PERMISSION_DENIED;
    case SQLITE_MISUSE: return WEIR_INTERNAL;
    default: return WEIR_FAILED_PRECONDITION;
  }
}

std::string explain(int primary, const char* message, Access access) {
  if (access == Access::read) {
    switch (primary) {
      case SQLITE_READONLY:
        return "expected a database that is whole, found one that a killed writer left half-written";
      case SQLITE_CANTOPEN: return "expected to open the database, found it closed";
      default: break;
    }
  }
  switch (primary) {
    case SQLITE_FULL: return "expected room for more rows, found the disk or the database full";
    case SQLITE_CORRUPT: return "expected a sound database, found a damaged one";
    case SQLITE_NOTADB: return "expected a SQLite database, found another kind of file";
    case SQLITE_READONLY:
    case SQLITE_PERM: return "expected a database that can be written, found it read-only";
    case SQLITE_INTERRUPT: return "cancelled";
    default: return message;
  }
}

// The URI of a file that nobody changes while it is read.
std::string unchanging_uri(const std::string& path) {
  constexpr const char* kHex = "0123456789abcdef";
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || c == '/' || c == '.' || c == '-' || c == '_';
    if (plain)
      uri += c;
    else
      uri += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
  }
  return uri + "?immutable=1";
}

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

}  // namespace

std::string quote_identifier(std::string_view identifier) { return quoted(identifier, '"'); }

std::string quote_text(std::string_view text) { return quoted(text, '\''); }

Database::Database(const Context& context, std::string path, Access access)
    : context_(context),
      path_(std::move(path)),
      access_(access),
      wait_ns_(context.config().has("/wait") ? context.config().integer("/wait") : kLockWaitNs) {
  try {
    open(path_, SQLITE_OPEN_READWRITE);
    if (access_ == Access::read) make_sure_it_reads();
  } catch (...) {
    sqlite3_close_v2(raw_);
    throw;
  }
}

void Database::open(const std::string& name, int flags) {
  const int code = sqlite3_open_v2(name.c_str(), &raw_, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (code != SQLITE_OK) fail(code);
  sqlite3_busy_handler(raw_, wait_for_lock, this);
  set_up();
}

void Database::make_sure_it_reads() {
  const int code = sqlite3_exec(raw_, "SELECT 1 FROM sqlite_schema LIMIT 1", nullptr, nullptr, nullptr);
  const int primary = code & 0xFF;
  if (primary == SQLITE_BUSY) fail(code, true);
  if (primary != SQLITE_CANTOPEN && primary != SQLITE_READONLY) return;
  std::error_code none;
  const auto logged = std::filesystem::file_size(path_ + "-wal", none);
  if (!none && logged > 0) return;
  sqlite3_close_v2(std::exchange(raw_, nullptr));
  unchanging_ = true;
  open(unchanging_uri(path_), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

void Database::set_up() {
  run("PRAGMA temp_store=MEMORY");
  run("PRAGMA cache_size=" + std::to_string(kCachePages));
  // EXTRA syncs the folder too, once the journal is gone: a journal that came back would undo what was committed.
  if (access_ == Access::write) return run("PRAGMA synchronous=EXTRA");
  run("PRAGMA query_only=ON");
  sqlite3_progress_handler(raw_, kStepsBetweenLooks, should_stop, this);
  // SQLite is asked for a connection that could write, for one that can't leaves its -wal and -shm behind. The last one
  // out moves the log into the database, which would be writing: unless there was none.
  std::error_code none;
  const auto logged = std::filesystem::file_size(path_ + "-wal", none);
  if (!none && logged > 0) sqlite3_db_config(raw_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Database::~Database() {
  sqlite3_busy_handler(raw_, nullptr, nullptr);  // whom it would ask may be gone
  sqlite3_progress_handler(raw_, 0, nullptr, nullptr);
  sqlite3_close_v2(raw_);
}

int Database::wait_for_lock(void* self, int attempt) {
  auto& database = *static_cast<Database*>(self);
  if (!database.waits_) return 0;
  const std::int64_t now = database.context_.now();
  if (attempt == 0) {
    database.waiting_since_ = now;
    database.told_waiting_ = false;
  }
  if (database.stopped() || now - database.waiting_since_ >= database.wait_ns_) return 0;
  if (!database.told_waiting_ && now - database.waiting_since_ >= kTellAfterNs) {
    database.told_waiting_ = true;
    database.tell_waiting();
  }
  sqlite3_sleep(std::min(1 << std::min(attempt, 6), kLongestSleepMs));
  return 1;
}

int Database::should_stop(void* self) { return static_cast<const Database*>(self)->stopped() ? 1 : 0; }

bool Database::stopped() const {
  return cancelled_.load(std::memory_order_relaxed) || context_.cancelled() ||
         (user_cancelled_ != nullptr && user_cancelled_->load(std::memory_order_relaxed));
}

void Database::serve(const Context& context, const std::atomic<bool>& cancelled) {
  context_ = context;
  user_cancelled_ = &cancelled;
}

void Database::run(const std::string& sql) {
  const int code = sqlite3_exec(raw_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

void Database::transact(const std::function<void()>& steps) {
  run("BEGIN IMMEDIATE");
  try {
    steps();
    const int code = sqlite3_exec(raw_, "COMMIT", nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, true);
  } catch (...) {
    if (in_transaction()) sqlite3_exec(raw_, "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

Failure Database::failure(int code, bool repeatable) const {
  const int primary = code & 0xFF;
  weir_status status = status_of(primary);
  if (primary == SQLITE_BUSY && stopped()) status = WEIR_CANCELLED;
  if (status == WEIR_UNAVAILABLE && raw_ != nullptr && in_transaction() && !repeatable) status = WEIR_ABORTED;
  if (primary == SQLITE_IOERR) status = repeatable ? WEIR_UNKNOWN : WEIR_ABORTED;
  const char* message = raw_ != nullptr ? sqlite3_errmsg(raw_) : sqlite3_errstr(code);
  const std::int32_t fault = access_ == Access::read ? WEIR_FAULT_SOURCE : WEIR_FAULT_DESTINATION;
  return Failure(status, fault, "'" + path_ + "': " + explained(primary, message))
      .hint(cure(primary, access_))
      .object(path_)
      .native(code)
      .option("/database");
}

std::string Database::explained(int primary, const char* message) const {
  if (primary != SQLITE_BUSY && primary != SQLITE_LOCKED) return explain(primary, message, access_);
  const std::string holders = lock_holders(path_);
  char within[32];
  std::snprintf(within, sizeof within, "%g", static_cast<double>(wait_ns_) / 1e9);
  return std::string(access_ == Access::read ? "expected to read the database" : "expected to write to the database") +
         " within " + within + " s, found it locked by " + (holders.empty() ? "another program" : holders);
}

void Database::tell_waiting() const {
  std::string detail = "{\"database\":";
  append_json_text(detail, path_);
  detail += ",\"held_by\":";
  append_json_text(detail, lock_holders(path_));
  context_.log(WEIR_LOG_WARNING, "sqlite.waiting", detail + "}");
}

void Database::fail(int code, bool repeatable) const { throw failure(code, repeatable); }

void Database::check_cancelled() const {
  const bool cancelled = cancelled_.load(std::memory_order_relaxed) ||
                         (user_cancelled_ != nullptr && user_cancelled_->load(std::memory_order_relaxed));
  if (cancelled) throw Failure(WEIR_CANCELLED, WEIR_FAULT_UNKNOWN, "cancelled");
}

void Database::tell(std::int32_t level, std::string_view event,
                    std::initializer_list<std::pair<const char*, std::string>> texts) const {
  std::string detail = "{";
  for (const auto& [name, text] : texts) {
    detail += std::string(detail.size() == 1 ? "\"" : ",\"") + name + "\":";
    append_json_text(detail, text);
  }
  context_.log(level, event, detail + "}");
}

void Database::cancel() noexcept {
  cancelled_.store(true);
  sqlite3_interrupt(raw_);
}

Statement::Statement(const Database& database, const std::string& sql) : database_(&database) {
  const int code = sqlite3_prepare_v3(database.raw(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw_, nullptr);
  if (code != SQLITE_OK) database.fail(code);
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), raw_(std::exchange(other.raw_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(raw_, other.raw_);
  std::swap(database_, other.database_);
  return *this;
}

int Statement::bind(int parameter, const Value& value) {
  // A null pointer would bind NULL, and empty buffers may have one.
  const char* bytes = value.bytes.data() == nullptr ? "" : value.bytes.data();
  switch (value.kind) {
    case Value::Kind::integer: return sqlite3_bind_int64(raw_, parameter, value.integer);
    case Value::Kind::real: return sqlite3_bind_double(raw_, parameter, value.real);
    case Value::Kind::text:
      return sqlite3_bind_text64(raw_, parameter, bytes, value.bytes.size(), SQLITE_STATIC, SQLITE_UTF8);
    case Value::Kind::blob: return sqlite3_bind_blob64(raw_, parameter, bytes, value.bytes.size(), SQLITE_STATIC);
    default: return sqlite3_bind_null(raw_, parameter);
  }
}

Statement& Statement::with(int parameter, std::string_view text) {
  bind(parameter, Value::text(text));
  return *this;
}

Statement& Statement::with(int parameter, std::int64_t number) {
  bind(parameter, Value::of(number));
  return *this;
}

bool Statement::next() {
  const int code = sqlite3_step(raw_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) database_->fail(code);
  return code == SQLITE_ROW;
}

int Statement::execute() {
  const int code = sqlite3_step(raw_);
  sqlite3_reset(raw_);
  return code;
}

Value Statement::value(int column) const {
  const auto bytes = [&](const void* data) {
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(raw_, column));
    if (data == nullptr && sqlite3_errcode(database_->raw()) == SQLITE_NOMEM) throw std::bad_alloc();
    return std::string_view(static_cast<const char*>(data), data == nullptr ? 0 : size);
  };
  switch (sqlite3_column_type(raw_, column)) {
    case SQLITE_INTEGER: return Value::of(std::int64_t{sqlite3_column_int64(raw_, column)});
    case SQLITE_FLOAT: return Value::of(sqlite3_column_double(raw_, column));
    case SQLITE_TEXT: return Value::text(bytes(sqlite3_column_text(raw_, column)));
    case SQLITE_BLOB: return Value::blob(bytes(sqlite3_column_blob(raw_, column)));
    default: return {};
  }
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(raw_, column));
  return bytes == nullptr ? std::string()
                          : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(raw_, column)));
}

}  // namespace weir::sqlite
