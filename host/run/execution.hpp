// Execution: a plan, running. Boost.Asio coroutines orchestrate: one a chain, one for the loads; a pool of threads does
// the CPU's work, another holds calls that may block. All state that they share is the Schedule, behind one lock that is
// taken a few times a piece, never a row.
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

// Threads: execute() [main]; interrupt() [any].
class Execution {
 public:
  explicit Execution(Plan& plan);
  ~Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  // Opens the writers; then what can't be written is known before a row is read.
  base::Result<void> open();
  // Reads, transforms and writes everything; at its end all rows are with the writers, nothing is prepared.
  base::Result<void> execute();
  // Makes execute() return soon, with CANCELLED: blocked plugin calls are cancelled too. [any]
  void interrupt();

  // After execute(): ends the epoch in each writer, and tells what it prepared. Then the decision of an atomic loader.
  base::Result<Committables> prepare(std::uint64_t epoch);
  base::Result<void> commit(std::uint64_t epoch);
  // Discards everything that was not prepared, or not committed by an atomic writer.
  void close_writers();

  integrity::Ledger ledger() const;
  const Progress& progress() const;
  // Bytes read from the world so far. [any]
  std::uint64_t bytes_read() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::run
