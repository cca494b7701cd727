// Committer: the loader's half that outlives its writers: it shuts out zombies and tells what the database holds.
#pragma once

#include <weir/weir.hpp>

#include <memory>
#include <mutex>
#include <string>

#include "database.hpp"

namespace weir::sqlite {

// Never makes a database: one that does not exist holds nothing. Threads: one caller at a time, but cancel().
class SqliteCommitter : public Committer {
 public:
  // Raises the fence of the lane's token, if there is one: from then on an older writer's commit is refused.
  explicit SqliteCommitter(const Context& context);

  std::uint64_t last_committed() override;
  // Puts the tables that the run has made in the place of those that they replace, or throws them away; and forgets tokens of
  // runs long gone. That of this run stays: the host may ask once more before it marks it complete.
  void finish(bool complete, std::span<const weir_bytes> published) override;
  void cancel() noexcept override;

 private:
  bool open();
  void raise_fence();

  Context context_;
  std::string path_;
  std::mutex guard_;  // of database_ against cancel()
  std::unique_ptr<Database> database_;
  bool cancelled_ = false;  // by guard_
};

}  // namespace weir::sqlite
