#include "table.hpp"

#include <algorithm>

#include "column.hpp"
#include "names.hpp"
#include "versions.hpp"

namespace weir::sqlite {
namespace {

std::vector<Existing> existing_columns(const Database& database, const Settings& settings, bool without_rowid,
                                       bool strict) {
  std::vector<Existing> columns;
  Statement rows(database,
                 "SELECT name, type, \"notnull\", dflt_value IS NULL, pk, hidden FROM pragma_table_xinfo(?1, 'main')");
  rows.with(1, settings.place);
  std::size_t keys = 0;
  while (rows.next()) {
    const bool not_null = rows.integer(2) != 0, no_default = rows.integer(3) != 0, key = rows.integer(4) != 0;
    Existing column{rows.text(0),         rows.text(1), not_null && no_default,
                    rows.integer(5) >= 2, key,          !not_null && no_default && !key};
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

void check_key(const Database& database, const Settings& settings, const Layout& layout,
               const std::vector<Existing>& columns) {
  const auto key = layout.key_names();
  if (has_unique_index(database, settings, columns, key)) return;
  const std::string names = list_of_names(key);
  std::string title;
  for (const auto& name : key) title += "_" + name;
  throw unfit(settings, "expected a unique index on exactly the key (" + names + "), found none")
      .option("/key")
      .hint("run: CREATE UNIQUE INDEX " + quote_identifier(settings.table + title) + " ON " +
            quote_identifier(settings.table) + " (" + names + ")");
}

// The columns that the loader fills itself. Those of versions are there from the beginning; a mark can be added.
void match_own(const Settings& settings, const Layout& layout, std::vector<Existing>& columns, Table& table) {
  const std::string wanted = layout.versions ? "mode: history" : "deletes: soft";
  for (const auto& name : settings.own_columns()) {
    const auto found =
        std::find_if(columns.begin(), columns.end(), [&](const Existing& c) { return same_identifier(c.name, name); });
    if (found == columns.end() && !layout.versions && settings.drift.columns == ColumnDrift::evolve) {
      table.changes.push_back({Change::Kind::add, name, "", layout.time_type});
      continue;
    }
    if (found == columns.end()) {
      throw unfit(settings, "expected a column '" + name + "', for " + wanted + ", found none")
          .column(name)
          .hint(layout.versions ? "let weir make another table, or move the rows to one with columns for their times"
                                : "let weir add it with drift: { columns: evolve }, or run: ALTER TABLE " +
                                      quote_identifier(settings.table) + " ADD COLUMN " + quote_identifier(name) + " " +
                                      layout.time_type);
    }
    if (layout.versions && sqlite3_stricmp(found->type.c_str(), layout.time_type.c_str()) != 0) {
      throw unfit(settings, "expected column '" + name + "' to be " + layout.time_type + ", as the times are, found " +
                                (found->type.empty() ? "no type" : found->type))
          .column(name)
          .hint("take times of one type in all runs: time:");
    }
    found->required = false;
    if ((found->plain || (layout.versions && name == settings.valid_from)) && !found->generated) continue;
    throw unfit(settings, "expected column '" + name + "' to take NULL, found a key, NOT NULL, a default or generated")
        .column(name)
        .hint("give the loader a column of its own");
  }
}

// The table's column for each of the input's, as it is or as it will be; throws if one can't be written.
void match(const Settings& settings, const ArrowSchema& input, const Layout& layout, std::vector<Existing>& columns,
           Table& table) {
  Drift drift(settings);
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const ArrowSchema& field = *input.children[layout.columns[i]];
    const std::string& name = layout.names[i];
    const auto found =
        std::find_if(columns.begin(), columns.end(), [&](const Existing& c) { return same_identifier(c.name, name); });
    Drift::Matched matched{found == columns.end() ? declared_type(field) : found->type, {}};
    if (found == columns.end()) {
      drift.missing(i, field, name, layout.is_key(i));
    } else if (found->generated) {
      throw unfit(settings, "column '" + name + "' is generated: expected an input without it").column(name);
    } else if (!layout.removes) {
      matched = drift.compare(*found, field);
      found->required = false;
    }
    table.affinities.push_back(affinity_of(matched.type));
    table.judged.push_back(matched.judged);
  }
  drift.check();
  match_own(settings, layout, columns, table);
  for (const auto& column : columns) {
    if (column.required && !layout.removes) drift.vanished(column);
  }
  drift.check();
  const auto changes = drift.changes();
  table.changes.insert(table.changes.begin(), changes.begin(), changes.end());
  if (drift.left_out().size() == layout.columns.size())
    throw unfit(settings, "expected at least one of the rows' columns in the table, found none")
        .hint("give the load another table, or let weir add the columns with drift: { columns: evolve }");
  table.left_out = drift.left_out();
  table.losses = drift.losses();
}

// What of a table that is to be replaced the new one will not have, where somebody says what may change. Gives what is lost.
std::vector<std::string> compare_replaced(const Settings& settings, const ArrowSchema& input, const Layout& layout,
                                          const std::vector<Existing>& columns) {
  Drift drift(settings);
  const auto own = settings.own_columns();
  const bool frozen = settings.drift.columns == ColumnDrift::freeze;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const ArrowSchema& field = *input.children[layout.columns[i]];
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const Existing& c) { return same_identifier(c.name, layout.names[i]); });
    if (found == columns.end() && frozen) drift.missing(i, field, layout.names[i], layout.is_key(i));
    if (found != columns.end() && settings.drift.types == TypeDrift::freeze) drift.compare(*found, field);
  }
  const auto has = [](const std::vector<std::string>& names, const Existing& column) {
    return std::any_of(names.begin(), names.end(),
                       [&](const auto& name) { return same_identifier(name, column.name); });
  };
  for (const auto& column : columns) {
    const bool stays = has(layout.names, column) || has(own, column) || column.generated;
    if (!stays && settings.drift.columns != ColumnDrift::unsaid) drift.goes(column);
  }
  drift.check();
  return drift.losses();
}

}  // namespace

std::string full_name(const Settings& settings) { return "main." + quote_identifier(settings.place); }

std::string list_of_names(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + quote_identifier(name);
  return list;
}

std::string key_condition(const Layout& layout) {
  std::string condition;
  for (const auto i : layout.key) {
    condition +=
        (condition.empty() ? "" : " AND ") + quote_identifier(layout.names[i]) + " = ?" + std::to_string(i + 1);
  }
  return condition;
}

std::vector<std::string> unique_indexes(const Database& database, const Settings& settings,
                                        const std::vector<std::string>& wanted, bool partial) {
  std::vector<std::string> found;
  Statement indices(database, "SELECT name FROM pragma_index_list(?1, 'main') WHERE \"unique\" = 1 AND partial = ?2");
  indices.with(1, settings.place).with(2, std::int64_t{partial});
  while (indices.next()) {
    std::vector<std::string> names;
    const std::string index = indices.text(0);
    Statement parts(database, "SELECT name FROM pragma_index_info(?1, 'main')");
    parts.with(1, index);
    while (parts.next()) names.push_back(parts.text(0));
    if (same_names(names, wanted)) found.push_back(index);
  }
  return found;
}

bool has_unique_index(const Database& database, const Settings& settings, const std::vector<Existing>& columns,
                      const std::vector<std::string>& wanted) {
  std::vector<std::string> primary;
  for (const auto& column : columns) {
    if (column.key) primary.push_back(column.name);
  }
  return same_names(primary, wanted) || !unique_indexes(database, settings, wanted, false).empty();
}

Table new_table(const ArrowSchema& input, const Layout& layout) {
  Table table;
  for (const auto column : layout.columns)
    table.affinities.push_back(affinity_of(declared_type(*input.children[column])));
  table.judged.resize(layout.columns.size());
  return table;
}

Table look_at_table(const Database& database, const Settings& settings, const ArrowSchema& input, Layout& layout,
                    bool first) {
  Statement list(database,
                 "SELECT type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = ?1 COLLATE NOCASE");
  list.with(1, settings.place);
  const bool exists = list.next();
  if (exists && list.text(0) != "table") throw unfit(settings, "expected a table, found a " + list.text(0));
  const bool made_anew = settings.mode == Mode::replace && settings.place == settings.table;
  if ((!exists || made_anew) && !first)
    throw unfit(settings, "expected the table that this run has begun to fill, found none")
        .hint("begin anew with --fresh");
  if (!exists && layout.removes) {
    throw unfit(settings, "expected a table to delete rows from, found none")
        .hint("load it first, or give it its name");
  }
  if (!exists && !settings.create) {
    const bool frozen = settings.drift.tables == TableDrift::freeze;
    throw unfit(settings, "expected a table, found none")
        .hint(frozen ? "let weir make it with drift: { tables: evolve }" : "let weir make it with create: true")
        .option(frozen ? "/drift" : "/create");
  }
  const auto given = given_names(database, settings.table);
  if (!exists || made_anew) {
    layout.names = column_names(input, layout, {}, given);
    Table table = new_table(input, layout);
    table.exists = exists;
    if (exists)
      table.losses = compare_replaced(settings, input, layout,
                                      existing_columns(database, settings, list.integer(1) != 0, list.integer(2) != 0));
    return table;
  }
  Table table;
  table.exists = true;
  table.without_rowid = list.integer(1) != 0;
  auto columns = existing_columns(database, settings, table.without_rowid, list.integer(2) != 0);
  std::vector<std::string> names;
  for (const auto& column : columns) names.push_back(column.name);
  layout.names = column_names(input, layout, names, given);
  match(settings, input, layout, columns, table);
  if (layout.versions) check_versions(database, settings, layout, columns);
  if (layout.upserts || layout.ignores || layout.removes) check_key(database, settings, layout, columns);
  return table;
}

std::string create_statement(const Settings& settings, const ArrowSchema& input, const Layout& layout) {
  std::string sql = "CREATE TABLE " + full_name(settings) + "(";
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const std::string type = declared_type(*input.children[layout.columns[i]]);
    sql += (i == 0 ? "" : ", ") + quote_identifier(layout.names[i]) + (type.empty() ? "" : " " + type);
    if (layout.is_key(i)) sql += " NOT NULL";
  }
  for (const auto& name : settings.own_columns()) {
    const bool begins = layout.versions && name == settings.valid_from;
    sql += ", " + quote_identifier(name) + " " + layout.time_type + (begins ? " NOT NULL" : "");
  }
  const std::string begins = layout.versions ? ", " + quote_identifier(settings.valid_from) : "";
  if (!layout.key.empty()) sql += ", PRIMARY KEY(" + list_of_names(layout.key_names()) + begins + ")";
  return sql + ")";
}

std::string insert_statement(const Settings& settings, const Layout& layout) {
  std::string names = list_of_names(layout.names), values;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) values += (i == 0 ? "?" : ", ?") + std::to_string(i + 1);
  for (const auto& name : settings.own_columns()) {
    names += ", " + quote_identifier(name);
    const bool begins = layout.versions && name == settings.valid_from;
    values += begins ? ", ?" + std::to_string(layout.time_parameter()) : ", NULL";
  }
  std::string sql = "INSERT INTO " + full_name(settings) + "(" + names + ") VALUES(" + values + ")";
  if (!layout.upserts && !layout.ignores) return sql;
  const std::string mark = settings.soft ? quote_identifier(settings.deleted_at) : std::string();
  std::string sets = mark.empty() ? "" : mark + " = NULL";
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    if (layout.is_key(i)) continue;
    const std::string name = quote_identifier(layout.names[i]);
    sets += (sets.empty() ? "" : ", ") + name + " = excluded." + name;
  }
  const std::string conflict = sql + " ON CONFLICT(" + list_of_names(layout.key_names()) + ") DO ";
  if (sets.empty() || (layout.ignores && mark.empty())) return conflict + "NOTHING";
  return conflict + "UPDATE SET " + sets + (layout.ignores ? " WHERE " + mark + " IS NOT NULL" : "");
}

std::string delete_statement(const Settings& settings, const Layout& layout) {
  if (!settings.soft) return "DELETE FROM " + full_name(settings) + " WHERE " + key_condition(layout);
  const std::string mark = quote_identifier(settings.deleted_at);
  return "UPDATE " + full_name(settings) + " SET " + mark + " = ?" + std::to_string(layout.time_parameter()) +
         " WHERE " + key_condition(layout) + " AND " + mark + " IS NULL";
}

}  // namespace weir::sqlite
