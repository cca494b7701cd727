#include "staged.hpp"

#include <vector>

namespace weir::sqlite {
namespace {

constexpr std::int64_t kLeftAfterSeconds = std::int64_t{7} * 24 * 60 * 60;

struct Staged {
  std::int64_t id = 0;
  std::string run, target;

  std::string name() const { return "_weir_staged_" + std::to_string(id) + "_" + run; }
};

bool has_staged(const Database& database) {
  return Statement(database, "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = '_weir_staged'").next();
}

std::vector<Staged> rows_of(Statement select) {
  std::vector<Staged> found;
  while (select.next()) found.push_back({select.integer(0), select.text(1), select.text(2)});
  return found;
}

std::vector<Staged> staged_by(const Database& database, const Context& context) {
  if (!has_staged(database)) return {};
  try {
    Statement select(database,
                     "SELECT id, run, target FROM main._weir_staged WHERE run = ?1 AND link = ?2 ORDER BY id");
    select.with(1, context.run()).with(2, context.link());
    return rows_of(std::move(select));
  } catch (const Failure&) {
    if (has_staged(database)) throw;
    return {};  // between the two statements another run has put the last of them in place
  }
}

// Of other runs, whose rows are older than what takes the table's place now: it is as if they had been put in place before.
std::vector<Staged> left_for(const Database& database, const std::string& target) {
  Statement select(database,
                   "SELECT id, run, target FROM main._weir_staged WHERE target = ?1 COLLATE NOCASE "
                   "AND written < strftime('%s', 'now') - ?2");
  select.with(1, target).with(2, kLeftAfterSeconds);
  return rows_of(std::move(select));
}

void forget_staged(Database& database, const Staged& staged) {
  Statement(database, "DELETE FROM main._weir_staged WHERE id = ?1").with(1, staged.id).next();
}

void drop(Database& database, const Staged& staged) {
  database.run("DROP TABLE IF EXISTS main." + quote_identifier(staged.name()));
  forget_staged(database, staged);
}

void drop_record_if_empty(Database& database) {
  if (!Statement(database, "SELECT 1 FROM main._weir_staged LIMIT 1").next())
    database.run("DROP TABLE main._weir_staged");
}

void put_in_place(Database& database, const Staged& staged) {
  const std::string target = quote_identifier(staged.target);
  database.run("DROP TABLE IF EXISTS main." + target);
  database.run("ALTER TABLE main." + quote_identifier(staged.name()) + " RENAME TO " + target);
  forget_staged(database, staged);
  for (const auto& left : left_for(database, staged.target)) drop(database, left);
}

}  // namespace

std::string find_staged(const Database& database, const Context& context, const std::string& target) {
  for (const auto& staged : staged_by(database, context)) {
    if (sqlite3_stricmp(staged.target.c_str(), target.c_str()) == 0) return staged.name();
  }
  return {};
}

std::string begin_staged(Database& database, const Context& context, const std::string& target) {
  if (!has_staged(database)) {
    database.run(
        "CREATE TABLE main._weir_staged(id INTEGER PRIMARY KEY, run TEXT NOT NULL, link TEXT NOT NULL, "
        "target TEXT NOT NULL COLLATE NOCASE, written INTEGER NOT NULL, UNIQUE(run, link, target))");
  }
  Statement insert(
      database, "INSERT INTO main._weir_staged(run, link, target, written) VALUES(?1, ?2, ?3, strftime('%s', 'now'))");
  insert.with(1, context.run()).with(2, context.link()).with(3, target).next();
  return Staged{sqlite3_last_insert_rowid(database.raw()), std::string(context.run()), target}.name();
}

void touch_staged(Database& database, const Context& context) {
  Statement update(database,
                   "UPDATE main._weir_staged SET written = strftime('%s', 'now') WHERE run = ?1 AND link = ?2");
  update.with(1, context.run()).with(2, context.link()).next();
}

void put_staged_in_place(Database& database, const Context& context) {
  if (staged_by(database, context).empty()) return;
  // Else SQLite would refuse to rename where a view is made of the table that has just gone.
  sqlite3_db_config(database.raw(), SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 1, nullptr);
  database.transact([&] {
    const auto all = staged_by(database, context);
    for (const auto& staged : all) put_in_place(database, staged);
    if (!all.empty()) drop_record_if_empty(database);
  });
}

void drop_staged(Database& database, const Context& context) {
  if (staged_by(database, context).empty()) return;
  database.transact([&] {
    const auto all = staged_by(database, context);
    for (const auto& staged : all) drop(database, staged);
    if (!all.empty()) drop_record_if_empty(database);
  });
}

}  // namespace weir::sqlite
