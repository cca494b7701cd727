#include "versions.hpp"

#include "table.hpp"

namespace weir::sqlite {
namespace {

// The condition that a version has the values of the row: those that are neither of the key nor its time. Bytes are compared,
// whatever the collation of a column.
std::string same_values(const Layout& layout) {
  std::string condition;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    if (layout.is_key(i) || layout.columns[i] == layout.time) continue;
    condition += (condition.empty() ? "" : " AND ") + quote_identifier(layout.names[i]) + " IS ?" +
                 std::to_string(i + 1) + " COLLATE BINARY";
  }
  return condition.empty() ? "1" : condition;
}

// Says how a time lies to another, which may be NULL: then it is later.
std::string order_of(const std::string& time, const std::string& other) {
  return "CASE WHEN " + time + " < " + other + " THEN -1 WHEN " + time + " = " + other + " THEN 0 ELSE 1 END";
}

}  // namespace

Versions::Versions(const Database& database, const Settings& settings, const Layout& layout) {
  const std::string table = full_name(settings), key = " WHERE " + key_condition(layout),
                    from = quote_identifier(settings.valid_from), to = quote_identifier(settings.valid_to),
                    time = "?" + std::to_string(layout.time_parameter()), same = same_values(layout);
  const std::string current = key + " AND " + to + " IS NULL";
  // The second part is not asked if there is a row of the first.
  const std::string ended = " UNION ALL SELECT 0, 0, " + order_of(time, "max(" + to + ")") + " FROM " + table + key;
  const auto seeking = [&](const std::string& values) {
    return "SELECT 1, " + values + ", " + order_of(time, from) + " FROM " + table + current + ended;
  };
  const std::string at_the_time =
      "EXISTS(SELECT 1 FROM " + table + key + " AND " + from + " <= " + time + " AND " + to + " > " + time;
  const auto prepared = [&database](const std::string& sql) { return Statement(database, sql); };
  seek = prepared(seeking(same));
  seek_key = prepared(seeking("0"));
  was = prepared("SELECT " + at_the_time + " AND " + same + ")");
  was_not = prepared("SELECT NOT " + at_the_time + ")");
  insert = prepared(insert_statement(settings, layout));
  end = prepared("UPDATE " + table + " SET " + to + " = " + time + current);
  remove = prepared("DELETE FROM " + table + key + " AND " + from + " = " + time);
  reopen = prepared("UPDATE " + table + " SET " + to + " = NULL" + key + " AND " + to + " = " + time);
  mark = prepared("SAVEPOINT weir_row");
  keep = prepared("RELEASE weir_row");
  undo = prepared("ROLLBACK TO weir_row");
}

Versions::Found Versions::find(Statement& statement) {
  Found found;
  if (statement.next())
    found = {statement.integer(0) != 0, statement.integer(1) != 0, static_cast<int>(statement.integer(2))};
  sqlite3_reset(statement.raw());
  return found;
}

bool Versions::says_yes(Statement& statement) {
  const bool yes = statement.next() && statement.integer(0) != 0;
  sqlite3_reset(statement.raw());
  return yes;
}

std::string current_index_statement(const Database* database, const Settings& settings, const Layout& layout) {
  std::string name = settings.table + "_current";
  const auto taken = [&] {
    if (database == nullptr) return false;
    Statement found(*database, "SELECT 1 FROM main.sqlite_schema WHERE name = ?1 COLLATE NOCASE");
    return found.with(1, name).next();
  };
  for (int number = 2; taken(); ++number) name = settings.table + "_current" + std::to_string(number);
  return "CREATE UNIQUE INDEX main." + quote_identifier(name) + " ON " + quote_identifier(settings.place) + "(" +
         list_of_names(layout.key_names()) + ") WHERE " + quote_identifier(settings.valid_to) + " IS NULL";
}

void make_current_index(Database& database, const Settings& settings, const Layout& layout) {
  database.run(current_index_statement(&database, settings, layout));
}

void check_versions(const Database& database, const Settings& settings, const Layout& layout,
                    const std::vector<Existing>& columns) {
  const std::string table = quote_identifier(settings.table), to = quote_identifier(settings.valid_to);
  const std::vector<std::string> key = layout.key_names();
  std::vector<std::string> beginnings = key;
  beginnings.push_back(settings.valid_from);
  const auto unique = [&](const std::string& of, const std::string& title, const std::string& on) {
    return unfit(settings, "expected a unique index on " + of + ", found none")
        .option("/key")
        .hint("run: CREATE UNIQUE INDEX " + quote_identifier(settings.table + title) + " ON " + table + on);
  };
  if (!has_unique_index(database, settings, columns, beginnings)) {
    const std::string names = "(" + list_of_names(beginnings) + ")";
    throw unique("exactly the key and the beginning of a version " + names, "_versions", " " + names);
  }
  for (const auto& index : unique_indexes(database, settings, key, true)) {
    // Only an index that holds all current versions can answer this.
    const std::string sql =
        "SELECT 1 FROM " + full_name(settings) + " INDEXED BY " + quote_identifier(index) + " WHERE " + to + " IS NULL";
    sqlite3_stmt* raw = nullptr;
    const bool answers = sqlite3_prepare_v2(database.raw(), sql.c_str(), -1, &raw, nullptr) == SQLITE_OK;
    sqlite3_finalize(raw);
    if (answers) return;
  }
  const std::string names = "(" + list_of_names(key) + ")";
  throw unique("exactly the key of current versions " + names, "_current", " " + names + " WHERE " + to + " IS NULL");
}

}  // namespace weir::sqlite
