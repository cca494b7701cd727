// Schedule: which piece of which split is read next, what is in flight, and in which order pieces reach the loader. A pure
// state machine: no clock, thread or I/O of its own; the runner guards it with one lock.
//
//   split:  waiting ──try_take──► reading ──read──► waiting … ──read(last)──► exhausted
//   piece:  read ──► (parsed and transformed in a chain) ──done──► held ──try_deliver──► loaded ──returned──► gone
//
// Invariants:
//   1 a split is read by one caller at a time; its pieces are numbered in the order of the split
//   2 with `ordered`, pieces are delivered by (split, piece) without a gap; else each split's are, and splits as they come.
//     So what has been delivered of a split is all up to a position in it
//   3 the bytes of all pieces in flight stay within the budget, but: a piece may be taken when nothing is in flight, and
//     the piece that the loader waits for is always taken. So there is no deadlock
//   4 a split whose pieces can be parsed apart is worked on by all; one that can't be holds up nobody: the next is begun
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "integrity/ledger.hpp"
#include "pipeline/batch.hpp"

namespace weir::pipeline {

// Numbers a piece: of which split, and which of its pieces.
struct PieceNumber {
  std::size_t split = 0;
  std::uint64_t piece = 0;
  auto operator<=>(const PieceNumber&) const = default;
};

// What the chain's instance of a link behind the gather held of a piece.
struct Partial {
  std::size_t link = 0;
  std::vector<std::string> items;
};

// What came of a piece behind the parallel links.
struct PieceResult {
  PieceNumber number;
  std::uint64_t reserved_bytes = 0;
  std::vector<Routed> batches;
  std::vector<Reject> rejects;
  std::optional<std::string> position = {};    // of its split, behind it
  std::uint64_t reached = 0;                   // as the piece's
  integrity::Account extracted = {};           // by the reader
  std::vector<integrity::Account> links = {};  // of each link that it went through side by side with others
  std::vector<Partial> partials = {};
};

class Schedule {
 public:
  Schedule(std::size_t splits, bool ordered, std::uint64_t budget_bytes);
  // From now on; what is in flight may be more for a while.
  void limit(std::uint64_t budget_bytes) { budget_bytes_ = budget_bytes; }
  // Before the first turn: there is nothing left of a split.
  void leave_out(std::size_t split);

  enum class Wait { nothing_to_take, budget, split_is_read };  // why try_take() gave nothing
  struct Turn {
    PieceNumber number;
    std::uint64_t reserved_bytes = 0;
  };

  // Gives the right to read the next piece of a split; it must come back through read(). None: wait, or ended().
  std::optional<Turn> try_take(std::uint64_t estimate_bytes, Wait* why = nullptr);
  // Says what reading gave: a piece or not, and whether the split has more; `apart`: its pieces can be parsed apart.
  void read(const Turn& turn, bool got_piece, bool exhausted, bool apart);
  // A piece is through the parallel links; `bytes` is what it holds now. Result's number and reservation are the turn's.
  void done(PieceResult result, std::uint64_t bytes);
  // Gives the next result for the loader; None: wait, or all_delivered().
  std::optional<PieceResult> try_deliver();
  // The loader has written it.
  void returned(std::uint64_t bytes);
  // The splits of which all has been delivered, and that were not told of yet.
  std::vector<std::size_t> take_finished() { return std::exchange(finished_, {}); }

  // Nothing is in flight: what can't be delivered now can't be before another piece is taken.
  bool idle() const { return in_flight_ == 0; }
  bool all_read() const { return first_open_ == splits_.size(); }
  bool all_delivered() const { return all_read() && idle() && held_.empty(); }
  std::uint64_t used_bytes() const { return used_bytes_; }

 private:
  struct Split {
    bool reading = false;
    bool exhausted = false;
    std::optional<bool> apart;    // none: nothing of it has been read yet
    std::uint64_t pieces = 0;     // read so far
    std::uint64_t delivered = 0;  // of them
    bool ended() const { return exhausted && delivered == pieces; }
  };
  std::map<PieceNumber, PieceResult>::iterator next_held();
  bool may_take(PieceNumber number, std::uint64_t bytes) const;
  void pass_exhausted();

  std::vector<Split> splits_;
  // What is expected of a split that nobody has read of: what the last one was, for they are mostly alike. Of the first
  // it is not known; then others wait rather than begin the next.
  bool apart_ = true;
  std::size_t first_open_ = 0;  // splits before it are exhausted
  bool ordered_;
  std::uint64_t budget_bytes_;
  std::uint64_t used_bytes_ = 0;
  std::uint64_t in_flight_ = 0;              // taken or read, not done
  PieceNumber next_;                         // ordered: the piece that the loader waits for
  std::map<PieceNumber, PieceResult> held_;  // done, not delivered
  std::vector<std::size_t> finished_;
};

}  // namespace weir::pipeline
