#include "tokens.hpp"

namespace weir::sqlite {
namespace {

constexpr std::int64_t kTokensKept = 1000;

bool has_tokens(const Database& database) {
  return Statement(database, "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?1")
      .with(1, kTokensTable)
      .next();
}

}  // namespace

Token read_token(const Database& database, const Context& context) {
  Token token;
  if (!has_tokens(database)) return token;
  Statement select(database, "SELECT epoch, fence FROM main._weir_tokens WHERE run = ?1 AND link = ?2 AND lane = ?3");
  select.with(1, context.run()).with(2, context.link()).with(3, context.lane());
  if (select.next())
    token = {static_cast<std::uint64_t>(select.integer(0)), static_cast<std::uint64_t>(select.integer(1))};
  return token;
}

void write_token(Database& database, const Context& context, const Token& token) {
  if (!has_tokens(database)) {
    database.run(
        "CREATE TABLE main._weir_tokens(id INTEGER PRIMARY KEY, run TEXT NOT NULL, link TEXT NOT NULL, "
        "lane TEXT NOT NULL, epoch INTEGER NOT NULL, fence INTEGER NOT NULL, UNIQUE(run, link, lane))");
  }
  Statement write(database,
                  "INSERT INTO main._weir_tokens(run, link, lane, epoch, fence) VALUES(?1, ?2, ?3, ?4, ?5) "
                  "ON CONFLICT(run, link, lane) DO UPDATE SET epoch = excluded.epoch, fence = excluded.fence");
  write.with(1, context.run()).with(2, context.link()).with(3, context.lane());
  write.with(4, static_cast<std::int64_t>(token.epoch)).with(5, static_cast<std::int64_t>(token.fence)).next();
}

void forget_old_tokens(Database& database, const Context& context) {
  if (!has_tokens(database)) return;
  Statement oldest(database, "SELECT id FROM main._weir_tokens WHERE link = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2");
  if (!oldest.with(1, context.link()).with(2, kTokensKept).next()) return;
  const std::int64_t id = oldest.integer(0);
  oldest = Statement();
  Statement remove(database, "DELETE FROM main._weir_tokens WHERE link = ?1 AND id <= ?2 AND run <> ?3");
  remove.with(1, context.link()).with(2, id).with(3, context.run()).next();
}

void check_fence(const Token& token, const Context& context) {
  if (token.fence <= context.fence()) return;
  throw Failure(WEIR_ABORTED, WEIR_FAULT_DESTINATION,
                "expected fence " + std::to_string(context.fence()) + " to be the newest of this lane, found " +
                    std::to_string(token.fence) + ": another process has taken it over");
}

}  // namespace weir::sqlite
