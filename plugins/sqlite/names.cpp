#include "names.hpp"

#include <algorithm>

namespace weir::sqlite {

std::vector<std::string> column_names(const ArrowSchema& input, const Layout& layout,
                                      const std::vector<std::string>& existing, const std::vector<GivenName>& given) {
  NameRule rule;
  rule.ignores_case = rule.any_bytes = true;
  std::vector<std::string> names;
  for (const auto column : layout.columns) {
    const char* const name = input.children[column]->name;
    names.emplace_back(name == nullptr ? "" : name);
  }
  return held_names(rule, names, existing, given);
}

std::vector<GivenName> given_names(const Database& database, const std::string& table) {
  std::vector<GivenName> given;
  if (!Statement(database, "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = '_weir_names'").next())
    return given;
  Statement rows(database, "SELECT name, held FROM main._weir_names WHERE target = ?1");
  rows.with(1, table);
  while (rows.next()) given.push_back({rows.text(0), rows.text(1)});
  return given;
}

void note_names(Database& database, const std::string& table, const ArrowSchema& input, const Layout& layout) {
  const auto given = given_names(database, table);
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const char* const raw = input.children[layout.columns[i]]->name;
    const std::string name = raw == nullptr ? "" : raw;
    const auto noted = [&name](const GivenName& one) { return one.name == name; };
    if (name == layout.names[i] || std::any_of(given.begin(), given.end(), noted)) continue;
    database.run(
        "CREATE TABLE IF NOT EXISTS main._weir_names(target TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL, "
        "held TEXT NOT NULL, PRIMARY KEY(target, name))");
    Statement insert(database, "INSERT INTO main._weir_names(target, name, held) VALUES(?1, ?2, ?3)");
    insert.with(1, table).with(2, name).with(3, layout.names[i]).next();
    database.tell(WEIR_LOG_INFO, "sqlite.column_named",
                  {{"table", table}, {"name", name}, {"column", layout.names[i]}});
  }
}

}  // namespace weir::sqlite
