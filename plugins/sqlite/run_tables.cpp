#include "run_tables.hpp"

namespace weir::sqlite {
namespace {

constexpr std::int64_t kLeftAfterSeconds = std::int64_t{7} * 24 * 60 * 60;

}  // namespace

bool RunTables::has_record(const Database& database) const {
  Statement found(database, "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?1");
  return found.with(1, record_).next();
}

std::vector<RunTable> RunTables::rows_of(Statement select) const {
  std::vector<RunTable> found;
  while (select.next()) {
    const std::int64_t id = select.integer(0);
    found.push_back({id, record_ + "_" + std::to_string(id) + "_" + select.text(1), select.text(2)});
  }
  return found;
}

std::vector<RunTable> RunTables::of_run(const Database& database, const Context& context) const {
  if (!has_record(database)) return {};
  try {
    Statement select(database,
                     "SELECT id, run, target FROM main." + record_ + " WHERE run = ?1 AND link = ?2 ORDER BY id");
    select.with(1, context.run()).with(2, context.link());
    return rows_of(std::move(select));
  } catch (const Failure&) {
    if (has_record(database)) throw;
    return {};  // between the two statements another run has ended the last of them
  }
}

RunTable RunTables::find(const Database& database, const Context& context, const std::string& target) const {
  for (auto& table : of_run(database, context)) {
    if (sqlite3_stricmp(table.target.c_str(), target.c_str()) == 0) return std::move(table);
  }
  return {};
}

RunTable RunTables::begin(Database& database, const Context& context, const std::string& target) const {
  if (!has_record(database)) {
    database.run("CREATE TABLE main." + record_ +
                 "(id INTEGER PRIMARY KEY, run TEXT NOT NULL, link TEXT NOT NULL, target TEXT NOT NULL COLLATE NOCASE, "
                 "written INTEGER NOT NULL, UNIQUE(run, link, target))");
  }
  Statement insert(database, "INSERT INTO main." + record_ +
                                 "(run, link, target, written) VALUES(?1, ?2, ?3, strftime('%s', 'now'))");
  insert.with(1, context.run()).with(2, context.link()).with(3, target).next();
  return find(database, context, target);
}

void RunTables::touch(Database& database, const Context& context) const {
  Statement update(database,
                   "UPDATE main." + record_ + " SET written = strftime('%s', 'now') WHERE run = ?1 AND link = ?2");
  update.with(1, context.run()).with(2, context.link()).next();
}

// Of other runs, whose rows are older than what is done about the target now: it is as if they had ended before.
std::vector<RunTable> RunTables::left_for(const Database& database, const RunTable& table) const {
  Statement select(database,
                   "SELECT id, run, target FROM main." + record_ +
                       " WHERE target = ?1 COLLATE NOCASE AND id <> ?2 AND written < strftime('%s', 'now') - ?3");
  select.with(1, table.target).with(2, table.id).with(3, kLeftAfterSeconds);
  return rows_of(std::move(select));
}

void RunTables::forget(Database& database, const RunTable& table) const {
  Statement(database, "DELETE FROM main." + record_ + " WHERE id = ?1").with(1, table.id).next();
}

void RunTables::drop_table(Database& database, const RunTable& table) const {
  database.run("DROP TABLE IF EXISTS main." + quote_identifier(table.name));
  forget(database, table);
}

void RunTables::end(Database& database, const Context& context,
                    const std::function<void(const RunTable&)>& step) const {
  if (of_run(database, context).empty()) return;
  database.transact([&] {
    const auto all = of_run(database, context);
    for (const auto& table : all) {
      if (step) step(table);
      if (step) {
        for (const auto& left : left_for(database, table)) drop_table(database, left);
      }
      drop_table(database, table);
    }
    if (!all.empty() && !Statement(database, "SELECT 1 FROM main." + record_ + " LIMIT 1").next())
      database.run("DROP TABLE main." + record_);
  });
}

void RunTables::drop(Database& database, const Context& context) const { end(database, context, {}); }

}  // namespace weir::sqlite
