// Writers: the open writers of a plan's loads, and of its reject sink.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "integrity/ledger.hpp"
#include "run/cut.hpp"
#include "run/plan.hpp"
#include "run/rejects.hpp"

namespace weir::run {

// Threads: one caller at a time, but cancel().
class Writers {
 public:
  // `plan` is lent. `take_reject` gets what a destination refuses; it may call reject().
  // `resume`: of each load, by the link of its first input.
  static base::Result<std::unique_ptr<Writers>> open(Plan& plan, const pipeline::TakeReject& take_reject,
                                                     const std::map<std::string, std::string>& resume);

  base::Result<void> write(std::size_t end, pipeline::Batch batch);
  // Keeps a reject for the sink. May be called during write(). Precondition: the plan has a sink.
  void reject(pipeline::Reject reject) { rejects_->add(std::move(reject)); }
  // Writes rejects that were kept, if they are many.
  base::Result<void> write_rejects() { return rejects_ == nullptr ? base::Result<void>() : rejects_->write(); }

  // Ends the epoch in each, and tells what it prepared, by the link of the load's first input.
  base::Result<std::map<std::string, pipeline::Prepared>> prepare(std::uint64_t epoch, bool last);
  // One that can't go on after an epoch; none: all can.
  std::optional<OneEpoch> one_epoch() const;
  // The decision of an atomic one.
  base::Result<void> commit(std::uint64_t epoch);
  void cancel();  // [any]
  // Discards everything that was not prepared, or not committed by an atomic one.
  void close();

  // Of each end of the plan.
  integrity::Account account(std::size_t end) const;
  // In the last epoch; -1: its destination does not tell.
  std::int64_t confirmed_rows(std::size_t end) const;

 private:
  explicit Writers(Plan& plan) : plan_(plan) {}
  base::Result<void> take_turn();

  Plan& plan_;
  Turns::Turn turn_;  // from what is first written of an epoch until that is decided
  std::vector<std::unique_ptr<pipeline::LoadWriter>> writers_;  // one a load
  std::unique_ptr<RejectWriter> rejects_;
  std::vector<integrity::Account> closed_;            // one an end, kept when the writers are closed
  std::vector<std::vector<std::int64_t>> confirmed_;  // [load][input]
};

}  // namespace weir::run
