#include "drift.hpp"

#include <algorithm>

#include "column.hpp"

namespace weir::sqlite {
namespace {

using Kind = Declared::Kind;

constexpr int kIntegerDigits = 19;
constexpr int kUnsignedDigits = 20;
constexpr int kMostDigits = 38;
constexpr const char* kMadeAnew = "weir column made anew";

std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

// A decimal that holds `digits` before the point and `scale` behind it; empty: there is none.
std::string decimal(int digits, int scale) {
  if (digits + scale > kMostDigits) return {};
  return "DECIMAL_TEXT(" + std::to_string(digits + scale) + "," + std::to_string(scale) + ")";
}

int whole_digits(const Declared& declared) {
  if (declared.kind == Kind::decimal) return declared.precision - declared.scale;
  return declared.kind == Kind::unsigned_integer ? kUnsignedDigits : kIntegerDigits;
}

bool is_number(Kind kind) { return kind == Kind::integer || kind == Kind::unsigned_integer || kind == Kind::decimal; }

// True if a column so declared holds every value of the other, or says of each row whether it does.
bool holds(const Declared& column, const Declared& values) {
  if (column.kind == Kind::none || values.kind == Kind::none) return true;
  if (column.kind == Kind::text) return values.kind != Kind::bytes;
  if (column.kind == Kind::decimal && is_number(values.kind))
    return whole_digits(values) <= whole_digits(column) && values.scale <= column.scale;
  if (column.kind == values.kind) return true;
  return (column.kind == Kind::integer && (values.kind == Kind::boolean || values.kind == Kind::unsigned_integer)) ||
         (column.kind == Kind::real && values.kind == Kind::integer);
}

// The declaration that holds the values of both; empty: there is none.
std::string wider(const Declared& column, const Declared& values) {
  if (values.kind == Kind::text || (values.kind == Kind::json && column.kind != Kind::bytes))
    return column.kind == Kind::bytes ? "" : "TEXT";
  if (column.kind == Kind::boolean && values.kind == Kind::integer) return "INTEGER";
  if (column.kind == Kind::integer && values.kind == Kind::real) return "REAL";
  if (is_number(column.kind) && is_number(values.kind))
    return decimal(std::max(whole_digits(column), whole_digits(values)), std::max(column.scale, values.scale));
  return {};
}

std::string shown_type(const std::string& type) { return type.empty() ? "a column without type" : type; }

}  // namespace

Failure unfit(const Settings& settings, std::string message) {
  return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION,
                 "table '" + settings.table + "': " + std::move(message))
      .object(settings.table)
      .option("/table");
}

void Drift::missing(std::size_t place, const ArrowSchema& field, const std::string& name, bool key) {
  const ColumnDrift policy = settings_->drift.columns;
  if (key || (policy != ColumnDrift::reject && policy != ColumnDrift::ignore)) {
    added_.push_back({Change::Kind::add, name, "", declared_type(field)});
    return;
  }
  left_out_.push_back(place);
  if (policy == ColumnDrift::reject) return;
  losses_.push_back("the values of column '" + name + "', which is left out");
  if (instead_.empty()) instead_ = "let weir add the column with drift: { columns: evolve }";
}

Drift::Matched Drift::compare(const Existing& column, const ArrowSchema& field) {
  const TypeDrift policy = settings_->drift.types;
  if (policy == TypeDrift::unsaid) return {column.type, {}};
  const std::string type = declared_type(field);
  const Declared is = declared_as(column.type), comes = declared_as(type);
  if (holds(is, comes)) return {column.type, {}};
  const bool by_value = (policy == TypeDrift::reject || policy == TypeDrift::ignore) && is.kind != Kind::json;
  if (by_value && policy == TypeDrift::ignore) {
    losses_.push_back("those values of column '" + column.name + "' that " + column.type + " can't hold");
    if (instead_.empty()) instead_ = "let weir widen the column with drift: { types: widen }";
  }
  if (by_value) return {column.type, is};
  std::string to = wider(is, comes);
  if (policy != TypeDrift::widen || to.empty() || !column.plain) {
    frozen_columns_.push_back(column.name);
    const bool only_bound = policy == TypeDrift::widen && !to.empty();
    frozen_.push_back("'" + column.name + "' is " + shown_type(column.type) + " and gets " + type_name(field) +
                      (only_bound ? ", and is a key, NOT NULL or has a default" : ""));
    return {column.type, {}};
  }
  widened_.push_back({Change::Kind::widen, column.name, column.type, to});
  return {to, {}};
}

void Drift::vanished(const Existing& column) {
  if (settings_->drift.columns != ColumnDrift::evolve || column.key) {
    throw unfit(*settings_, "column '" + column.name +
                                "' is NOT NULL without a default: expected it in the input, found no such column")
        .column(column.name)
        .hint("give it a value before, or a default in the table");
  }
  losses_.push_back("the NOT NULL of column '" + column.name + "', which the rows lack");
  if (instead_.empty()) instead_ = "give the column a value before, or a default in the table";
  widened_.push_back({Change::Kind::loosen, column.name, column.type, column.type});
}

void Drift::goes(const Existing& column) {
  if (settings_->drift.columns == ColumnDrift::freeze) {
    throw unfit(*settings_, "expected a column '" + column.name + "' in the input, as the table has, found none")
        .column(column.name)
        .hint("let the column go with drift: { columns: evolve }");
  }
  losses_.push_back("column '" + column.name + "', which the rows lack");
  if (instead_.empty()) instead_ = "give the rows the column";
}

void Drift::check_missing() const {
  if (added_.empty() || settings_->drift.columns == ColumnDrift::evolve) return;
  std::vector<std::string> names, statements;
  for (const auto& change : added_) {
    names.push_back("'" + change.column + "'");
    statements.push_back("ALTER TABLE " + quote_identifier(settings_->table) + " ADD COLUMN " +
                         quote_identifier(change.column) + (change.to.empty() ? "" : " ") + change.to);
  }
  const bool one = names.size() == 1;
  throw unfit(*settings_, std::string(one ? "expected a column " : "expected the columns ") + list_of(names) +
                              ", as the input has, found " + (one ? "none" : "none of them"))
      .column(added_.front().column)
      .hint(one ? "let weir add it with drift: { columns: evolve }, leave it out, or run: " + statements.front()
                : "let weir add them with drift: { columns: evolve }, or leave them out");
}

void Drift::check_types() const {
  if (frozen_.empty()) return;
  const bool widens = settings_->drift.types == TypeDrift::widen;
  throw unfit(*settings_, std::string(widens ? "expected columns that can be made wide enough"
                                             : "expected columns of the input's types") +
                              ", found that " + list_of(frozen_))
      .column(frozen_columns_.front())
      .hint(widens ? "cast the column before, or change the table"
                   : "cast them before, or let weir widen with drift: { types: widen }");
}

void Drift::check() const {
  check_missing();
  check_types();
  if (losses_.empty() || settings_->drift.may_lose) return;
  std::string all;
  for (const auto& loss : losses_) all += (all.empty() ? "" : ", and ") + loss;
  throw would_lose("table '" + settings_->table + "'", all, instead_).object(settings_->table).option("/table");
}

std::vector<Change> Drift::changes() const {
  std::vector<Change> all = added_;
  all.insert(all.end(), widened_.begin(), widened_.end());
  return all;
}

namespace {

// What of the column's values the new declaration would not keep; empty: nothing.
std::string lost(const std::string& column, const std::string& to) {
  constexpr const char* kRounded = " NOT BETWEEN -9007199254740992 AND 9007199254740992";
  if (to == "REAL") return "typeof(" + column + ") = 'integer' AND " + column + kRounded;
  if (to == "INTEGER") return {};
  return "typeof(" + column + ") = 'real' AND CAST(CAST(" + column + " AS TEXT) AS REAL) IS NOT " + column;
}

// A trigger would take the copying of a column for changes of the rows.
void refuse_triggers(Database& database, const Settings& settings, const Change& change) {
  Statement found(
      database, "SELECT name FROM main.sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE LIMIT 1");
  if (!found.with(1, settings.place).next()) return;
  throw unfit(settings, "expected a table without triggers, to make column '" + change.column + "' " + change.to +
                            ", found the trigger '" + found.text(0) + "'")
      .column(change.column)
      .hint("change the column by hand: the trigger would see each row change");
}

bool is_declared_boolean(const Database& database, const std::string& table, const std::string& column) {
  const Statement some(database, "SELECT " + column + " FROM " + table);
  const char* const type = sqlite3_column_decltype(some.raw(), 0);
  return type != nullptr && (sqlite3_stricmp(type, "BOOLEAN") == 0 || sqlite3_stricmp(type, "BOOL") == 0);
}

// Throws if the column's values would not be the same afterwards; where that is allowed, it is logged.
void check_values(const Database& database, const Settings& settings, const Change& change) {
  const std::string old = quote_identifier(change.column), condition = lost(old, change.to);
  if (change.kind != Change::Kind::widen || condition.empty()) return;
  Statement value(database, "SELECT CASE typeof(" + old + ") WHEN 'real' THEN printf('%!.17g', " + old + ") ELSE " +
                                old + " END FROM main." + quote_identifier(settings.place) + " WHERE " + condition +
                                " LIMIT 1");
  if (!value.next()) return;
  const std::string found = value.text(0);
  if (settings.drift.may_lose) {
    return database.tell(
        WEIR_LOG_WARNING, "sqlite.loss_allowed",
        {{"table", settings.table},
         {"loss", "digits of column '" + change.column + "', such as " + found + ", in " + change.to}});
  }
  throw unfit(settings,
              "expected values of column '" + change.column + "' that " + change.to + " keeps, found " + found)
      .column(change.column)
      .hint("change the column by hand, cast what comes, or allow the loss with --allow-loss");
}

// SQLite can't change a declaration: the column is made anew beside the old one, which goes then.
void make_anew(Database& database, const Settings& settings, const Change& change) {
  refuse_triggers(database, settings, change);
  check_values(database, settings, change);
  for (const auto& step : statements_of(database, settings, change)) {
    const int code = sqlite3_exec(database.raw(), step.c_str(), nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) continue;
    if ((code & 0xFF) != SQLITE_ERROR && (code & 0xFF) != SQLITE_CONSTRAINT) database.fail(code);
    throw unfit(settings, "expected to make column '" + change.column + "' " + change.to +
                              ", found: " + sqlite3_errmsg(database.raw()))
        .column(change.column)
        .native(code)
        .hint("an index, a check, a trigger or a view is made of it: change the table by hand");
  }
}

const char* event_of(Change::Kind kind) {
  if (kind == Change::Kind::add) return "sqlite.column_added";
  return kind == Change::Kind::widen ? "sqlite.column_widened" : "sqlite.column_loosened";
}

}  // namespace

std::vector<std::string> statements_of(const Database& database, const Settings& settings, const Change& change) {
  const std::string table = "main." + quote_identifier(settings.place), column = quote_identifier(change.column),
                    made = quote_identifier(kMadeAnew), type = change.to.empty() ? "" : " " + change.to;
  if (change.kind == Change::Kind::add) return {"ALTER TABLE " + table + " ADD COLUMN " + column + type};
  const bool as_text = change.kind == Change::Kind::widen && change.to != "REAL" && change.to != "INTEGER";
  const std::string as_words =
      as_text && is_declared_boolean(database, table, column)
          ? "CASE WHEN " + column + " IS 0 THEN 'false' WHEN " + column + " IS 1 THEN 'true' ELSE "
          : "";
  const std::string value = as_text ? as_words + "CASE typeof(" + column + ") WHEN 'blob' THEN " + column +
                                          " WHEN 'null' THEN NULL ELSE CAST(" + column + " AS TEXT) END" +
                                          (as_words.empty() ? "" : " END")
                                    : column;
  return {"ALTER TABLE " + table + " ADD COLUMN " + made + type, "UPDATE " + table + " SET " + made + " = " + value,
          "ALTER TABLE " + table + " DROP COLUMN " + column,
          "ALTER TABLE " + table + " RENAME COLUMN " + made + " TO " + column};
}

void apply_changes(Database& database, const Settings& settings, const std::vector<Change>& changes) {
  for (const auto& change : changes) {
    if (change.kind == Change::Kind::add)
      database.run(statements_of(database, settings, change).front());
    else
      make_anew(database, settings, change);
    database.tell(WEIR_LOG_INFO, event_of(change.kind),
                  {{"table", settings.table}, {"column", change.column}, {"from", change.from}, {"to", change.to}});
  }
}

}  // namespace weir::sqlite
