#include "writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>

#include "tokens.hpp"

namespace weir::sqlite {
namespace {

// A rowid that no insert gives itself: what last_insert_rowid says until a row was inserted.
constexpr std::int64_t kNoRowid = std::numeric_limits<std::int64_t>::min();

Failure bad_path(weir_status status, const std::string& path, const std::string& message) {
  return Failure(status, WEIR_FAULT_DESTINATION, "'" + path + "': " + message).object(path).option("/database");
}

void check_place(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw bad_path(WEIR_FAILED_PRECONDITION, path, "expected a database file, found a folder");
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const std::string shown = folder.empty() ? "." : folder.string();
  if (!std::filesystem::is_directory(shown, ignored)) {
    throw bad_path(WEIR_NOT_FOUND, path, "expected the folder '" + shown + "' to exist, found none")
        .hint("make it: mkdir -p '" + shown + "'");
  }
  if (::access(shown.c_str(), W_OK | X_OK) != 0) {
    throw bad_path(WEIR_PERMISSION_DENIED, path,
                   "expected to write in the folder '" + shown + "', found it closed: " + std::strerror(errno));
  }
}

const char* reason_of(int extended) {
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE: return "violates UNIQUE";
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return "violates PRIMARY KEY";
    case SQLITE_CONSTRAINT_NOTNULL: return "violates NOT NULL";
    case SQLITE_CONSTRAINT_CHECK: return "violates CHECK";
    case SQLITE_CONSTRAINT_FOREIGNKEY: return "violates FOREIGN KEY";
    case SQLITE_CONSTRAINT_TRIGGER: return "refused by a trigger";
    case SQLITE_CONSTRAINT_DATATYPE: return "violates the type of a STRICT table";
    case SQLITE_TOOBIG: return "too long for SQLite";
    case SQLITE_MISMATCH: return "not an integer, as the INTEGER PRIMARY KEY must be";
    default: return "violates a constraint";
  }
}

// The column that a message such as "UNIQUE constraint failed: t.a" names, if it is one.
std::string column_in(std::string_view message) {
  const auto colon = message.rfind(": ");
  if (colon == std::string_view::npos || message.find(", ", colon) != std::string_view::npos) return {};
  const std::string_view place = message.substr(colon + 2);
  const auto dot = place.rfind('.');
  return dot == std::string_view::npos ? std::string() : std::string(place.substr(dot + 1));
}

bool names_a_column(int extended) {
  return extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
         extended == SQLITE_CONSTRAINT_NOTNULL;
}

}  // namespace

void SqliteWriter::traits(const Config& config, weir_traits& traits) {
  traits.commit = WEIR_COMMIT_ATOMIC;
  traits.max_instances = 1;
  // Of rows with one key the last must win.
  traits.ordered = config.count("/key") > 0 ? 1 : 0;
}

SqliteWriter::SqliteWriter(const Context& context, const Inputs& inputs, const Outputs& stored)
    : context_(context),
      settings_(read_settings(context.config())),
      input_(Schema::copy_of(inputs[0])),
      layout_(layout_of(settings_, input_.get())),
      epoch_(context.epoch()) {
  cells_.reserve(layout_.columns.size());
  for (const auto column : layout_.columns) cells_.emplace_back(*input_->children[column]);
  check_place(settings_.database);
  std::error_code ignored;
  if (std::filesystem::exists(settings_.database, ignored)) {
    open_database(false);
    look_at_table(*database_, settings_, input_.get(), layout_, epoch_ <= 1);
  } else if (!settings_.create) {
    throw bad_path(WEIR_NOT_FOUND, settings_.database, "expected a database, found none")
        .hint("let weir make it with create: true");
  }
  stored.same(inputs[0]);
}

SqliteWriter::~SqliteWriter() {
  if (database_ == nullptr) return;
  insert_ = Statement();
  delete_ = Statement();
  if (database_->in_transaction()) sqlite3_exec(database_->raw(), "ROLLBACK", nullptr, nullptr, nullptr);
  database_.reset();
  if (!made_file_ || committed_) return;
  std::error_code ignored;
  if (std::filesystem::file_size(settings_.database, ignored) == 0 && !ignored)
    std::filesystem::remove(settings_.database, ignored);
}

void SqliteWriter::open_database(bool create) {
  if (create) {
    const int file = ::open(settings_.database.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0)
      ::close(file);
    else if (errno != EEXIST)
      throw bad_path(WEIR_PERMISSION_DENIED, settings_.database,
                     std::string("expected to make the file: ") + std::strerror(errno))
          .native(errno);
    made_file_ = made_file_ || file >= 0;
  }
  auto opened = std::make_unique<Database>(context_, settings_.database);
  if (sqlite3_db_readonly(opened->raw(), "main") == 1) opened->fail(SQLITE_READONLY);
  const std::lock_guard lock(guard_);
  if (cancelled_) opened->cancel();
  database_ = std::move(opened);
}

void SqliteWriter::begin() {
  if (database_ == nullptr) open_database(true);
  database_->check_cancelled();
  if (database_->in_transaction()) return;
  database_->run("BEGIN IMMEDIATE");
  try {
    check_token();
    if (insert_.empty()) set_up_table();
  } catch (...) {
    insert_ = Statement();
    delete_ = Statement();
    sqlite3_exec(database_->raw(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
  counts_ = Counts();
}

void SqliteWriter::check_token() {
  const Token token = read_token(*database_, context_);
  check_fence(token, context_);
  if (token.epoch + 1 == epoch_) return;
  throw Failure(WEIR_ABORTED, WEIR_FAULT_DESTINATION,
                "'" + settings_.database + "': expected epoch " + std::to_string(epoch_ - 1) +
                    " to be the last one committed, found " + std::to_string(token.epoch))
      .object(settings_.database);
}

void SqliteWriter::set_up_table() {
  const bool first = epoch_ <= 1;
  Table table = look_at_table(*database_, settings_, input_.get(), layout_, first);
  const bool anew = settings_.mode == Mode::replace && first;
  if (table.exists && anew) database_->run("DROP TABLE main." + quote_identifier(settings_.table));
  if (!table.exists || anew) database_->run(create_statement(settings_, input_.get(), layout_));
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    Cell& cell = cells_[i];
    const bool digits = type_of(*input_->children[layout_.columns[i]]).type == Type::uint64;
    cell.affinity = table.affinities[i];
    cell.guarded = may_change(cell.affinity, cell.column.kind()) || (digits && cell.affinity != Affinity::none);
    if (!table.exists || anew) cell.guarded = false;
  }
  counts_kinds_ = layout_.upserts && !table.without_rowid;
  insert_ = Statement(*database_, insert_statement(settings_, input_.get(), layout_));
  if (layout_.operation >= 0) delete_ = Statement(*database_, delete_statement(settings_, input_.get(), layout_));
}

void SqliteWriter::write(std::uint64_t /*input*/, Batch& batch, const Next& next) {
  begin();
  for (std::size_t i = 0; i < cells_.size(); ++i)
    cells_[i].column.attach(batch.column(layout_.columns[i]), batch.outer());
  const std::int64_t length = batch.length();
  if (layout_.operation < 0) {
    for (std::int64_t row = 0; row < length; ++row) write_row(row, WEIR_OPERATION_INSERT, next);
    return;
  }
  const NumberColumn<std::int8_t> operations(batch.column(layout_.operation), batch.outer());
  for (std::int64_t row = 0; row < length; ++row) write_row(row, operations[row], next);
}

void SqliteWriter::write_row(std::int64_t row, std::int32_t operation, const Next& next) {
  database_->check_cancelled();
  if (operation == WEIR_OPERATION_UPDATE_BEFORE) {
    ++counts_.accepted;
    return;
  }
  if (operation < WEIR_OPERATION_INSERT || operation > WEIR_OPERATION_UPDATE_BEFORE) {
    return next.reject(rejected_row(row, input_->children[layout_.operation]->name, "not an operation"));
  }
  const bool deletes = operation == WEIR_OPERATION_DELETE;
  Statement& statement = deletes ? delete_ : insert_;
  if (!bind_row(statement, row, deletes, next)) return;
  if (counts_kinds_) sqlite3_set_last_insert_rowid(database_->raw(), kNoRowid);
  const int code = statement.execute();
  if (code == SQLITE_DONE)
    count(row, deletes, next);
  else
    refuse(row, code, next);
}

// Binds a row; false if one of its values made it rejected.
bool SqliteWriter::bind_row(Statement& statement, std::int64_t row, bool only_key, const Next& next) {
  for (const std::size_t i : layout_.key) {
    if (cells_[i].column.at(row).kind != Value::Kind::null) continue;
    reject_value(row, i, "null in the key", next);
    return false;
  }
  const std::size_t count = only_key ? layout_.key.size() : cells_.size();
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t i = only_key ? layout_.key[k] : k;
    Cell& cell = cells_[i];
    Value value = cell.column.at(row);
    if (cell.guarded) value = kept(cell.affinity, value, cell.scratch);
    if (value.kind == Value::Kind::refused) {
      reject_value(row, i, value.reason, next);
      return false;
    }
    const int code = statement.bind(static_cast<int>(i) + 1, value);
    if (code == SQLITE_OK) continue;
    if (code != SQLITE_TOOBIG) database_->fail(code);
    reject_value(row, i, reason_of(code), next);
    return false;
  }
  return true;
}

void SqliteWriter::count(std::int64_t row, bool deletes, const Next& next) {
  const std::int64_t changed = sqlite3_changes64(database_->raw());
  if (deletes) {
    ++counts_.accepted;
    counts_.deleted += changed;
    return;
  }
  if (changed == 0 && !layout_.upserts)
    return next.reject(rejected_row(row, "", "ignored by a trigger or by ON CONFLICT IGNORE"));
  ++counts_.accepted;
  const bool updated = counts_kinds_ && sqlite3_last_insert_rowid(database_->raw()) == kNoRowid;
  counts_.updated += updated ? changed : 0;
  counts_.inserted += updated ? 0 : changed;
}

// SQLite refused a row: rejects it if the row is to blame and the transaction stands, else throws.
void SqliteWriter::refuse(std::int64_t row, int code, const Next& next) const {
  const int primary = code & 0xFF;
  const bool blames_row = primary == SQLITE_CONSTRAINT || primary == SQLITE_TOOBIG || primary == SQLITE_MISMATCH;
  if (!blames_row) database_->fail(code);
  const std::string message = sqlite3_errmsg(database_->raw());
  if (!database_->in_transaction()) {
    throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION,
                  "table '" + settings_.table +
                      "': expected a refused row to leave the transaction open, found it rolled back: " + message)
        .row(row)
        .object(settings_.table)
        .native(code)
        .hint("take ON CONFLICT ROLLBACK out of its constraints");
  }
  next.reject(rejected_row(row, names_a_column(code) ? column_in(message) : std::string(), reason_of(code), message));
}

void SqliteWriter::reject_value(std::int64_t row, std::size_t cell, const char* reason, const Next& next) const {
  next.reject(rejected_row(row, column_name(cell), reason));
}

std::string_view SqliteWriter::column_name(std::size_t cell) const {
  return input_->children[layout_.columns[cell]]->name;
}

void SqliteWriter::prepare(std::uint64_t epoch, const Sink& /*committable*/, std::span<weir_receipt* const> receipts) {
  if (epoch != epoch_) {
    throw Failure(WEIR_INTERNAL, WEIR_FAULT_UNKNOWN,
                  "expected to prepare epoch " + std::to_string(epoch_) + ", found " + std::to_string(epoch));
  }
  begin();
  for (weir_receipt* receipt : receipts) {
    receipt->rows = counts_.accepted;
    receipt->inserted = layout_.upserts && !counts_kinds_ ? -1 : counts_.inserted;
    receipt->updated = layout_.upserts && !counts_kinds_ ? -1 : counts_.updated;
    receipt->deleted = counts_.deleted;
    receipt->bytes = -1;
  }
}

void SqliteWriter::commit(std::uint64_t epoch) {
  if (database_ == nullptr || !database_->in_transaction() || epoch != epoch_) {
    throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_UNKNOWN,
                  "expected epoch " + std::to_string(epoch) + " to be prepared, found no transaction of it");
  }
  check_fence(read_token(*database_, context_), context_);
  write_token(*database_, context_, {epoch, context_.fence()});
  const int code = sqlite3_exec(database_->raw(), "COMMIT", nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) database_->fail(code, true);
  committed_ = true;
  epoch_ = epoch + 1;
}

void SqliteWriter::cancel() noexcept {
  const std::lock_guard lock(guard_);
  cancelled_ = true;
  if (database_ != nullptr) database_->cancel();
}

}  // namespace weir::sqlite
