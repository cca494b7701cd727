// Execution: a plan, running. Boost.Asio coroutines orchestrate: one a chain, one for the loads; a pool of threads does
// the CPU's work, another holds calls that may block. All state that they share is the Schedule, behind one lock that is
// taken a few times a piece, never a row.
//
// An epoch ends where the loads' coroutine stands: what it has delivered is a beginning of each split, so nothing else has
// to stop for it. While the epoch is prepared and committed chains go on; only the loads wait.
#pragma once

#include <memory>
#include <optional>

#include "integrity/ledger.hpp"
#include "run/plan.hpp"
#include "run/writers.hpp"

namespace weir::run {

// What a person is shown while it runs. [any]
struct Progress {
  std::atomic<std::uint64_t> rows_extracted{0};
  std::atomic<std::uint64_t> rows_loaded{0};
};

// Why rows stopped flowing.
enum class Flowed {
  barrier,  // an epoch is due
  end,      // of the input
  drained   // as was asked for; there may be more to read
};

// Threads: interrupt(), drain() and progress() [any]; the others [main].
class Execution {
 public:
  // Goes on where `from` stands.
  explicit Execution(Plan& plan, Standing from = {});
  ~Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  // Opens the writers; then what can't be written is known before a row is read.
  base::Result<void> open();
  // Why the run is one epoch, after open(); none: it may be many.
  std::optional<OneEpoch> one_epoch() const;
  // Lets rows flow to the writers, up to a barrier. After the last one flow() is not called again.
  base::Result<Flowed> flow();
  // Makes flow() return soon, with CANCELLED: blocked plugin calls are cancelled too. [any]
  void interrupt();
  // Makes flow() return when what has been read is with the writers; nothing more is. A run of one epoch is interrupted.
  // [any]
  void drain();

  // After flow(): ends the epoch in each writer, and tells what it came to. Then the decision of an atomic loader.
  base::Result<Cut> cut(std::uint64_t epoch, bool last);
  base::Result<void> commit(std::uint64_t epoch);
  // Whether rows were written since the last cut.
  bool open_epoch() const;
  // Tells readers what is committed.
  base::Result<void> acknowledge(const Standing& committed);
  // Stops what still runs; discards everything that was not prepared, or not committed by an atomic writer.
  void close_writers();

  // After flow().
  integrity::Ledger ledger() const;
  const Progress& progress() const;
  // Bytes read from the world so far. [any]
  std::uint64_t bytes_read() const;
  // Where its time went, after close_writers().
  events::RunTimed spent() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::run
