#include "table_writer.hpp"

#include <weir/ext/draft/holds.h>

#include <algorithm>
#include <array>
#include <limits>

#include "fit.hpp"
#include "names.hpp"
#include "seen.hpp"
#include "staged.hpp"

namespace weir::sqlite {
namespace {

// A rowid that no insert gives itself: what last_insert_rowid says until a row was inserted.
constexpr std::int64_t kNoRowid = std::numeric_limits<std::int64_t>::min();
constexpr std::array<std::string_view, 4> kOperations = {"insert", "update", "delete", "update_before"};
constexpr const char* kIgnored = "ignored by a trigger or by ON CONFLICT IGNORE";
constexpr const char* kOutside = "outside of the range that is loaded";
constexpr const char* kUnheld = "a value for a column that the table lacks";
constexpr const char* kUnfit = "not of the column's type";
constexpr const char* kLate = "older than what is known of its key";

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
    : settings_(read_settings(config)),
      input_(Schema::copy_of(input)),
      whole_(layout_of(settings_, input_.get())),
      layout_(whole_),
      times_(input_.get(), whole_) {
  const bool names = layout_.operation >= 0 && !(std::string_view(input_->children[layout_.operation]->format) == "c");
  if (names) operations_ = std::make_unique<Column>(*input_->children[layout_.operation]);
  make_cells(new_table(input_.get(), layout_), true);  // a type that can't be kept is told at once
  keep(whole_, {});
}

void TableWriter::find_place(const Database& database, const Context& context) {
  const std::string staged =
      settings_.mode == Mode::replace ? staged_tables().find(database, context, settings_.table).name : std::string();
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
  Layout layout = whole_;
  const Table table = look_at_table(database, settings_, input_.get(), layout, first);
  keep(layout, table.left_out);
}

// Where rows say what they do, or delete others, all of a row is what was done.
void TableWriter::keep(const Layout& layout, const std::vector<std::size_t>& left_out) {
  stored_.clear();
  if (layout.removes || layout.operation >= 0) {
    for (std::int64_t i = 0; i < input_->n_children; ++i) stored_.push_back({i, input_->children[i]->name});
    return;
  }
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    if (std::find(left_out.begin(), left_out.end(), i) == left_out.end())
      stored_.push_back({layout.columns[i], layout.names[i]});
  }
}

std::vector<std::string> TableWriter::statements(const Database* database, const Context& context) {
  if (settings_.mode == Mode::remove) return {};
  Layout layout = whole_;
  Table table;
  if (database != nullptr) {
    find_place(*database, context);
    table = look_at_table(*database, settings_, input_.get(), layout, true);
  }
  std::vector<std::string> all;
  for (const auto& change : table.changes) {
    for (auto& statement : statements_of(*database, settings_, change)) all.push_back(std::move(statement));
  }
  const bool anew = settings_.mode == Mode::replace;
  if (anew && table.exists) all.push_back("DROP TABLE " + full_name(settings_));
  if (anew || !table.exists) all.push_back(create_statement(settings_, input_.get(), layout));
  if (layout.versions && !table.exists) all.push_back(current_index_statement(database, settings_, layout));
  return all;
}

void TableWriter::set_up(Database& database, const Context& context, bool first) {
  find_place(database, context);
  layout_ = whole_;
  database_ = &database;
  const Table table = look_at_table(database, settings_, input_.get(), layout_, first);
  tell_losses(table);
  apply_changes(database, settings_, table.changes);
  const bool anew = settings_.mode == Mode::replace && settings_.place == settings_.table;
  if (anew) settings_.place = staged_tables().begin(database, context, settings_.table).name;
  if (!table.exists || anew) {
    database.run(create_statement(settings_, input_.get(), layout_));
    if (layout_.versions) make_current_index(database, settings_, layout_);
  }
  make_cells(table, !table.exists || anew);
  leave_out(table);
  note_names(database, settings_.table, input_.get(), layout_);
  if (settings_.within.given()) set_up_range(first && table.exists);
  if (layout_.versions || settings_.soft) times_.begin(database, context, settings_.table);
  if (settings_.delete_missing) remember_ = remember_keys(database, context, settings_, layout_, first);
  prepare_statements(table);
}

// Makes room for the range, and sees to it that no other row comes: a second load would not take it away. Bounds are taken as the
// column would keep them, for in a trigger nothing makes a number of a text.
void TableWriter::set_up_range(bool emptied) {
  const Within& within = settings_.within;
  const std::string table = full_name(settings_), column = quote_identifier(within.column);
  database_->run("CREATE TEMP TABLE _weir_bounds AS SELECT " + column + " AS bound FROM " + table + " LIMIT 0");
  database_->run("INSERT INTO temp._weir_bounds VALUES (" + quote_text(within.from) + "), (" + quote_text(within.to) +
                 ")");
  std::string from, to;
  {
    Statement bounds(*database_, "SELECT quote(bound) FROM temp._weir_bounds ORDER BY rowid");
    if (bounds.next()) from = bounds.text(0);
    if (bounds.next()) to = bounds.text(0);
  }
  database_->run("DROP TABLE temp._weir_bounds");
  const auto condition = [&](const std::string& name) { return name + " >= " + from + " AND " + name + " < " + to; };
  if (emptied) database_->run("DELETE FROM " + table + " WHERE " + condition(column));
  const std::string trigger = quote_identifier("_weir_within_" + settings_.table);
  database_->run("CREATE TEMP TRIGGER IF NOT EXISTS " + trigger + " AFTER INSERT ON " + table + " WHEN NEW." + column +
                 " IS NULL OR NOT (" + condition("NEW." + column) + ") BEGIN SELECT RAISE(ABORT, " +
                 quote_text(kOutside) + "); END");
}

// `made`: by this loader, so it keeps what comes.
void TableWriter::make_cells(const Table& table, bool made) {
  cells_.clear();
  cells_.reserve(layout_.columns.size());
  for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
    const ArrowSchema& field = *input_->children[layout_.columns[i]];
    Cell& cell = cells_.emplace_back(field);
    const bool digits = type_of(field).type == Type::uint64;
    cell.affinity = table.affinities[i];
    cell.guarded =
        !made && (may_change(cell.affinity, cell.column.kind()) || (digits && cell.affinity != Affinity::none));
    cell.judged = table.judged[i];
    cell.forgets = cell.judged && settings_.drift.types == TypeDrift::ignore && !layout_.is_key(i);
  }
}

// Takes the columns that the table lacks out of the layout.
void TableWriter::leave_out(const Table& table) {
  unheld_.clear();
  for (auto place = table.left_out.rbegin(); place != table.left_out.rend(); ++place) {
    const auto at = static_cast<std::ptrdiff_t>(*place);
    const ArrowSchema& field = *input_->children[layout_.columns[*place]];
    if (type_of(field).type != Type::null) unheld_.emplace_back(field).number = layout_.columns[*place];
    layout_.columns.erase(layout_.columns.begin() + at);
    layout_.names.erase(layout_.names.begin() + at);
    cells_.erase(cells_.begin() + at);
    for (auto& key : layout_.key) {
      if (key > *place) --key;
    }
  }
}

void TableWriter::tell_losses(const Table& table) const {
  for (const auto& loss : table.losses)
    database_->tell(WEIR_LOG_WARNING, "sqlite.loss_allowed", {{"table", settings_.table}, {"loss", loss}});
}

void TableWriter::begin_epoch() {
  counts_ = Counts();
  for (auto& unheld : unheld_) unheld.values = 0;
}

void TableWriter::prepare_statements(const Table& table) {
  if (layout_.versions) {
    check_times();
    versions_ = Versions(*database_, settings_, layout_);
    return;
  }
  counts_kinds_ = layout_.upserts && !table.without_rowid;
  if (!layout_.removes) insert_ = Statement(*database_, insert_statement(settings_, layout_));
  if (layout_.operation >= 0 || layout_.removes) delete_ = Statement(*database_, delete_statement(settings_, layout_));
}

// Times are compared as they are kept, in texts.
void TableWriter::check_times() const {
  const std::string name = quote_identifier(settings_.valid_from);
  Statement one(*database_, "SELECT " + name + " FROM " + full_name(settings_) + " LIMIT 1");
  if (!one.next() || times_.sorts_with(one.text(0))) return;
  throw unfit(settings_, "expected times that sort with those of column '" + settings_.valid_from + "', found '" +
                             one.text(0) + "' there, and others in the rows")
      .column(settings_.valid_from)
      .hint("take times of one unit, and with a zone or without, in all runs: time:");
}

void TableWriter::write(Database& database, Batch& batch, const Next& next) {
  database_ = &database;
  for (std::size_t i = 0; i < cells_.size(); ++i)
    cells_[i].column.attach(batch.column(layout_.columns[i]), batch.outer());
  for (auto& unheld : unheld_) unheld.column.attach(batch.column(unheld.number), batch.outer());
  times_.attach(batch);
  const std::int64_t length = batch.length();
  if (layout_.operation < 0) {
    const std::int32_t operation = layout_.removes ? WEIR_OPERATION_DELETE : WEIR_OPERATION_INSERT;
    for (std::int64_t row = 0; row < length; ++row) write_row(row, operation, next);
    return;
  }
  if (operations_ != nullptr) {
    operations_->attach(batch.column(layout_.operation), batch.outer());
    for (std::int64_t row = 0; row < length; ++row) write_row(row, operation_named(row), next);
    return;
  }
  const NumberColumn<std::int8_t> operations(batch.column(layout_.operation), batch.outer());
  for (std::int64_t row = 0; row < length; ++row) write_row(row, operations[row], next);
}

// The operation that a row names; -1: it is none.
std::int32_t TableWriter::operation_named(std::int64_t row) {
  const Value name = operations_->at(row);
  for (std::int32_t i = 0; name.kind == Value::Kind::text && i < static_cast<std::int32_t>(kOperations.size()); ++i) {
    if (name.bytes == kOperations[static_cast<std::size_t>(i)]) return i;
  }
  return -1;
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
  if (!remember_.empty() && !remember_key(row, next)) return;
  if (!deletes && !unheld_.empty() && !is_held(row, next)) return;
  if (layout_.versions) return deletes ? end_version(row, next) : write_version(row, next);
  Statement& statement = deletes ? delete_ : insert_;
  if (!bind_row(statement, row, deletes, next)) return;
  if (deletes && settings_.soft && !bind_time(statement, row, next)) return;
  if (counts_kinds_) sqlite3_set_last_insert_rowid(database_->raw(), kNoRowid);
  const int code = statement.execute();
  if (code == SQLITE_DONE)
    count(row, deletes, next);
  else
    refuse(row, code, next);
}

// A row that is rejected below is no less there, where it came from. False: its key can't be kept, and it is rejected.
bool TableWriter::remember_key(std::int64_t row, const Next& next) {
  if (!bind_row(remember_, row, true, next)) return false;
  run_or_fail(remember_);
  return true;
}

// Of columns that the table lacks; false: the row has a value there, and is rejected.
bool TableWriter::is_held(std::int64_t row, const Next& next) {
  for (auto& unheld : unheld_) {
    if (unheld.column.is_null(row)) continue;
    if (settings_.drift.columns == ColumnDrift::reject) {
      next.reject(rejected_row(row, unheld.name, kUnheld));
      return false;
    }
    ++unheld.values;
  }
  return true;
}

// The cell of a row as its column holds it; one that it can't hold is refused, or null where it may be lost.
Value TableWriter::held(Cell& cell, std::int64_t row) {
  Value value = cell.column.at(row);
  if (cell.judged && !holds_value(*cell.judged, value)) value = Value::refused(kUnfit);
  if (cell.guarded && value.kind != Value::Kind::refused) value = kept(cell.affinity, value, cell.scratch);
  if (value.kind != Value::Kind::refused || !cell.forgets) return value;
  ++counts_.forgotten;
  return Value();
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
    const Value value = held(cell, row);
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

bool TableWriter::bind_time(Statement& statement, std::int64_t row, const Next& next) {
  const Value value = times_.at(row);
  if (value.kind == Value::Kind::null || value.kind == Value::Kind::refused) {
    const char* const reason = value.kind == Value::Kind::null ? "null for its time" : value.reason;
    next.reject(rejected_row(row, settings_.time, reason));
    return false;
  }
  const int code = statement.bind(layout_.time_parameter(), value);
  if (code != SQLITE_OK) database_->fail(code);
  return true;
}

// A row of the mode history: the version that it makes, if any. See Versions.
void TableWriter::write_version(std::int64_t row, const Next& next) {
  if (!bind_row(versions_.seek, row, false, next) || !bind_time(versions_.seek, row, next)) return;
  const Versions::Found found = Versions::find(versions_.seek);
  if (found.order < 0) return judge_late(versions_.was, row, false, next);
  if (found.open && found.same) {
    ++counts_.accepted;
    return;
  }
  if (!found.open && found.order > 0) {
    if (!run_for_version(versions_.insert, row, false, next)) return;
  } else {
    run_or_fail(versions_.mark);
    const bool done = replace_version(row, found, next);
    if (!done) run_or_fail(versions_.undo);
    run_or_fail(versions_.keep);
    if (!done) return;
  }
  ++counts_.accepted;
  ++(found.open ? counts_.updated : counts_.inserted);
}

// Puts a version behind the current one, or in the place of what was done at the same time; false: the row is rejected.
bool TableWriter::replace_version(std::int64_t row, Versions::Found found, const Next& next) {
  if (found.order == 0) {
    if (!run_for_version(versions_.remove, row, true, next) || !run_for_version(versions_.reopen, row, true, next))
      return false;
    if (!bind_row(versions_.seek, row, false, next) || !bind_time(versions_.seek, row, next)) return false;
    found = Versions::find(versions_.seek);
    if (found.open && found.same) return true;
  }
  if (found.open && !run_for_version(versions_.end, row, true, next)) return false;
  return run_for_version(versions_.insert, row, false, next);
}

void TableWriter::run_or_fail(Statement& statement) const {
  if (const int code = statement.execute(); code != SQLITE_DONE) database_->fail(code);
}

void TableWriter::end_version(std::int64_t row, const Next& next) {
  if (!bind_row(versions_.seek_key, row, true, next) || !bind_time(versions_.seek_key, row, next)) return;
  const Versions::Found found = Versions::find(versions_.seek_key);
  if (found.open && found.order < 0) return judge_late(versions_.was_not, row, true, next);
  if (found.open && !run_for_version(versions_.end, row, true, next)) return;
  ++counts_.accepted;
  counts_.deleted += found.open ? 1 : 0;
}

// Runs a statement for a row; false: the row is rejected.
bool TableWriter::run_for_version(Statement& statement, std::int64_t row, bool only_key, const Next& next) {
  if (!bind_row(statement, row, only_key, next) || !bind_time(statement, row, next)) return false;
  if (const int code = statement.execute(); code != SQLITE_DONE) {
    refuse(row, code, next);
    return false;
  }
  if (only_key || sqlite3_changes64(database_->raw()) > 0) return true;
  next.reject(rejected_row(row, "", kIgnored));
  return false;
}

// A row that is older than its key's newest version changes nothing: it is right if it says what the history says of its time.
void TableWriter::judge_late(Statement& agrees, std::int64_t row, bool only_key, const Next& next) {
  if (!bind_row(agrees, row, only_key, next) || !bind_time(agrees, row, next)) return;
  if (!Versions::says_yes(agrees)) return next.reject(rejected_row(row, settings_.time, kLate));
  ++counts_.accepted;
}

void TableWriter::count(std::int64_t row, bool deletes, const Next& next) {
  const std::int64_t changed = sqlite3_changes64(database_->raw());
  if (deletes) {
    ++counts_.accepted;
    counts_.deleted += changed;
    return;
  }
  if (changed == 0 && !layout_.upserts && !layout_.ignores) return next.reject(rejected_row(row, "", kIgnored));
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
  if (settings_.within.given() && message == kOutside)
    return next.reject(rejected_row(row, settings_.within.column, kOutside));
  next.reject(rejected_row(row, names_a_column(code) ? column_in(message) : std::string(), reason_of(code), message));
}

void TableWriter::reject_value(std::int64_t row, std::size_t cell, const char* reason, const Next& next) const {
  next.reject(rejected_row(row, column_name(cell), reason));
}

std::string_view TableWriter::column_name(std::size_t cell) const {
  return input_->children[layout_.columns[cell]]->name;
}

void TableWriter::tell(weir_receipt& receipt) const {
  for (const auto& unheld : unheld_) {
    if (unheld.values == 0) continue;
    database_->tell(WEIR_LOG_INFO, "sqlite.values_left_out",
                    {{"table", settings_.table}, {"column", unheld.name}, {"values", std::to_string(unheld.values)}});
  }
  if (counts_.forgotten > 0) {
    database_->tell(WEIR_LOG_INFO, "sqlite.values_left_out",
                    {{"table", settings_.table}, {"values", std::to_string(counts_.forgotten)}});
  }
  receipt.rows = counts_.accepted;
  receipt.inserted = layout_.upserts && !counts_kinds_ ? -1 : counts_.inserted;
  receipt.updated = layout_.upserts && !counts_kinds_ ? -1 : counts_.updated;
  receipt.deleted = counts_.deleted;
  receipt.bytes = -1;
}

void TableWriter::forget() {
  insert_ = Statement();
  delete_ = Statement();
  remember_ = Statement();
  versions_ = Versions();
}

}  // namespace weir::sqlite
