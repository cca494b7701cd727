#include "seen.hpp"

#include <map>

#include "affinity.hpp"
#include "fit.hpp"
#include "table.hpp"
#include "times.hpp"

namespace weir::sqlite {
namespace {

// SQLite ignores the case of names.
struct LessByName {
  bool operator()(const std::string& a, const std::string& b) const {
    return sqlite3_stricmp(a.c_str(), b.c_str()) < 0;
  }
};
template <class T>
using ByName = std::map<std::string, T, LessByName>;

// A type of that affinity, as a table declares it.
const char* type_for(Affinity affinity) {
  switch (affinity) {
    case Affinity::text: return " TEXT";
    case Affinity::integer: return " INTEGER";
    case Affinity::real: return " REAL";
    case Affinity::numeric: return " NUMERIC";
    case Affinity::none: return "";
  }
  return "";
}

// By which two keys are one, of each column of the key; a column that has none compares bytes.
ByName<std::string> collations(const Database& database, const Settings& settings, const Layout& layout) {
  ByName<std::string> found;
  const auto indexes = unique_indexes(database, settings, layout.key_names(), layout.versions);
  if (indexes.empty()) return found;
  Statement parts(database, "SELECT name, coll FROM pragma_index_xinfo(?1, 'main') WHERE key = 1");
  parts.with(1, indexes.front());
  while (parts.next()) found[parts.text(0)] = parts.text(1);
  return found;
}

void make_table(Database& database, const RunTable& seen, const Settings& settings, const Layout& layout) {
  ByName<Affinity> affinities;
  Statement columns(database, "SELECT name, type FROM pragma_table_xinfo(?1, 'main')");
  columns.with(1, settings.place);
  while (columns.next()) affinities[columns.text(0)] = affinity_of(columns.text(1));
  columns = Statement();
  auto collated = collations(database, settings, layout);
  std::string sql = "CREATE TABLE main." + quote_identifier(seen.name) + "(";
  for (const auto& name : layout.key_names()) {
    const std::string& collation = collated[name];
    sql += (sql.back() == '(' ? "" : ", ") + quote_identifier(name) + type_for(affinities[name]) + " NOT NULL" +
           (collation.empty() ? "" : " COLLATE " + quote_identifier(collation));
  }
  if (!settings.ends().empty()) sql += ", " + quote_identifier(settings.ends());
  database.run(sql + ")");
}

std::int64_t delete_missing_of(Database& database, const Context& context, const RunTable& seen) {
  std::string same, keys, ends;
  Statement columns(database, "SELECT name, \"notnull\" FROM pragma_table_xinfo(?1, 'main')");
  columns.with(1, seen.name);
  while (columns.next()) {
    const std::string name = quote_identifier(columns.text(0));
    if (columns.integer(1) == 0) {
      ends = name;
      continue;
    }
    keys += (keys.empty() ? "" : ", ") + name;
    // The left side's collation is the one that counts.
    same += std::string(same.empty() ? "" : " AND ") + "seen." + name + " = target." + name;
  }
  columns = Statement();
  database.run("CREATE INDEX main." + quote_identifier(seen.name + "_keys") + " ON " + quote_identifier(seen.name) +
               "(" + keys + ")");
  const std::string target = "main." + quote_identifier(seen.target) + " AS target";
  const std::string missing =
      " NOT EXISTS (SELECT 1 FROM main." + quote_identifier(seen.name) + " AS seen WHERE " + same + ")";
  const std::string time = ends.empty() ? "" : quote_text(time_of_run(database, context, seen.target));
  database.run(ends.empty()
                   ? "DELETE FROM " + target + " WHERE" + missing
                   : "UPDATE " + target + " SET " + ends + " = " + time + " WHERE " + ends + " IS NULL AND" + missing);
  return sqlite3_changes64(database.raw());
}

}  // namespace

Statement remember_keys(Database& database, const Context& context, const Settings& settings, const Layout& layout,
                        bool first) {
  RunTable seen = seen_tables().find(database, context, settings.table);
  if (seen.name.empty()) {
    if (!first)
      throw unfit(settings, "expected the keys that this run has brought so far, found none")
          .hint("begin anew with --fresh");
    seen = seen_tables().begin(database, context, settings.table);
    make_table(database, seen, settings, layout);
  }
  std::string values;
  for (const auto i : layout.key) values += (values.empty() ? "?" : ", ?") + std::to_string(i + 1);
  return {database, "INSERT INTO main." + quote_identifier(seen.name) + "(" + list_of_names(layout.key_names()) +
                        ") VALUES(" + values + ")"};
}

void delete_missing(Database& database, const Context& context) {
  seen_tables().end(database, context, [&](const RunTable& seen) {
    const std::int64_t rows = delete_missing_of(database, context, seen);
    database.tell(WEIR_LOG_INFO, "sqlite.missing_deleted", {{"table", seen.target}, {"rows", std::to_string(rows)}});
  });
}

}  // namespace weir::sqlite
