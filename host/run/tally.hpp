// Tally: what has been delivered to the loads: the rows, where each split stands behind them, and whether that makes an
// epoch. And Teller: what of it is told while it goes on.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "pipeline/schedule.hpp"
#include "run/cut.hpp"
#include "run/worker.hpp"

namespace weir::run {

// Threads: one caller at a time.
class Tally {
 public:
  // `plan` and `splits` are lent. Goes on where `from` stands.
  Tally(const Plan& plan, const std::vector<SplitOf>& splits, const Standing& from);

  // Counts a piece as delivered.
  void add(pipeline::PieceResult& result);
  // Counts the bytes of a split up to its end, all of whose pieces are delivered: some are behind the last.
  void end(std::size_t split, std::uint64_t reached) { count_bytes(split, reached); }
  // Counts what the links of a worker let go at the end of the input.
  void add_links(Worker& worker);
  // Whether an epoch is to end here, at a time on the monotonic clock.
  bool is_due(std::int64_t now_ns);
  // Until when nothing needs to be delivered: then it is due; none: it is not begun, or has no such time.
  std::optional<std::int64_t> due_ns() const;
  bool open_epoch() const { return rows_ > 0; }
  // Ends the epoch: tells where splits stand and, with what links behind the gather and writers have counted, the totals.
  void cut(Cut& cut, const pipeline::Chain& tail, const Writers& writers, std::int64_t now_ns);
  // Of this process and those before it.
  Totals totals(const pipeline::Chain& tail, const Writers& writers) const;

 private:
  void count_bytes(std::size_t split, std::uint64_t up_to);
  bool acknowledges(std::size_t split) const { return plan_.sources[splits_[split].source]->acknowledges(); }

  const Plan& plan_;
  const std::vector<SplitOf>& splits_;
  Totals totals_;
  std::map<std::size_t, std::string> positions_;
  std::map<std::size_t, std::uint64_t> reached_;  // of splits that are not finished
  std::uint64_t rows_ = 0, bytes_ = 0;            // of the open epoch
  std::int64_t began_ns_ = 0;                     // it; 0: it has not
};

// Tells rejects, the first of each kind, and now and then how many rows have moved. Threads: one caller at a time.
class Teller {
 public:
  // `plan` is lent.
  explicit Teller(const Plan& plan) : plan_(plan) {}
  void reject(const pipeline::Reject& reject);
  void progress(std::uint64_t extracted, std::uint64_t loaded, std::int64_t now_ns);

 private:
  const Plan& plan_;
  std::set<std::pair<std::string, std::string>> told_;  // link and reason
  std::int64_t progress_ns_ = 0;                        // when it was told last
};

}  // namespace weir::run
