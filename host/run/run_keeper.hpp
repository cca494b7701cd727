// RunKeeper: keeps what a run comes to in the state store, for `weir runs`. What it keeps while the run goes on is written in one
// step with what recovery writes then, so it is as true as that, and costs no write of its own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "manifest/manifest.hpp"
#include "recovery/run_history.hpp"

namespace weir::run {

// One of a pipeline that is locked. Threads: [main].
class RunKeeper {
 public:
  // All are lent.
  RunKeeper(recovery::Checkpoints& checkpoints, state::Store& store, const observe::Redactor& redactor)
      : checkpoints_(checkpoints), history_(store), redactor_(redactor) {}

  // Another run is about to begin: `run` with its ids and all that is known of it. What was open before is given up; what is
  // too old by `keep` goes. Its record must be saved next.
  base::Result<void> begin(recovery::KeptRun run, const manifest::Keep& keep);
  // A run that did not end is about to be gone on with, with what is known of it now. Likewise.
  base::Result<void> go_on(recovery::KeptRun run);

  // It runs the rejects of another run again, which is marked so when all is committed.
  void replay(recovery::KeptRun replayed) { replayed_ = std::move(replayed); }

  // What a writer tells of a load's input before the run's first epoch is stored: what its destination will hold, and the schema of
  // its rows as they are stored; empty: as they are sent.
  void holds(const std::string& link, integrity::Holds holds, const std::string& stored);
  // What a load's writer ended in an epoch that is about to be told to committed().
  void wrote(const std::string& link, const std::vector<integrity::WrittenObject>& objects);
  // What its links have judged, told before it is complete or has failed.
  void judged(std::vector<integrity::Judgement> judgements) { kept_.judgements = std::move(judgements); }
  // An epoch is committed. An empty ledger is not known: the one before stays.
  void committed(std::uint64_t epoch, const integrity::Ledger& ledger);
  // All is committed, and the record is about to say so.
  void complete();
  // It has ended with an error, which may be that it was drained. Nothing is done where nothing was begun, or it is complete.
  base::Result<void> failed(const base::Error& error);
  const recovery::KeptRun& kept() const { return kept_; }

 private:
  bool is_open() const { return !kept_.run.empty() && kept_.state != recovery::RunState::complete; }
  void note();
  void stamp();
  base::Result<void> drop_old(const manifest::Keep& keep);
  recovery::KeptLoad* load_of(const std::string& link);

  recovery::Checkpoints& checkpoints_;
  recovery::RunHistory history_;
  const observe::Redactor& redactor_;
  recovery::KeptRun kept_;
  std::map<std::string, std::string> sent_;  // by link: the schema of the rows that this start sends
  std::optional<recovery::KeptRun> replayed_;
  std::int64_t start_ns_ = 0, earlier_ns_ = 0;  // when this start of it was; how long those before took
};

// Keeps what a run of many streams came to, or has come to so far; what is too old of the pipeline's goes.
base::Result<void> keep_whole(state::Store& store, const recovery::KeptRun& run, const manifest::Keep& keep,
                              const observe::Redactor& redactor);

// What a manifest says about how long runs are kept, at a time: nanoseconds since 1970.
recovery::PruneRule prune_rule_of(const manifest::Keep& keep, std::int64_t now_ns);

}  // namespace weir::run
