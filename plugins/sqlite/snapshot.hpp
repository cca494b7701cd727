// Snapshot: connections to one database whose read transactions all show the same state of it, whatever others write
// meanwhile, so that several readers can read parts of a table side by side and no row is missing, or twice, between them.
//
// 1. With a rollback journal the first transaction's lock keeps writers from committing, so those begun after it see the same.
// 2. With a write-ahead log others may commit in between. A connection that watches tells (PRAGMA data_version); then all are
//    begun anew. SQLite's own snapshots would do without, but few libraries are built with them, Debian's is not.
#pragma once

#include <weir/weir.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "database.hpp"

namespace weir::sqlite {

// Threads: seat() [any].
class Snapshot {
 public:
  // Connects `connections` times. More than one: begins a transaction in each; one: each statement is a snapshot by itself.
  // One is left where not all can be made to see one state: others commit all the time, or the log's index is read-only.
  Snapshot(const Context& context, const std::string& path, std::size_t connections);
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot() = default;

  std::size_t connections() const { return places_.size(); }
  // Ends the transactions, though readers may still have their seats: others can write from now on. Precondition: no reader is
  // within a turn that it does not end.
  void let_go() noexcept;

 private:
  friend class Seat;
  struct Place {
    Place(const Context& context, const std::string& path) : database(context, path, Access::read) {}
    Database database;
    std::mutex turn;
    std::atomic<std::size_t> seats{0};
  };
  bool begin_together(const Context& context, const std::string& path);
  bool try_begin_all(Statement& version);

  std::vector<std::unique_ptr<Place>> places_;
};

// A reader's share of a snapshot: one of its connections, which it may have to take turns at. Threads: one caller at a time,
// but cancel().
class Seat {
 public:
  Seat(const Context& context, std::shared_ptr<Snapshot> snapshot);
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  ~Seat() { --place_->seats; }

  // Waits for the turn, which lasts as long as what is given. Nothing that may wait for another reader comes within it.
  [[nodiscard]] std::unique_lock<std::mutex> take_turn();
  // Whether the snapshot has no other connection: then nobody else reads by it.
  bool alone() const { return snapshot_->connections() == 1; }
  Database& database() { return place_->database; }
  const Database& database() const { return place_->database; }
  // Ends what this reader runs, and all that it would run later. [any]
  void cancel() noexcept { cancelled_.store(true); }

 private:
  Context context_;
  std::shared_ptr<Snapshot> snapshot_;
  Snapshot::Place* place_;
  std::atomic<bool> cancelled_{false};
};

// Which run and link it is, and what it reads.
std::string owner_of(const Context& context);

// Holds the snapshot of what was planned from then on until all of its splits were read to their end, or it is planned anew.
// `whose` says which run and link. All [any].
namespace snapshots {
void keep(const Context& whose, std::shared_ptr<Snapshot> snapshot, std::vector<std::string> splits);
// That of a split which is about to be read; null: none is held.
std::shared_ptr<Snapshot> find(const Context& whose, std::string_view split);
void read_to_end(const Context& whose, std::string_view split);
void forget(const Context& whose);
}  // namespace snapshots

}  // namespace weir::sqlite
