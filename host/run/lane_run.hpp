// LaneRun: a run of one lane, step by step as recovery::Lane says, over the plan's readers, writers and committers and the
// state store.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "recovery/checkpoint.hpp"
#include "run/bookmarks.hpp"
#include "run/committers.hpp"
#include "run/run.hpp"
#include "run/run_keeper.hpp"
#include "run/worker.hpp"

namespace weir::run {

// What a LaneRun works with. All of it is lent.
struct LaneParts {
  Plan& plan;
  recovery::Checkpoints& checkpoints;
  recovery::RunRecord& record;  // with the fence to begin with
  Interrupt& interrupt;
  const RunWatch& watch;
  std::string manifest, fingerprint;  // digests: of manifest and plugins; of inputs too
  bool restarts = true;  // whether the epoch may be begun again in this process: not what is read only once
  std::function<void(events::EventDetail)> tell;
  RunKeeper& keeper;
  const Bookmarks* bookmarks = nullptr;  // that stand when the run is complete; null: none do
};

// Threads: [main].
class LaneRun {
 public:
  explicit LaneRun(LaneParts parts);

  // Takes the lane and settles what a dead run left; true: that was all, the run is complete.
  base::Result<bool> recover();
  // After recover(): whether something of the run has been committed, and is gone on from.
  bool begun() const { return standing_epoch_ > 0; }
  // The error of a run that can't be gone on with, for what it was begun with has changed.
  base::Result<void> check_unchanged();
  // After recover(): throws away what would be gone on with.
  base::Result<void> discard();

  // After recover(): to the run's end, or until it was drained: false, there is more to do.
  base::Result<bool> go_on();

  // Of the last epoch that was prepared.
  const integrity::Ledger& ledger() const { return ledger_; }

 private:
  using Step = recovery::Step;
  static bool is_atomic(const Plan& plan);
  base::Result<void> drive(Step::Kind until);
  base::Result<void> take(const Step& step);
  base::Result<void> take_from_destination(const Step& step);
  void failed(const Step& step, base::Error error);
  base::Result<void> grant();
  base::Result<void> abort(std::uint64_t epoch);
  base::Result<void> publish(std::uint64_t epoch);
  base::Result<void> forget(std::uint64_t epoch);
  base::Result<void> sweep(std::uint64_t epoch);
  base::Result<void> open_writers(std::uint64_t epoch);
  void tell_one_epoch();
  base::Result<void> flow();
  void keep_holds(const std::string& link, const pipeline::Prepared& prepared) const;
  base::Result<void> prepare(std::uint64_t epoch);
  base::Result<void> store();
  base::Result<void> finish();
  base::Result<void> complete();
  base::Result<Turns::Turn> turn();
  void close();
  void back_off();
  // Of the newest checkpoint or the one before it; of epoch 0 an empty one.
  base::Result<recovery::Checkpoint> checkpoint(std::uint64_t epoch);
  base::Result<Standing> standing(std::uint64_t epoch);
  base::Error foreign(std::uint64_t epoch) const;
  void name_splits();

  LaneParts parts_;
  recovery::Lane lane_;
  std::vector<std::string> names_, versions_;  // of all splits, by number; empty until they are asked for
  std::unique_ptr<Committers> committers_;
  std::unique_ptr<Execution> execution_;
  std::optional<recovery::Checkpoint> prepared_;  // not known to be stored
  std::vector<recovery::Item> changes_;           // of the epoch in hand
  std::uint64_t standing_epoch_ = 0, committed_ = 0;
  std::map<std::string, std::vector<std::string>> published_;  // by the newest decided epoch, by link
  bool drained_ = false, told_one_epoch_ = false;
  int restarts_ = 0;
  pipeline::Backoff backoff_;
  std::optional<base::Error> error_;  // what the run ends with
  integrity::Ledger ledger_;
};

}  // namespace weir::run
