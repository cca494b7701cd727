#include "committer.hpp"

#include <filesystem>

#include "seen.hpp"
#include "staged.hpp"
#include "tokens.hpp"

namespace weir::sqlite {

SqliteCommitter::SqliteCommitter(const Context& context)
    : context_(context), path_(context.config().text("/database")) {
  if (!context.lane().empty() && open()) raise_fence();
}

bool SqliteCommitter::open() {
  std::error_code ignored;
  if (database_ == nullptr && std::filesystem::is_regular_file(path_, ignored)) {
    auto opened = std::make_unique<Database>(context_, path_);
    const std::lock_guard lock(guard_);
    if (cancelled_) opened->cancel();
    database_ = std::move(opened);
  }
  return database_ != nullptr;
}

void SqliteCommitter::raise_fence() {
  const Token seen = read_token(*database_, context_);
  check_fence(seen, context_);
  // With the first fence nobody came before; with a higher one somebody may be about to commit the first epoch.
  if (seen.fence == context_.fence() || (seen.epoch == 0 && context_.fence() <= 1)) return;
  database_->transact([this] {
    // Between the look and the lock a zombie may have committed once more: that epoch then counts.
    const Token token = read_token(*database_, context_);
    check_fence(token, context_);
    write_token(*database_, context_, {token.epoch, context_.fence()});
  });
}

std::uint64_t SqliteCommitter::last_committed() {
  if (!open()) return 0;
  database_->check_cancelled();
  const Token token = read_token(*database_, context_);
  check_fence(token, context_);
  return token.epoch;
}

void SqliteCommitter::finish(bool complete, std::span<const weir_bytes> /*published*/) {
  if (!open()) return;
  if (!complete) {
    staged_tables().drop(*database_, context_);
    seen_tables().drop(*database_, context_);
    return;
  }
  put_staged_in_place(*database_, context_);
  delete_missing(*database_, context_);
  forget_old_tokens(*database_, context_);
}

void SqliteCommitter::cancel() noexcept {
  const std::lock_guard lock(guard_);
  cancelled_ = true;
  if (database_ != nullptr) database_->cancel();
}

}  // namespace weir::sqlite
