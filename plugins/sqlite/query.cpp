#include "query.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <weir/cpp/suggest.hpp>

namespace weir::sqlite {
namespace {

constexpr const char* kTableNames =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') "
    "AND name NOT LIKE 'sqlite@_%' ESCAPE '@' AND name NOT LIKE '@_weir@_%' ESCAPE '@' LIMIT 1000";
constexpr const char* kColumns =
    "SELECT DISTINCT c.name FROM pragma_table_list AS t, pragma_table_xinfo(t.name, 'main') AS c "
    "WHERE t.schema = 'main' LIMIT 1000";
constexpr const char* kFunctions = "SELECT DISTINCT name FROM pragma_function_list LIMIT 1000";

Failure mistake(std::string message, const std::string& option, std::int64_t offset = -1, std::size_t length = 0) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message))
      .option(option, offset, static_cast<std::int64_t>(offset < 0 ? 0 : length));
}

// The hint for a name that is not there; empty if the names can't be had either.
std::string hint_for(const Database& database, const char* names_query, std::string_view name, const char* what) {
  std::vector<std::string> names;
  try {
    Statement rows(database, names_query);
    while (rows.next()) names.push_back(rows.text(0));
  } catch (const Failure&) {
    return {};
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  return name_hint(name, views, what);
}

// What SQLite's messages of unknown names begin with, and where to look for the nearest.
struct Unknown {
  std::string_view prefix, what;
  const char* names_query;
  const char* names;  // empty: too many to list
};
constexpr Unknown kUnknown[] = {{"no such table: ", "table", kTableNames, "tables"},
                                {"no such column: ", "column", kColumns, ""},
                                {"no such function: ", "function", kFunctions, ""}};

// Where a name that SQLite gave no place of stands: -1 if it does not.
std::int64_t find_name(std::string_view sql, std::string_view name) {
  const auto found = std::search(sql.begin(), sql.end(), name.begin(), name.end(),
                                 [](char a, char b) { return detail::small_letter(a) == detail::small_letter(b); });
  return found == sql.end() ? -1 : found - sql.begin();
}

// Explains why SQLite did not take the query.
Failure not_taken(const Database& database, const std::string& query, int code) {
  const int primary = code & 0xFF;
  if (primary != SQLITE_ERROR && primary != SQLITE_TOOBIG) database.fail(code);
  const std::string message = sqlite3_errmsg(database.raw());
  std::int64_t offset = sqlite3_error_offset(database.raw());
  for (const Unknown& unknown : kUnknown) {
    if (!message.starts_with(unknown.prefix)) continue;
    const std::string full = message.substr(unknown.prefix.size());
    if (offset < 0) offset = find_name(query, full);
    const std::string name = full.substr(full.rfind('.') + 1);
    std::string hint = hint_for(database, unknown.names_query, name, unknown.names);
    if (*unknown.names == 0 && !hint.starts_with("did you mean")) hint.clear();
    return mistake("no " + std::string(unknown.what) + " '" + full + "' in the database", "/query", offset, full.size())
        .native(code)
        .hint(std::move(hint));
  }
  if (message == "incomplete input") offset = static_cast<std::int64_t>(query.size());
  return mistake("expected SQL that SQLite takes, found: " + message, "/query", offset).native(code);
}

sqlite3_stmt* prepared(const Database& database, const std::string& query, std::size_t from, std::size_t& end) {
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(database.raw(), query.data() + from, static_cast<int>(query.size() - from),
                                      SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  if (code != SQLITE_OK && from == 0) throw not_taken(database, query, code);
  end = code != SQLITE_OK ? from : static_cast<std::size_t>(tail - query.data());
  return raw;
}

// Throws if anything but blanks and comments stands from `at` on.
void check_alone(const Database& database, const std::string& query, std::size_t at) {
  while (at < query.size()) {
    std::size_t end = at;
    const Statement second(database, prepared(database, query, at, end));
    const std::size_t word = std::min(query.find_first_not_of(" \t\r\n\f;", at), query.size());
    if (!second.empty() || (end == at && word < query.size())) {
      throw mistake("expected one statement, found another behind it", "/query", static_cast<std::int64_t>(word),
                    query.size() - word)
          .hint("read each query by a pipeline of its own, or put them together with UNION ALL");
    }
    if (end == at) return;
    at = end;
  }
}

std::string select_of(const Database& database, const Wanted& wanted) {
  Statement found(database,
                  "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow' AND name = ?1 "
                  "COLLATE NOCASE");
  if (!found.with(1, wanted.table).next()) {
    throw Failure(WEIR_NOT_FOUND, WEIR_FAULT_MANIFEST, "no table '" + wanted.table + "' in '" + wanted.database + "'")
        .object(wanted.table)
        .option(wanted.option())
        .hint(hint_for(database, kTableNames, wanted.table, "tables"));
  }
  return "SELECT * FROM main." + quote_identifier(found.text(0));
}

// A comment at the condition's end ends with its line.
std::string in_brackets(const std::string& where) { return "(" + where + "\n)"; }

// The rows of a table that a condition allows. Throws for one that SQLite does not take, or that is more than one.
Statement prepare_where(const Database& database, const Wanted& wanted) {
  const std::string sql = select_of(database, wanted) + " WHERE " + in_brackets(wanted.where);
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(database.raw(), sql.c_str(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  Statement statement(database, raw);
  if (code != SQLITE_OK) {
    if ((code & 0xFF) != SQLITE_ERROR && (code & 0xFF) != SQLITE_TOOBIG) database.fail(code);
    throw mistake(std::string("expected a condition that SQLite takes, found: ") + sqlite3_errmsg(database.raw()),
                  "/where")
        .native(code)
        .hint("write it as behind WHERE: day >= '2026-03-29'");
  }
  if (*tail != '\0' || sqlite3_bind_parameter_count(statement.raw()) > 0)
    throw mistake("expected one condition without parameters, found more", "/where")
        .hint("let the manifest fill values in: ${param:NAME}");
  return statement;
}

}  // namespace

void check_file(const std::string& path) {
  const auto wrong = [&](weir_status status, const std::string& message) {
    return Failure(status, WEIR_FAULT_SOURCE, "'" + path + "': " + message).object(path).option("/database");
  };
  std::error_code problem;
  const auto status = std::filesystem::status(path, problem);
  if (status.type() == std::filesystem::file_type::not_found)
    throw wrong(WEIR_NOT_FOUND, "expected a database, found none").hint("give the path of a SQLite database");
  if (std::filesystem::is_directory(status))
    throw wrong(WEIR_FAILED_PRECONDITION, "expected a database file, found a folder")
        .hint("give the path of a SQLite database");
}

void check_picks(const Config& config) {
  for (const char* option : {"/table", "/query"}) {
    if (!config.has(option)) continue;
    throw mistake(std::string("expected either streams or ") + (option + 1) + ", found both", option)
        .hint("take one of them away: streams reads each table by itself");
  }
}

Wanted read_wanted(const Context& context) {
  const Config config = context.config();
  Wanted wanted{std::string(config.text("/database")), std::string(config.text("/table")),
                std::string(config.text("/query")), std::string(config.text("/where"))};
  if (!context.stream().empty()) {
    check_picks(config);
    wanted.table = stream_parts(context.stream()).back();
    wanted.is_stream = true;
  }
  if (wanted.table.empty() == wanted.query.empty()) {
    throw mistake(std::string("expected either table or query, found ") + (wanted.table.empty() ? "neither" : "both"),
                  wanted.table.empty() ? "" : "/query")
        .hint(
            "name a table (table: orders), give a query (query: SELECT id, total FROM orders), or read many tables "
            "(streams: \"*\")");
  }
  if (!wanted.where.empty() && wanted.table.empty())
    throw mistake("expected where beside a table, found it beside a query", "/where").hint("say it in the query");
  if (config.has("/cursor")) wanted.cursor = read_cursor(config);
  for (const auto* text : {&wanted.table, &wanted.query, &wanted.where}) {
    if (const std::size_t zero = text->find('\0'); zero != std::string::npos)
      throw mistake("expected text, found a zero byte in it", text == &wanted.where ? "/where" : wanted.option(),
                    static_cast<std::int64_t>(zero));
  }
  return wanted;
}

std::string source_of(const Wanted& wanted) {
  if (!wanted.table.empty() && wanted.where.empty()) return "main." + quote_identifier(wanted.table);
  if (!wanted.table.empty())
    return "(SELECT * FROM main." + quote_identifier(wanted.table) + " WHERE " + in_brackets(wanted.where) + ")";
  const std::size_t end = wanted.query.find_last_not_of("; \t\r\n\f");
  return "(" + wanted.query.substr(0, end == std::string::npos ? 0 : end + 1) + "\n)";
}

std::string select_columns(const Wanted& wanted, const std::vector<std::string>& columns, const std::string& rowid,
                           const std::string& condition) {
  std::string sql;
  for (const auto& column : columns) sql += (sql.empty() ? "SELECT " : ", ") + quote_identifier(column);
  std::string conditions = wanted.where.empty() ? condition : in_brackets(wanted.where);
  if (!wanted.where.empty() && !condition.empty()) conditions += " AND " + condition;
  return sql + ", " + rowid + " FROM main." + quote_identifier(wanted.table) +
         (conditions.empty() ? "" : " WHERE " + conditions) + " ORDER BY " + rowid;
}

Statement prepare(const Database& database, const Wanted& wanted) {
  if (!wanted.table.empty() && !wanted.where.empty()) return prepare_where(database, wanted);
  if (!wanted.table.empty()) return Statement(database, select_of(database, wanted));
  std::size_t end = 0;
  Statement statement(database, prepared(database, wanted.query, 0, end));
  if (statement.empty()) throw mistake("expected a query, found nothing but blanks and comments", "/query");
  if (sqlite3_stmt_readonly(statement.raw()) == 0) {
    throw mistake("expected a query that reads, found one that writes", "/query")
        .hint("an extractor changes nothing: give a SELECT");
  }
  if (sqlite3_column_count(statement.raw()) == 0) {
    throw mistake("expected a query that gives rows, found one that gives none", "/query").hint("give a SELECT");
  }
  check_alone(database, wanted.query, end);
  if (sqlite3_bind_parameter_count(statement.raw()) > 0) {
    const char* name = sqlite3_bind_parameter_name(statement.raw(), 1);
    const std::string shown = name == nullptr ? "?" : name;
    throw mistake("expected a query without parameters, found '" + shown + "'", "/query",
                  find_name(wanted.query, shown), shown.size())
        .hint("let the manifest fill it in: ${param:NAME}");
  }
  return statement;
}

}  // namespace weir::sqlite
