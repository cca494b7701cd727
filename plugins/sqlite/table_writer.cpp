#include "table_writer.hpp"

#include <weir/ext/draft/holds.h>

#include <limits>

#include "staged.hpp"

namespace weir::sqlite {
namespace {

// A rowid that no insert gives itself: what last_insert_rowid says until a row was inserted.
constexpr std::int64_t kNoRowid = std::numeric_limits<std::int64_t>::min();

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

TableWriter::TableWriter(const Config& config, const ArrowSchema& input)
    : settings_(read_settings(config)), input_(Schema::copy_of(input)), layout_(layout_of(settings_, input_.get())) {
  cells_.reserve(layout_.columns.size());
  for (const auto column : layout_.columns) cells_.emplace_back(*input_->children[column]);
}

void TableWriter::find_place(const Database& database, const Context& context) {
  const std::string staged =
      settings_.mode == Mode::replace ? find_staged(database, context, settings_.table) : std::string();
  settings_.place = staged.empty() ? settings_.table : staged;
}

std::string TableWriter::holds(const Database* database) const {
  if (settings_.mode == Mode::replace) return WEIR_HOLDS_RUN;
  if (settings_.mode != Mode::append || layout_.operation >= 0) return {};
  if (database == nullptr) return WEIR_HOLDS_RUN;
  Statement found(*database, "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ?1 COLLATE NOCASE");
  if (!found.with(1, settings_.table).next()) return WEIR_HOLDS_RUN;
  Statement first(*database, "SELECT 1 FROM main." + quote_identifier(settings_.table) + " LIMIT 1");
  return first.next() ? WEIR_HOLDS_AMONG : WEIR_HOLDS_RUN;
}

void TableWriter::look(const Database& database, const Context& context, bool first) {
  find_place(database, context);
  look_at_table(database, settings_, input_.get(), layout_, first);
}

void TableWriter::set_up(Database& database, const Context& context, bool first) {
  find_place(database, context);
  const Table table = look_at_table(database, settings_, input_.get(), layout_, first);
  apply_changes(database, settings_, table.changes);
  const bool anew = settings_.mode == Mode::replace && settings_.place == settings_.table;
  if (anew) settings_.place = begin_staged(database, context, settings_.table);
  if (!table.exists || anew) database.run(create_statement(settings_, input_.get(), layout_));
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    Cell& cell = cells_[i];
    const bool digits = type_of(*input_->children[layout_.columns[i]]).type == Type::uint64;
    cell.affinity = table.affinities[i];
    cell.guarded = may_change(cell.affinity, cell.column.kind()) || (digits && cell.affinity != Affinity::none);
    if (!table.exists || anew) cell.guarded = false;
  }
  counts_kinds_ = layout_.upserts && !table.without_rowid;
  if (!layout_.removes) insert_ = Statement(database, insert_statement(settings_, input_.get(), layout_));
  if (layout_.operation >= 0 || layout_.removes)
    delete_ = Statement(database, delete_statement(settings_, input_.get(), layout_));
}

void TableWriter::write(Database& database, Batch& batch, const Next& next) {
  database_ = &database;
  for (std::size_t i = 0; i < cells_.size(); ++i)
    cells_[i].column.attach(batch.column(layout_.columns[i]), batch.outer());
  const std::int64_t length = batch.length();
  if (layout_.operation < 0) {
    const std::int32_t operation = layout_.removes ? WEIR_OPERATION_DELETE : WEIR_OPERATION_INSERT;
    for (std::int64_t row = 0; row < length; ++row) write_row(row, operation, next);
    return;
  }
  const NumberColumn<std::int8_t> operations(batch.column(layout_.operation), batch.outer());
  for (std::int64_t row = 0; row < length; ++row) write_row(row, operations[row], next);
}

void TableWriter::write_row(std::int64_t row, std::int32_t operation, const Next& next) {
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
bool TableWriter::bind_row(Statement& statement, std::int64_t row, bool only_key, const Next& next) {
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

void TableWriter::count(std::int64_t row, bool deletes, const Next& next) {
  const std::int64_t changed = sqlite3_changes64(database_->raw());
  if (deletes) {
    ++counts_.accepted;
    counts_.deleted += changed;
    return;
  }
  if (changed == 0 && !layout_.upserts && !layout_.ignores)
    return next.reject(rejected_row(row, "", "ignored by a trigger or by ON CONFLICT IGNORE"));
  ++counts_.accepted;
  const bool updated = counts_kinds_ && sqlite3_last_insert_rowid(database_->raw()) == kNoRowid;
  counts_.updated += updated ? changed : 0;
  counts_.inserted += updated ? 0 : changed;
}

// SQLite refused a row: rejects it if the row is to blame and the transaction stands, else throws.
void TableWriter::refuse(std::int64_t row, int code, const Next& next) const {
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

void TableWriter::reject_value(std::int64_t row, std::size_t cell, const char* reason, const Next& next) const {
  next.reject(rejected_row(row, column_name(cell), reason));
}

std::string_view TableWriter::column_name(std::size_t cell) const {
  return input_->children[layout_.columns[cell]]->name;
}

void TableWriter::tell(weir_receipt& receipt) const {
  receipt.rows = counts_.accepted;
  receipt.inserted = layout_.upserts && !counts_kinds_ ? -1 : counts_.inserted;
  receipt.updated = layout_.upserts && !counts_kinds_ ? -1 : counts_.updated;
  receipt.deleted = counts_.deleted;
  receipt.bytes = -1;
}

void TableWriter::forget() {
  insert_ = Statement();
  delete_ = Statement();
}

}  // namespace weir::sqlite
