#include "table.hpp"

#include <algorithm>

#include "column.hpp"

namespace weir::sqlite {
namespace {

struct Existing {
  std::string name, type;
  bool required = false;  // must be given a value
  bool generated = false;
  bool key = false;  // part of the primary key
};

std::string column_name(const ArrowSchema& input, const Layout& layout, std::size_t i) {
  return input.children[layout.columns[i]]->name;
}

Failure unfit(const Settings& settings, std::string message) {
  return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION,
                 "table '" + settings.table + "': " + std::move(message))
      .object(settings.table)
      .option("/table");
}

std::string full_name(const Settings& settings) { return "main." + quote_identifier(settings.table); }

std::vector<Existing> existing_columns(const Database& database, const Settings& settings, bool without_rowid,
                                       bool strict) {
  std::vector<Existing> columns;
  Statement rows(database,
                 "SELECT name, type, \"notnull\", dflt_value IS NULL, pk, hidden FROM pragma_table_xinfo(?1, 'main')");
  rows.with(1, settings.table);
  std::size_t keys = 0;
  while (rows.next()) {
    Existing column{rows.text(0), rows.text(1), rows.integer(2) != 0 && rows.integer(3) != 0, rows.integer(5) >= 2,
                    rows.integer(4) != 0};
    if (strict && column.type == "ANY") column.type.clear();
    keys += column.key ? 1 : 0;
    columns.push_back(std::move(column));
  }
  for (auto& column : columns) {
    if (column.key && keys == 1 && !without_rowid && same_identifier(column.type, "INTEGER")) column.required = false;
    if (column.generated) column.required = false;
  }
  return columns;
}

bool same_names(std::vector<std::string> a, std::vector<std::string> b) {
  const auto less = [](const std::string& x, const std::string& y) {
    return sqlite3_stricmp(x.c_str(), y.c_str()) < 0;
  };
  std::sort(a.begin(), a.end(), less);
  std::sort(b.begin(), b.end(), less);
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_identifier);
}

bool has_unique_index(const Database& database, const Settings& settings, const std::vector<Existing>& columns) {
  std::vector<std::string> primary;
  for (const auto& column : columns) {
    if (column.key) primary.push_back(column.name);
  }
  if (same_names(primary, settings.key)) return true;
  Statement indices(database, "SELECT name FROM pragma_index_list(?1, 'main') WHERE \"unique\" = 1 AND partial = 0");
  indices.with(1, settings.table);
  while (indices.next()) {
    std::vector<std::string> names;
    const std::string index = indices.text(0);
    Statement parts(database, "SELECT name FROM pragma_index_info(?1, 'main')");
    parts.with(1, index);
    while (parts.next()) names.push_back(parts.text(0));
    if (same_names(names, settings.key)) return true;
  }
  return false;
}

void check_key(const Database& database, const Settings& settings, const std::vector<Existing>& columns) {
  if (has_unique_index(database, settings, columns)) return;
  std::string names, title;
  for (const auto& key : settings.key) {
    names += (names.empty() ? "" : ", ") + quote_identifier(key);
    title += "_" + key;
  }
  throw unfit(settings, "expected a unique index on exactly the key (" + names + "), found none")
      .option("/key")
      .hint("run: CREATE UNIQUE INDEX " + quote_identifier(settings.table + title) + " ON " +
            quote_identifier(settings.table) + " (" + names + ")");
}

// The table's column for each of the input's; throws if one is missing or can't be written.
std::vector<Affinity> match(const Settings& settings, const ArrowSchema& input, const Layout& layout,
                            std::vector<Existing>& columns) {
  std::vector<Affinity> affinities;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const std::string name = column_name(input, layout, i);
    const auto found =
        std::find_if(columns.begin(), columns.end(), [&](const Existing& c) { return same_identifier(c.name, name); });
    if (found == columns.end()) {
      const std::string type = declared_type(*input.children[layout.columns[i]]);
      throw unfit(settings, "expected a column '" + name + "', as the input has, found none")
          .column(name)
          .hint("run: ALTER TABLE " + quote_identifier(settings.table) + " ADD COLUMN " + quote_identifier(name) + " " +
                type + ", or leave the column out");
    }
    if (found->generated) {
      throw unfit(settings, "column '" + name + "' is generated: expected an input without it").column(name);
    }
    found->required = false;
    affinities.push_back(affinity_of(found->type));
  }
  for (const auto& column : columns) {
    if (!column.required || layout.removes) continue;
    throw unfit(settings, "column '" + column.name +
                              "' is NOT NULL without a default: expected it in the input, found no such column")
        .column(column.name);
  }
  return affinities;
}

std::string names_of(const ArrowSchema& input, const Layout& layout) {
  std::string names;
  for (std::size_t i = 0; i < layout.columns.size(); ++i)
    names += (i == 0 ? "" : ", ") + quote_identifier(column_name(input, layout, i));
  return names;
}

std::string key_names(const ArrowSchema& input, const Layout& layout) {
  std::string names;
  for (const auto i : layout.key)
    names += (names.empty() ? "" : ", ") + quote_identifier(column_name(input, layout, i));
  return names;
}

bool is_key(const Layout& layout, std::size_t i) {
  return std::find(layout.key.begin(), layout.key.end(), i) != layout.key.end();
}

}  // namespace

Table new_table(const ArrowSchema& input, const Layout& layout) {
  Table table;
  for (const auto column : layout.columns)
    table.affinities.push_back(affinity_of(declared_type(*input.children[column])));
  return table;
}

Table look_at_table(const Database& database, const Settings& settings, const ArrowSchema& input, const Layout& layout,
                    bool first) {
  Statement list(database,
                 "SELECT type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = ?1 COLLATE NOCASE");
  list.with(1, settings.table);
  const bool exists = list.next();
  if (exists && list.text(0) != "table") throw unfit(settings, "expected a table, found a " + list.text(0));
  const bool made_anew = settings.mode == Mode::replace && first;
  if (!exists && !first)
    throw unfit(settings, "expected the table that this run has begun to fill, found none")
        .hint("begin anew with --fresh");
  if (!exists && layout.removes) {
    throw unfit(settings, "expected a table to delete rows from, found none")
        .hint("load it first, or give it its name");
  }
  if (!exists && !settings.create) {
    throw unfit(settings, "expected a table, found none").hint("let weir make it with create: true").option("/create");
  }
  if (!exists || made_anew) {
    Table table = new_table(input, layout);
    table.exists = exists;
    return table;
  }
  Table table;
  table.exists = true;
  table.without_rowid = list.integer(1) != 0;
  auto columns = existing_columns(database, settings, table.without_rowid, list.integer(2) != 0);
  table.affinities = match(settings, input, layout, columns);
  if (layout.upserts || layout.ignores || layout.removes) check_key(database, settings, columns);
  return table;
}

std::string create_statement(const Settings& settings, const ArrowSchema& input, const Layout& layout) {
  std::string sql = "CREATE TABLE " + full_name(settings) + "(";
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const std::string type = declared_type(*input.children[layout.columns[i]]);
    sql += (i == 0 ? "" : ", ") + quote_identifier(column_name(input, layout, i)) + (type.empty() ? "" : " " + type);
    if (is_key(layout, i)) sql += " NOT NULL";
  }
  if (!layout.key.empty()) sql += ", PRIMARY KEY(" + key_names(input, layout) + ")";
  return sql + ")";
}

std::string insert_statement(const Settings& settings, const ArrowSchema& input, const Layout& layout) {
  std::string sql = "INSERT INTO " + full_name(settings) + "(" + names_of(input, layout) + ") VALUES(";
  for (std::size_t i = 0; i < layout.columns.size(); ++i) sql += (i == 0 ? "?" : ", ?") + std::to_string(i + 1);
  sql += ")";
  if (layout.ignores) return sql + " ON CONFLICT(" + key_names(input, layout) + ") DO NOTHING";
  if (!layout.upserts) return sql;
  std::string sets;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    if (is_key(layout, i)) continue;
    const std::string name = quote_identifier(column_name(input, layout, i));
    sets += (sets.empty() ? "" : ", ") + name + " = excluded." + name;
  }
  sql += " ON CONFLICT(" + key_names(input, layout) + ") DO ";
  return sql + (sets.empty() ? "NOTHING" : "UPDATE SET " + sets);
}

std::string delete_statement(const Settings& settings, const ArrowSchema& input, const Layout& layout) {
  std::string condition;
  for (const auto i : layout.key) {
    condition += (condition.empty() ? "" : " AND ") + quote_identifier(column_name(input, layout, i)) + " = ?" +
                 std::to_string(i + 1);
  }
  return "DELETE FROM " + full_name(settings) + " WHERE " + condition;
}

}  // namespace weir::sqlite
