// Worker: one copy of the parallel links, and what can be told of all of them.
#pragma once

#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "integrity/ledger.hpp"
#include "pipeline/chain.hpp"
#include "pipeline/schedule.hpp"
#include "run/plan.hpp"
#include "run/spent_time.hpp"
#include "run/writers.hpp"

namespace weir::run {

// Where the rows of one source come in, at one worker.
struct Intake {
  std::unique_ptr<pipeline::Outlet> outlet;
  integrity::Account account;
};

// Threads: one at a time, but chain->cancel().
struct Worker {
  std::unique_ptr<pipeline::Chain> chain;
  std::deque<Intake> intakes;                     // one a source; their accounts are lent
  std::shared_ptr<pipeline::SplitReader> reader;  // of the piece in hand
  pipeline::PieceResult result;
  pipeline::Exit exit;  // into the result

  // Begins a piece: what was counted of one that came to nothing is forgotten.
  void begin(pipeline::PieceNumber number, std::uint64_t reserved_bytes);
  // Puts what was counted of the piece in hand, which is one of the source's, into the result.
  void count(std::size_t source);
  // Ends the piece in hand: what links held of it goes to the result.
  base::Result<void> end_piece();
  // Puts what partial links hold into the result; at the end of the input, into the links behind the gather.
  base::Result<void> take_partials();
  base::Result<void> merge_partials(pipeline::Chain& tail);
};

// Which copy of which links.
struct ChainPlace {
  bool gathered = false;  // those behind the gather; else those that run side by side
  std::uint64_t instance = 0;
};

// Makes one copy of links. `plan`, `wiring`, `sequences`, one a link, and `spent` are lent.
base::Result<std::unique_ptr<pipeline::Chain>> make_chain(const Plan& plan, const pipeline::Wiring& wiring,
                                                          std::vector<std::atomic<std::uint64_t>>& sequences,
                                                          SpentTime& spent, ChainPlace place,
                                                          const pipeline::TakeReject& take_reject);

// Reads side inputs, and gives their rows to the links in all chains.
base::Result<void> feed_sides(const Plan& plan, const pipeline::Chain& tail, const std::vector<Worker>& workers);

// Merges what partial links of a chain held into those behind the gather.
base::Result<void> merge_partials(pipeline::Chain& tail, const std::vector<pipeline::Partial>& partials);

// Gives links that remember what they had told, by their names; asks them for what has changed since. They are all behind the
// gather.
base::Result<void> restore_links(pipeline::Chain& tail,
                                 const std::map<std::string, std::vector<pipeline::StateItem>>& state);
base::Result<std::map<std::string, std::vector<pipeline::StateChange>>> snapshot_links(pipeline::Chain& tail);

// What was thrown where nothing should be.
base::Error thrown_error(const std::exception_ptr& thrown);

// A split of one of a plan's sources.
struct SplitOf {
  std::size_t source = 0;
  std::size_t split = 0;  // of that source
};

// All splits of all sources, one behind the other.
std::vector<SplitOf> splits_of(const Plan& plan);

// As many as the user asks for, or cores; fewer if a link can't be there that often.
std::size_t workers_of(const Plan& plan);

// Whether results must come in the order of rows: a load needs it, or a link behind the gather may.
bool is_ordered(const Plan& plan);

// What a result holds until it is loaded: its rows, where they came from, and the text of their stretch, once.
std::uint64_t held_bytes(const Plan& plan, const pipeline::PieceResult& result);

// Nothing counted yet.
Totals no_totals(const Plan& plan);

// Where every row went.
integrity::Ledger ledger_of(const Plan& plan, const Totals& totals);

}  // namespace weir::run
